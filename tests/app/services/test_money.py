"""Money: who decides how much, what is refused and in which words, and what a line holds at every moment."""

import datetime as dt

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.db.funding import BudgetLine, FundingRequest, ImprestFund, Payment
from app.db.people import Body
from app.db.users import Kinship, RoleGrant, User
from app.jobs.funding import expire_reservations
from app.services import clock, corrections
from app.services.actor import SYSTEM
from app.services.errors import Conflict, Forbidden, Invalid, Refusal
from tests.app.services.money import (
    LINE,
    allow,
    ask,
    asked_of,
    document,
    ensure_sound,
    leave,
    ledger,
    line,
    payments,
    request,
    set_fact,
)
from tests.app.services.staging import one, rows, write

GRANT = {"decision_financement": "accorder", "montant_accorde": 2_000_000}


@pytest.fixture
def case(stage_sqlite):
    """The State's share is about to be asked for."""
    return stage_sqlite("preparer_demande")


def sentence(refused) -> str:
    """What the person reads, beside the field or above the page."""
    error: Refusal = refused.value
    if not isinstance(error, Invalid):
        return error.sentence()
    told = [text for texts in error.errors.values() for text in (texts if isinstance(texts, list) else [texts])]
    return " ".join(str(getattr(text, "text", text)) for text in told)


# ------------------------------------------------------------------ level of decision
LEVELS = [
    (250_001, "chef_departement"),
    (500_000, "chef_departement"),
    (500_001, "delegue_general"),
    (5_000_000, "delegue_general"),
    (5_000_001, "secretaire_general"),
    (25_000_000, "secretaire_general"),
    (25_000_001, "ministre"),
]


@pytest.mark.parametrize(("amount", "role"), LEVELS)
def test_the_amount_decides_who_decides(case, amount, role):
    """Worked boundary values of the ministry (funding §4)."""
    ask(case, amount)
    assert case.fact("niveau")["niveau"] == role
    while "decider_financement" not in case.open_steps():
        case.do("donner_avis", case.user(adviser(case)), avis="favorable", texte_avis="Famille sans moyens.")
    assert case.task("decider_financement").role == role


def adviser(case) -> str:
    return {"chef_poste": "U-13", "secretaire_general": "U-49", "delegue_general": "U-39"}[case.task("donner_avis").role]


@pytest.mark.parametrize(("amount", "role"), [(250_000, "chef_poste"), (250_001, "chef_departement")])
def test_a_small_urgent_aid_is_paid_from_the_imprest_of_the_post(case, amount, role):
    write(update(ImprestFund).where(ImprestFund.post_code == "LBV").values(balance=300_000))
    set_fact(case, "priorite", '"P2"')
    more = {"nature_depense": "transport", "urgence_motif": "Limite de la morgue.", "accord_oral": False}
    ask(case, amount, **more)
    assert case.fact("niveau")["niveau"] == role


def test_without_cash_in_hand_the_imprest_does_not_apply(case):
    write(update(ImprestFund).where(ImprestFund.post_code == "LBV").values(balance=249_999))
    set_fact(case, "priorite", '"P2"')
    ask(case, 250_000, nature_depense="transport", urgence_motif="Limite de la morgue.", accord_oral=False)
    assert case.fact("niveau")["niveau"] == "chef_departement"


@pytest.mark.parametrize(("earlier", "role"), [(400_000, "chef_departement"), (400_001, "delegue_general")])
def test_what_the_beneficiary_had_before_counts(case, earlier, role):
    """The limit is tested on the cumul, to stop splitting."""
    had(case, earlier)
    ask(case, 100_000)
    assert case.fact("deja_accorde_cumul") == earlier
    assert case.fact("niveau")["niveau"] == role


def had(case, amount: int, beneficiary: str = "P-0014") -> None:
    """Another case of the beneficiary was granted an amount on the same line this year."""
    values = {"code": f"DF-{amount}", "case_id": case.case_id, "line_id": line().id, "nature": "transport", "state": "solde"}
    values |= {"asked": amount, "granted": amount, "beneficiary_code": beneficiary, "requested_at": case.now, "engine_scope": ""}
    zeros = {"cumulated", "reserved", "committed", "decommitted", "liquidated", "ordered", "paid", "returned"}
    write(insert(FundingRequest).values(**values, purpose="", collective=False, **dict.fromkeys(zeros, 0)))


