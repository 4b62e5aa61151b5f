"""The end of a budget year: what is committed and not paid is paid, carried over, or given up; given up too late, it does not come back."""

import datetime as dt

import pytest
from sqlalchemy import delete, select, update

from app.db.administration import AdminEntry
from app.db.cases import KeptMessage
from app.db.funding import BudgetLine, FundingRequest, LedgerEntry, Payment
from app.db.tasks import Task
from app.extensions import db
from app.jobs.funding import restart_waiting
from app.services import budget, credit_moves, statements, year_end
from app.services.errors import Invalid, NotFound
from app.services.funding import requests
from app.services.months import Month
from tests.app.services.money import LINE, asked_of, book, ensure_sound, ledger, sentence, set_fact
from tests.app.services.staging import one, rows, write

DEFERRED = {"decision_financement": "differer", "motif_decision": "La ligne est fermée.", "date_reexamen": "2026-12-01"}
DIRECTOR, LISTED = "U-46", dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC)


def used() -> int:
    return one(select(BudgetLine).where(BudgetLine.code == LINE, BudgetLine.year == 2026)).used


def decide(case, choice: str, reason: str = "Décision du 20/11.", by: str = DIRECTOR) -> None:
    person, code = case.user(by), asked_of(case).code
    with case.at(case.now):
        year_end.decide(person, 2026, code, choice, reason)


def waiting(case) -> list[str]:
    person = case.user(DIRECTOR)
    with case.at(case.now):
        found = [one.request.code for one in year_end.undecided(db.session(), person, case.now)]
        db.session.rollback()
    return found


def figures(case, year: int) -> budget.Line:
    with case.at(case.now):
        found = budget.line(db.session(), year, LINE)
        db.session.expunge_all()
        db.session.rollback()
    return found


def month_of(case, number: int) -> statements.Line:
    with case.at(case.now):
        found = next(line for line in statements.lines(db.session(), Month(2026, number)) if line.row.code == LINE)
        db.session.rollback()
    return found


@pytest.fixture
def case(stage_sqlite):
    """Two millions are committed and nothing of them is certified."""
    case = stage_sqlite("certifier_service_fait")
    write(update(BudgetLine).where(BudgetLine.code == LINE).values(last_commitment_on=dt.date(2026, 11, 30)))
    case.now = LISTED
    return case


def test_commitments_are_listed_three_times_and_decided_each_time(case):
    code = asked_of(case).code
    case.now = dt.datetime(2026, 11, 14, 23, 59, tzinfo=dt.UTC)
    assert waiting(case) == []
    with pytest.raises(Invalid) as refused:
        decide(case, year_end.PAY)
    assert "Les engagements de 2026 se décident à partir du 15/11/2026." in sentence(refused)
    case.now = LISTED
    assert waiting(case) == [code]
    for choice, reason, told in (("", "R", "choix"), (year_end.PAY, " ", "motif")):
        with pytest.raises(Invalid) as refused:
            decide(case, choice, reason)
        assert list(refused.value.errors) == [told]
    with pytest.raises(NotFound):
        decide(case, year_end.PAY, by="U-44")
    before = used()
    decide(case, year_end.PAY)
    assert (waiting(case), used(), case.entry("funding.year_end_payer")["actor"]) == ([], before, DIRECTOR)
    case.now = dt.datetime(2026, 11, 30, 8, tzinfo=dt.UTC)
    assert waiting(case) == [code], "what is still not paid is listed again"
    ensure_sound()


@pytest.mark.parametrize(("after", "back"), [(dt.timedelta(days=10), 2_000_000), (dt.timedelta(days=11), 0)])
def test_what_is_given_up_returns_to_the_line_until_its_last_day_for_commitments(case, after, back):
    case.now = LISTED + after
    before = figures(case, 2026)
    decide(case, year_end.GIVE_UP)
    now = figures(case, 2026)
    assert now.available == before.available + back
    assert (now.committed, now.lapsed) == (before.committed - 2_000_000, 2_000_000 - back)
    assert ("decommit", -2_000_000, "fin d’exercice") in ledger(case)
    month = month_of(case, case.now.month)
    assert (month.available, month.committed, month.lapsed) == (now.available, now.committed, now.lapsed)
    assert waiting(case) == []


