"""The last day and the first too many: of a line, of a payee's new account, of what counts as split or as paid twice."""

import datetime as dt

import pytest
from sqlalchemy import insert, select, update

from app.db.cases import Case
from app.db.funding import BudgetLine, FundingRequest
from app.db.people import Body, Person
from app.services.errors import Invalid
from tests.app.services.money import LINE, ask, asked_of, document, ensure_sound, had, leave, line, sentence, set_fact, till
from tests.app.services.staging import one, rows, write

SECOND, NINETY = dt.timedelta(seconds=1), dt.timedelta(days=90)
PAYEE, PURPOSE = "F-003", "Transport de la dépouille"


@pytest.fixture
def case(stage_sqlite):
    """The State's share is about to be asked for."""
    return stage_sqlite("preparer_demande")


@pytest.mark.parametrize(("days", "state", "why"), [(0, "ouvert", None), (-1, "ouvert", "ligne_fermee"), (-1, "ferme", "refused")])
def test_h1_a_line_takes_requests_until_its_last_day_for_commitments(case, days, state, why):
    """After it nothing is held: what is asked waits for the credits of the new year. What somebody closed is refused at once."""
    last = case.now.date() + dt.timedelta(days=days)
    write(update(BudgetLine).where(BudgetLine.code == LINE, BudgetLine.year == 2026).values(last_commitment_on=last, state=state))
    held = line().used
    if why == "refused":
        with pytest.raises(Invalid) as said:
            ask(case, 2_000_000)
        assert sentence(said) == "Ligne non utilisable pour ce dossier."
        return
    ask(case, 2_000_000)
    assert case.fact("motif_controle") == why
    assert line().used - held == (0 if why else 2_000_000)
    assert ("traiter_insuffisance" in case.open_steps()) is bool(why)


URGENT = {"nature_depense": "transport", "urgence_motif": "Limite de la morgue.", "accord_oral": False}


@pytest.mark.parametrize(("priority", "amount", "ahead"), [("P1", 250_000, True), ("P1", 250_001, False), ("P2", 250_000, False)])
def test_between_two_years_the_imprest_pays_vital_help(case, priority, amount, ahead):
    """Before the line of the year is there too, when that of the year before stands for it; never more than the imprest may."""
    till("LBV", 300_000)
    set_fact(case, "priorite", f'"{priority}"')
    write(update(BudgetLine).where(BudgetLine.year == 2026).values(year=2030))
    ask(case, amount, **URGENT)
    if not ahead:
        assert rows(select(FundingRequest)) == [] and "traiter_insuffisance" in case.open_steps()
        return
    asked = asked_of(case)
    assert (asked.state, asked.reserved, asked.cumulated, case.fact("niveau")["niveau"]) == ("anticipe", 0, amount, "chef_poste")
    case.do("decider_financement", "U-13", decision_financement="accorder", montant_accorde=amount)
    paid = {"montant_paye_regie": amount, "mode_paiement": "virement", "recu_regie": document(case, "recu.pdf", "U-15", "payer_sur_regie")}
    case.do("payer_sur_regie", "U-15", **paid)
    assert (asked_of(case).state, asked_of(case).committed, asked_of(case).granted) == ("regie", 0, amount)
    ensure_sound()


@pytest.mark.parametrize(("frozen", "missing"), [(0, None), (1, "insuffisant")])
def test_h2_what_is_frozen_is_not_available(case, frozen, missing):
    leave(2_000_000)
    now = line()
    write(update(BudgetLine).where(BudgetLine.id == now.id).values(frozen=now.frozen + frozen))
    ask(case, 2_000_000)
    assert case.fact("motif_controle") == missing


@pytest.mark.parametrize(("since", "refused"), [(dt.timedelta(hours=48), False), (dt.timedelta(hours=48) - SECOND, True)])
def test_h7_a_new_account_counts_after_two_days(case, since, refused):
    changed = case.now - since
    write(update(Body).where(Body.code == PAYEE).values(account_changed_at=changed, account_validated_at=changed + SECOND))
    if refused:
        with pytest.raises(Invalid) as said:
            ask(case, 2_000_000)
        assert list(said.value.errors) == ["beneficiaire_paiement"]
    else:
        ask(case, 2_000_000)


@pytest.mark.parametrize(("before", "split"), [(NINETY, True), (NINETY + SECOND, False)])
def test_requests_of_ninety_days_are_looked_at_together(case, before, split):
    had(case, 900_000, "P-0099")
    write(update(FundingRequest).values(payee_code=PAYEE, requested_at=case.now - before))
    ask(case, 100_000)
    assert case.fact("fractionnement") is split


@pytest.mark.parametrize(
    ("other", "twice"),
    [
        ({}, True),
        ({"decided_at": NINETY + SECOND}, False),
        ({"purpose": "Autre objet"}, False),
        ({"payee_code": "F-005"}, False),
        ({"granted": 0}, False),
    ],
)
def test_h6_the_same_payee_for_the_same_purpose_within_ninety_days_is_flagged(case, other, twice):
    """Of another case; who decides sees it."""
    assert earlier(case, PAYEE, other) is twice


def test_h6_under_another_code_of_the_same_person_too(case):
    kept = one(select(Person.id).where(Person.code == "P-0232"))
    write(update(Person).where(Person.code == "P-0233").values(merged_into_id=kept))
    assert earlier(case, "P-0233", {}, now="P-0232") is True


def earlier(case, payee: str, other: dict, now: str = PAYEE) -> bool:
    """Whether a request is flagged after an earlier one, made in another case of the ministry."""
    had(case, 300_000, "P-0099")
    past = other.get("decided_at", NINETY)
    values = {"payee_code": payee, "purpose": PURPOSE, "granted": 300_000} | other | {"decided_at": case.now - past}
    write(update(FundingRequest).values(case_id=another(case), **values))
    ask(case, 100_000, objet_depense=PURPOSE, beneficiaire_paiement=now)
    return case.fact("double_paiement")


def another(case) -> int:
    """The number of another case: a copy of this one's row."""
    columns = [column for column in Case.__table__.columns if column.name not in ("id", "reference")]
    copied = select(*columns, Case.reference + "-2").where(Case.id == case.case_id)
    write(insert(Case).from_select([*(column.name for column in columns), "reference"], copied))
    return one(select(Case.id).where(Case.reference == f"{case.reference}-2"))