# ------------------------------------------------------------------ the life of an amount
def test_an_amount_goes_from_asked_to_paid_and_the_line_holds_it_once(stage):
    case = stage("preparer_demande")
    before = line().used
    ask(case, 2_000_000)
    assert (line().used, asked_of(case).state) == (before + 2_000_000, "reserve")
    case.rest = [entry for entry in case.rest if entry.get("do") != "preparer_demande"]
    case.until("engager")
    assert (line().used, asked_of(case).state, asked_of(case).granted) == (before + 2_000_000, "accorde", 2_000_000)
    case.until("attendre_visa")
    assert (line().used, asked_of(case).state, asked_of(case).reserved) == (before + 2_000_000, "engage", 0)
    ensure_sound()
    case.until("proposer_cloture")
    paid = asked_of(case)
    assert (paid.liquidated, paid.ordered, paid.paid, paid.state) == (2_000_000, 2_000_000, 2_000_000, "solde")
    assert line().used == before + 2_000_000, "a payment changes nothing in what is available"
    assert ledger(case) == [("reserve", 2_000_000, ""), ("release", -2_000_000, "engagement"), ("commit", 2_000_000, "")]
    ensure_sound()


def test_less_than_asked_returns_the_rest_the_same_day(case):
    before = line().used
    ask(case, 2_000_000)
    case.rest = [entry for entry in case.rest if entry.get("do") != "preparer_demande"]
    case.until("decider_financement")
    case.do("decider_financement", "U-39", decision_financement="accorder_partiel", montant_accorde=1_500_000, motif_decision="Barème.")
    case.do("accepter_partiel", case.somebody(case.task("accepter_partiel").role, case.task("accepter_partiel")), accepte=True)
    case.do("engager", "U-44", **case.answers("engager"))
    assert line().used == before + 1_500_000
    ensure_sound()


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"decision_financement": "refuser", "motif_decision": "Un autre financeur paie."}, "refuse"),
        ({"decision_financement": "renvoyer", "motif_decision": "Devis illisible."}, "renvoye"),
    ],
)
def test_a_refusal_gives_the_credit_back(stage_sqlite, answers, state):
    case = stage_sqlite("decider_financement")
    held = line().used
    case.do("decider_financement", "U-39", **answers)
    assert line().used == held - 2_000_000
    assert (asked_of(case).reserved, asked_of(case).state) == (0, state)
    ensure_sound()


def test_a_withdrawal_gives_the_credit_back(stage_sqlite):
    case = stage_sqlite("decider_financement")
    held = line().used
    case.line({"message": "MSG_RETRAIT", "key_fact": "numero", "with": {"motif_retrait": "renonciation"}})
    assert line().used == held - 2_000_000
    assert asked_of(case).state == "annule"
    ensure_sound()


def at_the_treasury(stage_sqlite):
    """The order went to the Treasury in Bamako, which will answer."""
    case = stage_sqlite("ordonnancer")
    set_fact(case, "paiement_au_poste", "false", case.scope_of("ordonnancer"))
    case.do("ordonnancer", "U-46", **signed(case))
    assert case.awaited() == ["attendre_paiement"]
    return case


def rejected(case) -> None:
    case.line({"message": "MSG_PAIEMENT_REJETE", "key_fact": "mandat_id", "with": {"motif_rejet": "rib"}})


def test_a_rejected_order_is_corrected_and_paid(stage_sqlite):
    case = at_the_treasury(stage_sqlite)
    used, number = line().used, payments()[0].order_number
    rejected(case)
    correction = {"motif_rejet_mandat": "rib", "correction_mandat": "Nouveau relevé d’identité bancaire."}
    case.do("corriger_mandat", case.somebody("agent_finance", None), resultat_corriger_mandat="corrige", **correction)
    case.line({"message": "MSG_PAYE", "key_fact": "mandat_id", "with": {"date_paiement": str(case.now.date()), "ref_paiement": "T-1"}})
    assert (payments()[0].order_number, payments()[0].paid, payments()[0].state) == (number, 2_000_000, "paye")
    assert line().used == used
    ensure_sound()


def test_an_order_that_is_given_up_is_undone_and_the_commitment_stays(stage_sqlite):
    case = at_the_treasury(stage_sqlite)
    used = line().used
    rejected(case)
    given_up = {"motif_rejet_mandat": "prescription", "correction_mandat": "Aucune."}
    case.do("corriger_mandat", case.somebody("agent_finance", None), resultat_corriger_mandat="abandonne", **given_up)
    undone = asked_of(case)
    assert (undone.committed, undone.liquidated, undone.ordered, undone.paid) == (2_000_000, 0, 0, 0)
    assert (payments()[0].order_number, payments()[0].state) == (None, "rejete")
    assert line().used == used
    ensure_sound()