def test_what_is_liquidated_stays_with_the_year_and_the_rest_goes_to_the_next_with_its_credit(stage_sqlite):
    case = stage_sqlite("ordonnancer")
    asked = asked_of(case)
    write(delete(BudgetLine).where(BudgetLine.code == LINE, BudgetLine.year == 2027))
    write(update(BudgetLine).where(BudgetLine.code == LINE).values(last_commitment_on=dt.date(2026, 11, 30), multi_annual=False))
    more = dict.fromkeys(("asked", "granted", "committed"), asked.committed + 500_000)
    write(update(FundingRequest).where(FundingRequest.id == asked.id).values(more))
    book(asked.line_id, 500_000, request_id=asked.id, kind="commit", at=case.now)
    case.now = LISTED
    with pytest.raises(Invalid) as refused:
        decide(case, year_end.REPORT)
    assert "Seules les lignes pluriannuelles se reportent : PROT-SOC n’en est pas une." in sentence(refused)
    write(update(BudgetLine).where(BudgetLine.code == LINE, BudgetLine.year == 2026).values(multi_annual=True))
    old = figures(case, 2026)
    decide(case, year_end.REPORT)
    kept, carried = figures(case, 2026), figures(case, 2027)
    assert (kept.available, kept.committed, kept.liquidated) == (old.available, old.committed - 500_000, old.liquidated)
    assert (carried.available, carried.committed, carried.liquidated, carried.row.opened) == (0, 500_000, 0, 0)
    assert [payment.line_id for payment in rows(select(Payment).where(Payment.request_id == asked.id))] == [old.row.id]
    totals = [requests.cumul(db.session(), [asked.beneficiary_code], LINE, year) for year in (2026, 2027)]
    db.session.rollback()
    assert totals == [asked.granted + 500_000, 0], "what was granted counts in the year in which it was"
    assert carried.row.last_commitment_on == dt.date(2027, 11, 30)
    month = month_of(case, 11)
    assert (month_of(case, 10).given, month.given, month.liquidated) == (old.row.given, kept.row.given, kept.liquidated)
    with pytest.raises(Invalid) as refused:
        decide(case, year_end.GIVE_UP)
    assert refused.value.errors == {"choix": "year_end_spent"}
    kinds = rows(select(AdminEntry.kind).where(AdminEntry.kind.in_(("budget.carried", "commitment.decided"))).order_by(AdminEntry.seq))
    assert kinds == ["budget.carried", "budget.carried", "commitment.decided"]
    assert len(rows(select(LedgerEntry.id).where(LedgerEntry.kind == "carry"))) == 2


def test_a_case_that_waits_for_its_line_goes_on_when_it_opens(stage_sqlite):
    """By the sweep, once, whoever opened it; a line that was open all the time says nothing."""
    case = stage_sqlite("decider_financement", "refus-puis-collecte")
    set_fact(case, "attendre_si_differe", "true", case.scope_of("decider_financement"))  # as types say whose cases may wait
    case.do("decider_financement", "U-39", **DEFERRED)
    assert (asked_of(case).state, restarted(case)) == ("differe", False)
    director = case.user(DIRECTOR)
    for opened in (False, True):
        case.now += dt.timedelta(hours=1)
        with case.at(case.now):
            credit_moves.switch(director, case.now.year, LINE, opened=opened, reason="Ouverture des crédits.")
        assert restarted(case) is opened
    assert case.entry("message.taken")["actor"] == "SYSTEM"
    before = len(rows(select(KeptMessage.id)))
    assert restarted(case) and len(rows(select(KeptMessage.id))) == before, "it is told once"
    ensure_sound()


def restarted(case) -> bool:
    """Whether the case goes on after a sweep."""
    case.now += dt.timedelta(minutes=1)
    with case.at(case.now):
        restart_waiting()
    return not rows(select(Task.id).where(Task.case_id == case.case_id, Task.step == "attendre_ligne", Task.closed_at.is_(None)))
