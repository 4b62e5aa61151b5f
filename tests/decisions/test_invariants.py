"""What stays true for all data: ceilings, cumuls, sums, order. Missing data (None) belong to it."""

from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st

from .reading import BPMN, SHARED, decide, settings

COR = BPMN / "body-repatriation"
CHECK = how(max_examples=120, deadline=None, derandomize=True, database=None)
LEVELS = ["chef_poste", "chef_departement", "delegue_general", "secretaire_general", "ministre"]
TYPES = ["DET", "COR", "SIN", "PRJ", "RET", "DEG", "DIS", "DOC", "LOG", "TOK", "SEN", "EVT", "AVI", "ANT"]
THIRD_PARTIES = ("assurance", "employeur", "autorite_hote", "auteur_responsable", "partenaire")

money = st.integers(0, 120_000_000)
small = st.integers(0, 6_000_000)
flag = st.sampled_from([True, False, None])


def maybe(strategy):
    return st.one_of(st.none(), strategy)


def one_of(*values):
    return st.sampled_from([*values, None])


def ask(folder, name, **facts):
    return decide(folder, name, facts)[0]


fund = st.fixed_dictionaries(
    {
        "operation": st.booleans(),
        "type_dossier": st.sampled_from(TYPES),
        "priorite": one_of("P1", "P2", "P3", "P4"),
        "regie_solde": maybe(small),
        "depenses_operations_mois": maybe(small),
        "apres_comite": flag,
    }
)


def level(facts, before, asked):
    return ask(SHARED, "fund_niveau", deja_accorde_cumul=before, montant_demande=asked, **facts)


def ceiling(who, collective, project):
    """The most that a level may decide, from the settings; none for the minister."""
    scope = "operation" if collective else "projet" if project else None
    if who == "ministre":
        return None
    if who == "chef_poste":
        return settings(SHARED)[f"fund_plafond_chef_poste{'_operations' if collective else ''}"]
    if scope and f"fund_plafond_{scope}_{who}" in settings(SHARED):
        return settings(SHARED)[f"fund_plafond_{scope}_{who}"]
    return settings(SHARED)[f"fund_plafond_{who}"]


@CHECK
@given(fund, money, money)
def test_the_level_never_falls_when_the_cumul_grows(facts, a, b):
    low, high = sorted((a, b))
    assert LEVELS.index(level(facts, 0, low)["niveau"]) <= LEVELS.index(level(facts, 0, high)["niveau"])


@CHECK
@given(fund, money, money)
def test_splitting_a_request_does_not_lower_the_level(facts, a, b):
    assert level(facts, a, b) == level(facts, 0, a + b)


@CHECK
@given(fund, money)
def test_nobody_decides_above_his_ceiling(facts, asked):
    got = level(facts, 0, asked)
    who, collective, project = got["niveau"], facts["operation"], facts["type_dossier"] == "PRJ"
    most = ceiling(who, collective, project)
    spent = facts["depenses_operations_mois"] if who == "chef_poste" and collective else asked
    assert most is None or spent <= max(most, ceiling(who, collective, False))
    if who == "chef_poste":
        assert got["sur_regie"]
        assert facts["regie_solde"] >= asked
        assert facts["priorite"] in ("P1", "P2")
    if project and facts["apres_comite"] is not True:
        assert who == "ministre"


@CHECK
@given(maybe(small), maybe(st.integers(-1_000_000, 6_000_000)), maybe(small))
def test_granted_is_at_most_asked_and_at_most_what_is_left(asked, available, held):
    most = ask(SHARED, "fund_montant_max", montant_demande=asked, disponible=available, reservation_active=held)
    assert 0 <= most <= (asked or 0)
    assert most <= max(0, (available or 0) + (held or 0))


funder = st.fixed_dictionaries(
    {
        "financeur": st.sampled_from([*THIRD_PARTIES, "association_caisse", "famille", "etat"]),
        "demande_le": st.none(),
        "reponse": st.sampled_from(["accord", "refus", "attente"]),
        "montant": small,
        "piece": st.none(),
    }
)
death = st.fixed_dictionaries(
    {
        "financeurs": maybe(st.lists(funder, max_size=4)),
        "attente_depassee": flag,
        "cout_total_estime": maybe(small),
        "cout_inhumation": maybe(small),
        "participation_famille": maybe(small),
        "revenu_famille": small,
        "biens_famille": st.booleans(),
        "charges_famille": st.integers(0, 8),
        "choix_famille": one_of("rapatriement", "inhumation_locale", "cremation", "indecis", "desaccord"),
        "decision_sans_famille": one_of("inhumation_locale", "attendre"),
        "cause_declaree": one_of("maladie", "noyade", "detention"),
        "lien_det": flag,
        "operation_naufrage": flag,
        "crise": flag,
        "mode_transport": one_of("air", "route"),
        "pays_zone": one_of("afrique", "europe", "autre"),
        "maladie_contagieuse": one_of("oui", "non", "inconnu"),
        "pays_interdit_transfert": flag,
        "certitude": one_of("certaine", "non_identifie"),
        "refus_famille": flag,
        "etat_corps_incompatible": flag,
        "frontiere_terrestre_km": one_of(10, 600, 601),
        "liaison_aerienne": flag,
    }
)


def given_by(funders, *who):
    return sum(f["montant"] for f in funders or [] if f["reponse"] == "accord" and f["financeur"] in who)


@CHECK
@given(death)
def test_the_state_pays_only_what_nobody_else_pays(d):
    got, rows = decide(COR, "cor_financement", d)
    part = got["part_etat"]
    cost = d["cout_inhumation"] if d["cout_inhumation"] is not None else d["cout_total_estime"]
    others = given_by(d["financeurs"], *THIRD_PARTIES, "association_caisse") + (d["participation_famille"] or 0)
    assert 0 <= part <= settings(SHARED)["cor_plafond_exception"]
    assert part <= (cost or 0)
    capped_on_cost = rows[0] in (4, 9)  # detention and local burial: the cap is on the cost
    if part and not capped_on_cost:
        assert part + others <= cost
    if got["provisoire"]:
        assert part == 0
    assert got["avis_cabinet"] == (rows == [4])


@CHECK
@given(death, st.booleans())
def test_the_transfer_file_has_each_piece_once(d, stillborn):
    got = ask(COR, "cor_pieces", mort_ne=stillborn, procedure_judiciaire="en_cours", exhumation=True, **d)
    assert len(got) == len(set(got))
    assert "mainlevee" in got
    assert ("acte_deces" in got) != stillborn