# ------------------------------------------------------------------ reservations end
@pytest.mark.parametrize(("priority", "days"), [("P3", 45), ("P1", 15)])
def test_a_reservation_ends(stage, priority, days):
    case = stage("preparer_demande")
    free = line().used
    if priority == "P1":
        set_fact(case, "priorite", '"P1"')
        ask(case, 2_000_000, urgence_motif="Limite de la morgue.", accord_oral=False)
    else:
        ask(case, 2_000_000)
    end = case.now + dt.timedelta(days=days)
    assert asked_of(case).reserved_until == end
    with clock.at(end - dt.timedelta(seconds=1)):
        expire_reservations()
    assert line().used == free + 2_000_000
    with clock.at(end):
        expire_reservations()
        expire_reservations()
    assert (line().used, asked_of(case).state, asked_of(case).reserved) == (free, "expire", 0)
    assert ledger(case)[-1] == ("release", -2_000_000, "expiration")
    assert case.entry("funding.expired")["actor"] == "SYSTEM"
    assert {note.recipient_role for note in case.told("reservation_expired")} == {"gestionnaire_dgme", "agent_finance"}
    assert "donner_avis" in case.open_steps() or "accord_telephonique" in case.open_steps(), "the procedure stays where it was"
    ensure_sound()


def test_after_a_reservation_has_ended_the_decision_finds_the_credit_again(stage_sqlite):
    case = stage_sqlite("decider_financement")
    held = line().used
    end(case)
    assert line().used == held - 2_000_000
    case.do("decider_financement", "U-39", **GRANT)
    assert (line().used, asked_of(case).state, asked_of(case).reserved) == (held, "accorde", 2_000_000)
    assert ledger(case)[-1] == ("reserve", 2_000_000, "renouvellement")
    ensure_sound()


def test_after_a_reservation_has_ended_there_may_be_no_credit_left(stage_sqlite):
    case = stage_sqlite("decider_financement")
    end(case)
    leave(1_999_999)
    with pytest.raises(Invalid) as refused:
        case.do("decider_financement", "U-39", **GRANT)
    assert "Crédit insuffisant : disponible 1\u202f999\u202f999 FCFA." in sentence(refused)
    assert asked_of(case).granted == 0
    ensure_sound()


def test_what_was_granted_does_not_end(stage_sqlite):
    case = stage_sqlite("engager")
    held = line().used
    end(case)
    assert (line().used, asked_of(case).state) == (held, "accorde")


def end(case) -> None:
    with clock.at(asked_of(case).reserved_until):
        expire_reservations()


# ------------------------------------------------------------------ hard stops
@pytest.mark.parametrize("line_now", [{"state": "cloture"}, {"last_commitment_on": dt.date(2026, 2, 11)}, {"natures": ["transport"]}])
def test_h1_a_line_that_cannot_be_used(case, line_now):
    write(update(BudgetLine).where(BudgetLine.code == LINE, BudgetLine.year == 2026).values(**line_now))
    with pytest.raises(Invalid) as refused:
        ask(case, 2_000_000)
    assert set(refused.value.errors) & {"ligne", "nature_depense"}
    assert "ligne" in sentence(refused).lower()
    assert rows(select(FundingRequest)) == []


def test_h1_a_line_of_other_types_of_cases(case):
    with pytest.raises(Invalid) as refused:
        ask(case, 2_000_000, ligne="PROT-RAP")
    assert "Ligne non utilisable pour ce dossier." in sentence(refused)


def test_h2_without_credit_nothing_is_reserved_and_finance_looks_for_a_way(case):
    leave(1_999_999)
    held = line().used
    ask(case, 2_000_000)
    assert case.fact("motif_controle") == "insuffisant"
    assert rows(select(FundingRequest)) == []
    assert line().used == held
    assert (case.task("traiter_insuffisance").role, case.task("traiter_insuffisance").post_code) == ("agent_finance", "CENTRAL")


def test_h2_the_last_franc_may_be_reserved(case):
    leave(2_000_000)
    ask(case, 2_000_000)
    assert line().available == 0
    ensure_sound()


