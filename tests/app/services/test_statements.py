"""Monthly statements: every figure recomputed from the ledger and the rows, on both databases; a month that is over does not change."""

import datetime as dt

import pytest
from sqlalchemy import select

from app.db.funding import BudgetLine, FundingRequest, LedgerEntry, Payment, PaymentEntry
from app.extensions import db
from app.jobs.funding import expire_reservations
from app.services import budget, credit_moves, months, statements
from app.services.errors import NotFound
from app.services.months import Month
from tests.app.services.money import LINE, advance, asked_of, till
from tests.app.services.staging import rows

FIGURES = ("reserved", "committed", "liquidated", "ordered", "paid")


def stood(case, month: Month) -> statements.Line:
    """The line of the case at the end of a month."""
    with case.at(case.now):
        found = next(line for line in statements.lines(db.session(), month) if line.row.code == LINE)
        db.session.rollback()
    return found


def listed(case, month: Month, what: str, line: str | None = None) -> list[statements.Item]:
    with case.at(case.now):
        found = statements.items(db.session(), case.user("U-46"), month, what, line, case.now)
        db.session.rollback()
    return found


def recomputed(month: Month) -> dict[str, dict[str, int]]:
    """By line, from the rows, one after the other: the plain way."""
    lines = {line.id: line.code for line in rows(select(BudgetLine).where(BudgetLine.year == month.year))}
    found = {code: dict.fromkeys(FIGURES, 0) for code in lines.values()}
    for entry in rows(select(LedgerEntry)):
        if entry.at < month.end and entry.line_id in lines:
            found[lines[entry.line_id]]["committed" if "commit" in entry.kind else "reserved"] += entry.amount
    of = {payment.id: payment.request_id for payment in rows(select(Payment))}
    line_of = {request.id: request.line_id for request in rows(select(FundingRequest))}
    names = {"liquide": "liquidated", "ordonnance": "ordered", "paye": "paid", "reverse": "paid"}
    for entry in rows(select(PaymentEntry)):
        line_id = line_of[of[entry.payment_id]]
        if entry.at < month.end and entry.stage in names and line_id in lines:
            found[lines[line_id]][names[entry.stage]] += -entry.amount if entry.stage == "reverse" else entry.amount
    return found


def test_every_figure_is_what_the_ledger_adds_up_to_and_what_its_list_adds_up_to(stage):
    case = stage("confirmer_reception")
    case.now = max(entry.at for entry in rows(select(LedgerEntry)))  # all that ever happened
    month = Month(case.now.year, case.now.month)
    wanted = recomputed(month)
    with case.at(case.now):
        found = {line.row.code: line for line in statements.lines(db.session(), month)}
        today = {line.row.code: line for line in budget.lines(db.session(), month.year)}
        db.session.rollback()
    assert {code: {name: getattr(line, name) for name in FIGURES} for code, line in found.items()} == wanted
    for code, line in found.items():
        assert all(getattr(line, name) == getattr(today[code], name) for name in (*FIGURES, "available", "total")), code
        for name in FIGURES:
            assert sum(item.amount for item in listed(case, month, name, code)) == getattr(line, name), (code, name)
        assert sum(item.amount for item in listed(case, month, "to_pay", code)) == line.committed - line.paid, code
    assert (found[LINE].liquidated, found[LINE].ordered, found[LINE].paid) == (2_000_000, 2_000_000, 2_000_000)
    for payment in rows(select(Payment)):
        sums = dict.fromkeys(("certifie", "liquide", "ordonnance", "paye"), 0)
        for entry in rows(select(PaymentEntry).where(PaymentEntry.payment_id == payment.id)):
            sums[entry.stage] += entry.amount
        assert tuple(sums.values()) == (payment.certified, payment.liquidated, payment.liquidated, payment.paid)


def test_a_month_that_is_over_says_the_same_for_ever(stage):
    """Credits moved and reservations that ended later do not change it."""
    case = stage("decider_financement")
    month = Month(case.now.year, case.now.month)
    before = stood(case, month)
    assert (before.reserved, before.paid) == (2_000_000, 0)
    case.now = month.end + dt.timedelta(days=60)
    with case.at(case.now):
        credit_moves.transfer(case.user("U-46"), month.year, LINE, "PROT-RAP", 3_000_000, "Décision.")
        credit_moves.freeze(case.user("U-46"), month.year, LINE, 5_000_000, "Gel.")
        credit_moves.freeze(case.user("U-46"), month.year, LINE, 1_000_000, "Dégel.", thaw=True)
        expire_reservations()
    now = Month(case.now.year, case.now.month)
    after, same = stood(case, now), stood(case, month)
    assert (after.reserved, after.given - before.given, after.frozen - before.frozen) == (0, 3_000_000, 4_000_000)
    assert [getattr(same, name) for name in (*FIGURES, "total", "frozen", "available")] == [
        getattr(before, name) for name in (*FIGURES, "total", "frozen", "available")
    ]
    assert [item.amount for item in listed(case, now, "expired")] == [2_000_000]
    assert listed(case, month, "expired") == []


@pytest.mark.parametrize(
    ("days", "age"), [(0, (0, 30)), (30, (0, 30)), (31, (31, 60)), (60, (31, 60)), (61, (61, 90)), (90, (61, 90)), (91, (91, None))]
)
def test_a_mandate_grows_old_until_it_is_paid(stage_sqlite, days, age):
    case = stage_sqlite("payer_localement")
    signed = rows(select(Payment))[0].ordered_at
    case.now = signed + dt.timedelta(days=days)
    found = listed(case, Month(case.now.year, case.now.month), "unpaid")
    assert [(item.amount, item.days) for item in found] == [(2_000_000, days)]
    assert [(first, last) for first, last, inside in statements.ages(found) if inside] == [age]


def test_a_paid_mandate_was_unpaid_until_then(stage_sqlite):
    case = stage_sqlite("confirmer_reception")
    assert listed(case, Month(case.now.year, case.now.month), "unpaid") == []


def test_what_an_imprest_paid_without_vouchers_is_an_advance(stage_sqlite):
    case = stage_sqlite("decider_financement")
    known = sum(item.amount for item in listed(case, Month(case.now.year, case.now.month), "advances"))
    till("LBV", 50_000)
    advance(asked_of(case), "LBV", 50_000, case.now)
    found = listed(case, Month(case.now.year, case.now.month), "advances")
    assert sum(item.amount for item in found) >= known + 50_000
    assert (found[-1].request, found[-1].reference, found[-1].what) == (asked_of(case).code, case.reference, "LBV")


@pytest.mark.parametrize("code", ["2026-13", "2026-00", "26-01", "2026-1", "x", "2026-٠٣", "1999-01", "2026-12"])
def test_what_is_no_month_or_has_not_begun_does_not_exist(code):
    with pytest.raises(NotFound):
        months.month(code, dt.datetime(2026, 11, 26, tzinfo=dt.UTC))


def test_a_month_has_two_neighbours():
    assert (Month(2026, 1).before, Month(2026, 12).after) == (Month(2025, 12), Month(2027, 1))
    assert Month(2026, 12).end == dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
