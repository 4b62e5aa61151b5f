"""What is refused before money moves, each with its sentence (hard stops H1 to H13)."""

import datetime as dt

import pytest
from sqlalchemy import insert, select, update

from app.db.documents import Document
from app.db.facts import Fact
from app.db.funding import BudgetLine, FundingRequest, Payment
from app.db.people import Body
from app.db.users import RoleGrant
from app.services.errors import Forbidden, Invalid
from tests.app.services.money import (
    LINE,
    allow,
    ask,
    asked_of,
    document,
    ensure_sound,
    had,
    leave,
    line,
    request,
    sentence,
)
from tests.app.services.staging import one, rows, write

GRANT = {"decision_financement": "accorder", "montant_accorde": 2_000_000}


@pytest.fixture
def case(stage_sqlite):
    """The State's share is about to be asked for."""
    return stage_sqlite("preparer_demande")


@pytest.mark.parametrize("line_now", [{"state": "cloture"}, {"natures": ["transport"]}])
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
    write(update(BudgetLine).where(BudgetLine.code == LINE, BudgetLine.year == 2026).values(tracked_only=True, frozen=BudgetLine.opened))
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


def paid_before(case, invoice: str) -> None:
    had(case, 1)
    write(update(FundingRequest).where(FundingRequest.code == "DF-1").values(committed=1, liquidated=1))
    earlier = one(select(FundingRequest.id).where(FundingRequest.code == "DF-1"))
    values = {"code": "PM-2026-99999", "request_id": earlier, "payee_code": "F-003", "invoice": invoice, "state": "paye"}
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


def test_h13_the_state_pays_only_what_nobody_else_pays(case):
    """What the scale gives after insurance, employer and family (fact `montant` of the procedure) is the most."""
    allow(case, 1_400_000)
    with pytest.raises(Invalid) as refused:
        case.do("preparer_demande", "U-14", **request(case, 1_400_001))
    assert sentence(refused) == "Le barème donne 1\u202f400\u202f000 FCFA au plus pour ce dossier."


def split_before(case, times: int, amount: int = 900_000) -> None:
    """Earlier requests for the payee of this one, each below the amount that asks for three quotes."""
    for number in range(times):
        had(case, amount + number, "P-0099")
    write(update(FundingRequest).values(payee_code="F-003", requested_at=case.now - dt.timedelta(days=30)))


def test_three_requests_below_the_amount_of_three_quotes_are_answered_for_by_who_grants(case):
    """900 000 three times for one payee, under a limit of a million."""
    split_before(case, 2)
    ask(case, 900_000)
    granted = to_decision(case)
    with pytest.raises(Invalid) as refused:
        case.do("decider_financement", "U-39", **granted)
    assert list(refused.value.errors) == ["reponse_fractionnement"]
    case.do("decider_financement", "U-39", **granted, reponse_fractionnement="Trois familles, trois vols, un seul transporteur.")
    assert asked_of_payee(case).approver_id == case.user("U-39").id


@pytest.mark.parametrize(("earlier", "asked"), [(0, 900_000), (1, 99_999), (2, 1_000_000)])
def test_what_stays_below_it_or_has_its_quotes_is_not_splitting(case, earlier, asked):
    split_before(case, earlier)
    ask(case, asked)
    scope = asked_of_payee(case).engine_scope
    assert one(select(Fact.value).where(Fact.case_id == case.case_id, Fact.scope == scope, Fact.name == "fractionnement")) == "false"


def to_decision(case) -> dict[str, object]:
    """The opinion is given; what is answered to grant all of it."""
    case.do("donner_avis", "U-13", **case.answers("donner_avis"))
    return {"decision_financement": "accorder", "montant_accorde": asked_of_payee(case).asked}


def asked_of_payee(case) -> FundingRequest:
    return rows(select(FundingRequest).where(FundingRequest.case_id == case.case_id).order_by(FundingRequest.id))[-1]


def test_h5_a_document_that_somebody_doubts_is_not_asked_with(case):
    quotes = [document(case, f"offre_{number}.pdf") for number in range(3)]
    write(update(Document).where(Document.code == quotes[1]).values(doubt="Cachet illisible."))
    with pytest.raises(Invalid) as refused:
        ask(case, 2_000_000, devis=quotes)
    assert list(refused.value.errors) == ["devis"] and "mise en doute" in sentence(refused)
    write(update(Document).where(Document.code == quotes[1]).values(doubt=""))
    ask(case, 2_000_000, devis=quotes)


def test_h9_what_is_never_paid_for_is_no_kind_of_expense(case):
    """Bribes, ransoms, fines and debts have no code: none of them can be asked for."""
    for nature in ("rancon", "amende", "facilitation", "caution", "dette"):
        with pytest.raises(Invalid) as refused:
            ask(case, 2_000_000, nature_depense=nature)
        assert "nature_depense" in refused.value.errors


def test_h1_what_was_granted_in_time_is_not_committed_on_a_line_that_closed_since(stage_sqlite):
    case = stage_sqlite("engager")
    answers = case.answers("engager")
    write(update(BudgetLine).where(BudgetLine.code == LINE).values(last_commitment_on=case.now.date() - dt.timedelta(days=1)))
    with pytest.raises(Invalid) as refused:
        case.do("engager", "U-44", **answers)
    assert sentence(refused) == "Ligne non utilisable pour ce dossier."
    write(update(BudgetLine).where(BudgetLine.code == LINE).values(last_commitment_on=case.now.date()))
    case.do("engager", "U-44", **answers)
    ensure_sound()