def test_h2_a_line_that_is_only_tracked_warns_and_does_not_block(case):
    write(update(BudgetLine).where(BudgetLine.code == LINE, BudgetLine.year == 2026).values(tracked_only=True, opened=0))
    ask(case, 2_000_000)
    assert asked_of(case).state == "reserve"


def test_h2_not_more_than_was_asked_is_granted(stage_sqlite):
    case = stage_sqlite("decider_financement")
    with pytest.raises(Invalid) as refused:
        case.do("decider_financement", "U-39", decision_financement="accorder", montant_accorde=2_000_001)
    assert "montant_accorde" in refused.value.errors


def test_h3_a_delegate_decides_within_the_own_limit(stage_sqlite):
    """The delegate general has delegated two millions to a head of department."""
    case = stage_sqlite("decider_financement")
    delegate(2_000_000)
    case.do("decider_financement", "U-36", **GRANT)
    entry = case.entry("task.completed")
    assert (entry["actor"], entry["role"], entry["behind"]) == ("U-36", "delegue_general", case.user("U-39").id)


def test_h3_a_delegate_does_not_decide_beyond_it(stage_sqlite):
    case = stage_sqlite("decider_financement")
    delegate(1_999_999)
    with pytest.raises(Forbidden) as refused:
        case.do("decider_financement", "U-36", **GRANT)
    assert sentence(refused).startswith("Décision de niveau supérieur requise : votre limite est de 1\u202f999\u202f999 FCFA")
    case.do("decider_financement", "U-36", decision_financement="refuser", motif_decision="Un autre financeur paie.")


def test_h3_what_the_beneficiary_was_granted_meanwhile_counts(stage_sqlite):
    """Two requests for one family wait at once: the second one decided goes to the next level."""
    case = stage_sqlite("decider_financement")
    had(case, 3_000_001)
    with pytest.raises(Forbidden) as refused:
        case.do("decider_financement", "U-39", **GRANT)
    assert "le cumul est de 5\u202f000\u202f001 FCFA" in sentence(refused)


def delegate(ceiling: int) -> None:
    """A delegation that holds on the day of the decision."""
    write(
        update(RoleGrant)
        .where(RoleGrant.role == "delegue_general", RoleGrant.on_behalf_of_id.is_not(None))
        .values(starts_on=dt.date(2026, 1, 1), ceiling=ceiling)
    )


def test_h4_who_asked_does_not_decide(stage_sqlite):
    """Whatever role is held by then: the person counts."""
    case = stage_sqlite("decider_financement")
    promote("U-14")
    with pytest.raises(Forbidden, match="Séparation des fonctions"):
        case.do("decider_financement", "U-14", **GRANT)


def test_h4_a_relative_of_who_asked_does_not_decide(stage_sqlite):
    case = stage_sqlite("decider_financement")
    relate("U-39", "U-14")
    with pytest.raises(Forbidden, match="votre parent déclaré"):
        case.do("decider_financement", "U-39", **GRANT)


def test_h4_a_tie_counts_whoever_declared_it(stage_sqlite):
    case = stage_sqlite("decider_financement")
    relate("U-14", "U-39")
    with pytest.raises(Forbidden, match="votre parent déclaré"):
        case.do("decider_financement", "U-39", **GRANT)


def test_h4_a_delegate_of_who_asked_does_not_decide(stage_sqlite):
    case = stage_sqlite("decider_financement")
    promote("U-36", behind="U-14")
    with pytest.raises(Forbidden, match="Séparation des fonctions"):
        case.do("decider_financement", "U-36", **GRANT)


def promote(code: str, role: str = "delegue_general", behind: str | None = None) -> None:
    user = one(select(User).where(User.code == code)).id
    other = one(select(User).where(User.code == behind)).id if behind else None
    write(
        delete(RoleGrant).where(RoleGrant.user_id == user, RoleGrant.role == role),
        insert(RoleGrant).values(
            user_id=user, role=role, posts=[], countries=[], case_types=[], priorities=[], deed="", on_behalf_of_id=other, ceiling=None
        ),
    )


def relate(one_code: str, other_code: str) -> None:
    first, second = (one(select(User).where(User.code == code)).id for code in (one_code, other_code))
    write(insert(Kinship).values(user_id=first, relative_id=second, tie="cousin"))


def test_h5_evidence_is_compulsory(case):
    with pytest.raises(Invalid) as refused:
        ask(case, 2_000_000, devis=[])
    assert set(refused.value.errors) & {"devis", "justification_devis_unique"}


