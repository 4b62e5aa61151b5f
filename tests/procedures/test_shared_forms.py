"""What the forms of the shared processes ask, hide and refuse, where the process depends on it."""

import datetime as dt

import pytest

from tests.procedures.shared import BEGIN, SHARED, central, settings
from workflows.feel import Host
from workflows.forms import FormDefinition

HOST = Host(central(), now=lambda: BEGIN)
REQUEST = {
    "ligne": "PROT-SOC",
    "nature_depense": "aide_directe",
    "objet_depense": "Dossier COR-1",
    "montant_demande": 900000,
    "beneficiaire_aide": "P-1",
    "beneficiaire_paiement": "F-1",
    "base_calcul": [{"libelle": "Cercueil", "quantite": 1, "pu": 900000, "total": 900000}],
    "autres_financeurs": [{"financeur": "aucun", "statut": "non_sollicite"}],
    "declaration_interet": True,
}
PROPOSED = dict.fromkeys(("montant", "ligne_proposee", "nature_proposee", "objet_propose", "beneficiaire_propose"))
LINE = {"types_eligibles": ["COR"], "natures_eligibles": ["aide_directe"]}


def answered(form: str, raw: dict, **facts):
    """The paths that are refused, and the hidden questions."""
    known = {"reglages": settings(), "type_dossier": "COR", "priorite": "P3", "operation": None, **facts}
    read = FormDefinition.read((SHARED / f"{form}.form").read_bytes())
    checked = read.validate(raw, known, HOST, BEGIN, resolve=lambda kind, code: {"code": code, **(LINE if "line" in kind else {})})
    return set(checked.errors), checked.hidden


@pytest.mark.parametrize(
    ("form", "raw", "facts", "refused"),
    [
        ("F1", REQUEST, PROPOSED, set()),
        ("F1", {**REQUEST, "montant_demande": 800000}, PROPOSED, {"montant_demande"}),
        ("F1", {**REQUEST, "nature_depense": "soins"}, PROPOSED, {"nature_depense"}),
        ("F1", REQUEST, {**PROPOSED, "priorite": "P1"}, {"urgence_motif", "accord_oral"}),
        ("F1", {**REQUEST, "urgence_motif": "Morgue pleine", "accord_oral": "true"}, {**PROPOSED, "priorite": "P1"}, set()),
        ("F3", {"decision_financement": "renvoyer", "motif_decision": "À revoir"}, {"renvois": 1, "montant_demande": 5}, set()),
        ("F3", {"decision_financement": "renvoyer", "motif_decision": "À revoir"}, {"renvois": 2}, {"decision_financement"}),
        ("F3", {"decision_financement": "differer", "motif_decision": "Ligne fermée"}, {"renvois": None}, {"date_reexamen"}),
        (
            "F3",
            {"decision_financement": "accorder", "montant_accorde": 7},
            {"renvois": None, "montant_demande": 5, "disponible": 9},
            {"montant_accorde"},
        ),
        ("FAM-A", {"proche_trouve": "false"}, {}, set()),
        ("FAM-A", {"proche_trouve": "true"}, {}, {"proche", "lien_proche", "langue_annonce"}),
        ("FAM-B", {"date_annonce": "2026-02-09T06:00:00Z", "mode_annonce": "appel", "famille_jointe": "false"}, {}, set()),
        (
            "FAM-B",
            {"date_annonce": "2026-02-09T06:00:00Z", "mode_annonce": "appel", "famille_jointe": "true"},
            {},
            {"compris", "porte_parole"},
        ),
        (
            "FAM-B",
            {"date_annonce": "2026-02-10T06:00:00Z", "mode_annonce": "sms", "famille_jointe": "false"},
            {},
            {"date_annonce", "mode_annonce"},
        ),
        (
            "DOC-I",
            {"suite_incomplet": "dispense", "motif_suite": "x"},
            {"piece_comptable": True, "prolongations": None},
            {"suite_incomplet"},
        ),
        ("DOC-I", {"suite_incomplet": "prolonger", "motif_suite": "x"}, {"piece_comptable": None, "prolongations": None}, set()),
        ("DOC-I", {"suite_incomplet": "prolonger", "motif_suite": "x"}, {"piece_comptable": None, "prolongations": 1}, {"suite_incomplet"}),
        ("EXT-B", {"suite_sans_reponse": "relancer", "motif_sans_reponse": "x"}, {}, {"nouvelle_date_limite"}),
        ("EXT-B", {"suite_sans_reponse": "continuer", "motif_sans_reponse": "x"}, {}, set()),
        ("CLO-A", {"motif_issue": "x"}, {"liste_controle_ok": False, "issues_du_type": []}, {"issue", "derogation_motif"}),
        ("orienter_recours", {"effet_suspensif": "false"}, {"recours_tardif": False}, set()),
        ("orienter_recours", {"effet_suspensif": "false"}, {"recours_tardif": True}, {"releve_forclusion"}),
        ("NAT-A", {"source_preuve": "aucune"}, {}, set()),
        ("NAT-A", {"source_preuve": "cic"}, {}, {"numero_piece", "preuve_verifiee", "preuve_copie"}),
    ],
)
def test_what_is_refused(form, raw, facts, refused):
    assert answered(form, raw, **facts)[0] == refused


@pytest.mark.parametrize(
    ("currency", "amount", "rate", "asked", "refused"),
    [
        ("USD", "1000", "600.5", 618_515, set()),  # 600 500 and 3 %
        ("USD", "1000", "600.5", 618_516, {"devise_origine"}),
        ("USD", "0.5", "101", 53, set()),  # 50.5, half up 51; 52.53 with the margin, half up 53
        ("USD", "0.5", "101", 54, {"devise_origine"}),
        ("EUR", "1000", "655.957", 655_957, set()),
        ("EUR", "1000", "655.957", 655_958, {"devise_origine"}),
    ],
)
def test_a_foreign_amount_is_asked_for_at_the_rate_of_the_day_and_three_per_cent(currency, amount, rate, asked, refused):
    given = {**REQUEST, "montant_demande": asked, "base_calcul": [{"libelle": "Vol", "quantite": 1, "pu": asked, "total": asked}]}
    given["devise_origine"] = {"montant": amount, "devise": currency, "taux": rate, "date_taux": "2026-02-09"}
    assert answered("F1", given, **PROPOSED)[0] == refused


def test_an_oral_agreement_above_one_million_is_refused():
    big = {**REQUEST, "montant_demande": 1100000, "base_calcul": [{"libelle": "Vol", "quantite": 1, "pu": 1100000, "total": 1100000}]}
    refused, _ = answered("F1", {**big, "urgence_motif": "x", "accord_oral": "true"}, **PROPOSED, priorite="P2")
    assert refused == {"accord_oral"}


def test_the_header_asks_who_reported_unless_nobody_did():
    given = {
        "poste_id": "ABJ",
        "pays_evenement": "CI",
        "date_fait": "2026-02",
        "date_signalement": dt.datetime(2026, 2, 9, 6, tzinfo=dt.UTC).isoformat(),
        "priorite": "P2",
        "confidentialite": "C3",
        "langue_contact": "fr",
    }
    assert answered("entete", {**given, "canal": "presse"}) == (set(), {"declarant", "lien_declarant"})
    assert answered("entete", {**given, "canal": "guichet"})[0] == {"declarant", "lien_declarant"}
    assert answered("entete", {**given, "canal": "presse", "date_fait": "2027"})[0] == {"date_fait"}