def test_h5_three_quotes_or_a_reason(case):
    quote = document(case, "devis.pdf")
    with pytest.raises(Invalid) as refused:
        ask(case, 1_000_000, devis=[quote])
    assert "justification_devis_unique" in refused.value.errors
    ask(case, 999_999, devis=[quote])


def test_h6_one_invoice_is_liquidated_once(stage_sqlite):
    case = stage_sqlite("liquider")
    invoice = case.answers("liquider")["n_facture"]
    paid_before(case, invoice)
    with pytest.raises(Invalid) as refused:
        case.do("liquider", "U-45", n_facture=invoice, montant_liquide=2_000_000)
    assert sentence(refused) == "Double paiement : cette facture de ce fournisseur est déjà liquidée."
    case.do("liquider", "U-45", n_facture=f"{invoice}-bis", montant_liquide=2_000_000)
    ensure_sound()


def paid_before(case, invoice: str) -> None:
    values = {"code": "PM-2026-99999", "request_id": asked_of(case).id, "payee_code": "F-003", "invoice": invoice, "state": "paye"}
    write(insert(Payment).values(**values, instalment=9, certified=1, liquidated=1, withheld=0, paid=0, returned=0))


@pytest.mark.parametrize(
    "account",
    [
        {"account_validated_at": None},
        {"account_changed_at": dt.datetime(2026, 2, 11, tzinfo=dt.UTC)},
        {"account_changed_at": dt.datetime(2026, 3, 20, tzinfo=dt.UTC), "account_validated_at": dt.datetime(2026, 3, 10, tzinfo=dt.UTC)},
        {"active": False},
    ],
)
def test_h7_a_payee_whose_account_nobody_has_validated_since(case, account):
    write(update(Body).where(Body.code == "F-003").values(account_validated_at=dt.datetime(2026, 1, 5, tzinfo=dt.UTC)))
    write(update(Body).where(Body.code == "F-003").values(**account))
    with pytest.raises(Invalid) as refused:
        ask(case, 2_000_000)
    assert list(refused.value.errors) == ["beneficiaire_paiement"]
    assert "coordonnées de paiement" in sentence(refused)


def test_s2_who_changed_an_account_does_not_validate_it(case):
    me = one(select(User).where(User.code == "U-44")).id
    times = {"account_changed_at": dt.datetime(2026, 1, 5, tzinfo=dt.UTC), "account_validated_at": dt.datetime(2026, 1, 6, tzinfo=dt.UTC)}
    write(update(Body).where(Body.code == "F-003").values(**times, account_changed_by_id=me, account_validated_by_id=me))
    with pytest.raises(Invalid) as refused:
        ask(case, 2_000_000)
    assert "coordonnées de paiement" in sentence(refused)


def test_h13_the_state_pays_only_what_nobody_else_pays(case):
    """What the scale gives after insurance, employer and family (fact `montant` of the procedure) is the most."""
    allow(case, 1_400_000)
    with pytest.raises(Invalid) as refused:
        case.do("preparer_demande", "U-14", **request(case, 1_400_001))
    assert sentence(refused) == "Le barème donne 1\u202f400\u202f000 FCFA au plus pour ce dossier."


def test_nothing_is_ordered_while_payments_are_frozen(stage_sqlite):
    case = stage_sqlite("ordonnancer")
    with case.at(case.now):
        corrections.correct(SYSTEM, case.case_id, {"gel_paiements": ["fraude"]}, "signalement")
    answers = signed(case)
    with pytest.raises(Forbidden, match="Paiements gelés sur ce dossier : fraude"):
        case.do("ordonnancer", "U-46", **answers)
    with case.at(case.now):
        corrections.correct(SYSTEM, case.case_id, {"gel_paiements": []}, "levé")
    case.do("ordonnancer", "U-46", **answers)
    assert payments()[0].order_number


def signed(case) -> dict:
    answers = case.answers("ordonnancer")
    answers["signature_mandat"]["feuille"] = document(case, "mandat.pdf")
    return answers


@pytest.mark.parametrize(("step", "by"), [("certifier_service_fait", "U-39"), ("certifier_service_fait", "U-14")])
def test_s1_who_asked_or_decided_does_not_certify(stage_sqlite, step, by):
    case = stage_sqlite(step)
    promote(by, case.task(step).role)
    grant_post(by)
    with pytest.raises(Forbidden, match="Séparation des fonctions"):
        case.do(step, by, service_conforme=True, montant_constate=2_000_000, pv_ou_facture=document(case, "pv.pdf"))


def grant_post(code: str) -> None:
    user = one(select(User).where(User.code == code)).id
    write(update(RoleGrant).where(RoleGrant.user_id == user).values(posts=["LBV"]))


def test_s1_who_certified_does_not_liquidate_nor_order_nor_pay(stage_sqlite):
    case = stage_sqlite("liquider")
    promote("U-13", "agent_finance")
    with pytest.raises(Forbidden, match="Séparation des fonctions"):
        case.do("liquider", "U-13", n_facture="F-1", montant_liquide=2_000_000)
    case.until("ordonnancer")
    promote("U-45", "directeur_dfm")
    answers = signed(case)
    with pytest.raises(Forbidden, match="Séparation des fonctions"):
        case.do("ordonnancer", "U-45", **answers)


def test_not_more_is_certified_than_is_committed(stage_sqlite):
    case = stage_sqlite("certifier_service_fait")
    with pytest.raises(Invalid) as refused:
        case.do("certifier_service_fait", "U-13", service_conforme=True, montant_constate=2_000_001, pv_ou_facture=document(case, "pv.pdf"))
    assert "montant_constate" in refused.value.errors


def test_cash_is_paid_up_to_a_limit(stage_sqlite):
    case = stage_sqlite("payer_localement")
    with pytest.raises(Invalid) as refused:
        case.do("payer_localement", "U-15", mode_paiement="especes", emargement=document(case, "liste.pdf", "U-15", "payer_localement"))
    assert sentence(refused) == "En espèces, 100\u202f000 FCFA au plus par personne."


# ------------------------------------------------------------------ what the database refuses by itself
@pytest.mark.parametrize(
    ("table", "values"),
    [
        (FundingRequest, {"granted": 2_000_001}),
        (FundingRequest, {"committed": 2_000_001}),
        (FundingRequest, {"liquidated": 2_000_001}),
        (FundingRequest, {"decommitted": 1}),
        (FundingRequest, {"ordered": 2_000_001}),
        (FundingRequest, {"paid": 2_000_001}),
        (FundingRequest, {"returned": 2_000_001}),
        (FundingRequest, {"reserved": -1}),
        (FundingRequest, {"asked": 0}),
        (FundingRequest, {"approver_id": FundingRequest.requester_id}),
        (FundingRequest, {"certifier_id": FundingRequest.requester_id}),
        (FundingRequest, {"certifier_id": FundingRequest.approver_id}),
        (BudgetLine, {"used": BudgetLine.opened + 1}),
        (BudgetLine, {"used": -1}),
        (Payment, {"paid": 2_000_001}),
        (Payment, {"accountant_id": Payment.orderer_id}),
        (ImprestFund, {"balance": -1}),
    ],
)
def test_the_database_refuses_by_itself(stage, table, values):
    """Whoever writes, by whatever program: an amount that grows along the chain, one person on two sides, a line below zero."""
    case = stage("confirmer_reception")
    where = {
        FundingRequest: FundingRequest.case_id == case.case_id,
        BudgetLine: BudgetLine.id == asked_of(case).line_id,
        Payment: Payment.request_id == asked_of(case).id,
        ImprestFund: ImprestFund.post_code == "LBV",
    }
    with pytest.raises(IntegrityError):
        write(update(table).where(where[table]).values(values))
    ensure_sound()


def test_a_number_of_a_commitment_is_used_once(stage_sqlite):
    case = stage_sqlite("engager")
    had(case, 1)
    write(update(FundingRequest).where(FundingRequest.code == "DF-1").values(commitment_number="FIC-E-2026-001"))
    with pytest.raises(Invalid, match="1 point") as refused:
        case.do("engager", "U-44", **case.answers("engager"))
    assert sentence(refused) == "Ce numéro d’engagement existe déjà."


def test_a_commitment_that_no_longer_fits_is_refused_whole(stage_sqlite):
    """The reservation was taken back behind the back of the case."""
    case = stage_sqlite("engager")
    held = line()
    write(
        update(FundingRequest).where(FundingRequest.case_id == case.case_id).values(reserved=0),
        update(BudgetLine).where(BudgetLine.id == held.id).values(opened=held.used),
    )
    with pytest.raises(Conflict, match="Crédit insuffisant"):
        case.do("engager", "U-44", **case.answers("engager"))
    assert asked_of(case).committed == 0
