"""Budget lines: their figures are sums of what is charged to them, and credit that is held cannot be moved away."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.db.administration import AdminEntry
from app.db.funding import BudgetLine
from app.extensions import db
from app.services import administration, budget, credit_moves
from app.services.errors import Invalid, NotFound
from tests.app.services.staging import one, rows, write

DFM, OFFICER = "U-46", "U-14"
WHY = "Décision 12/DFM."


@pytest.fixture
def case(stage):
    """Two millions of the line PROT-SOC are committed, and nothing of it is paid."""
    return stage("attendre_visa")


@pytest.fixture
def quick(stage_sqlite):
    return stage_sqlite("attendre_visa")


def line(case, code="PROT-SOC") -> budget.Line:
    found = budget.line(db.session(), case.now.year, code)
    db.session.expunge_all()
    db.session.rollback()
    return found


def test_the_figures_of_a_line_are_what_is_charged_to_it(case):
    held = line(case)
    brought = held.row.used - 2_000_000
    assert (held.committed, held.paid, held.to_pay) == (brought + 2_000_000, 0, brought + 2_000_000)
    assert held.available == held.total - held.row.frozen - held.reserved - held.committed
    months = budget.months(db.session(), held, case.now)
    assert [month.number for month in months] == list(range(1, case.now.month + 1))
    assert months[-1].committed == held.committed
    assert months[0].committed == brought, "the request was committed in February"
    assert [one.request.committed for one in budget.charged(db.session(), case.user("U-39"), held)] == [2_000_000]


def test_of_a_request_one_sees_the_case_only_with_the_right_to_it(case):
    held = line(case)
    finance = budget.charged(db.session(), case.user("U-44"), held)
    assert [one.reference for one in finance] == [case.reference]
    stranger = budget.charged(db.session(), case.user("U-37"), held)
    assert [one.reference for one in stranger] == [None], "head of another department"


def test_credit_goes_from_one_line_to_another_and_both_tell(case):
    giving, getting = line(case), line(case, "PROT-RAP")
    credit_moves.transfer(case.user(DFM), case.now.year, "PROT-SOC", "PROT-RAP", 5_000_000, WHY, "virement-1")
    credit_moves.transfer(case.user(DFM), case.now.year, "PROT-SOC", "PROT-RAP", 5_000_000, WHY, "virement-1")
    assert line(case).available == giving.available - 5_000_000
    assert line(case, "PROT-RAP").available == getting.available + 5_000_000
    for code, amount in (("PROT-SOC", -5_000_000), ("PROT-RAP", 5_000_000)):
        entry = one(select(AdminEntry).where(AdminEntry.subject == f"{code}/{case.now.year}"))
        assert (entry.kind, administration.data_of(entry)["amount"]) == ("budget.transferred", amount)
    assert administration.verify(db.session()) is None


def test_what_is_held_cannot_be_moved_or_frozen(case):
    held = line(case)
    for act in (
        lambda amount: credit_moves.transfer(case.user(DFM), case.now.year, "PROT-SOC", "PROT-RAP", amount, WHY),
        lambda amount: credit_moves.freeze(case.user(DFM), case.now.year, "PROT-SOC", amount, WHY),
    ):
        with pytest.raises(Invalid) as refusal:
            act(held.available + 1)
        assert "disponibles" in str(refusal.value.errors["amount"])
    credit_moves.freeze(case.user(DFM), case.now.year, "PROT-SOC", held.available, WHY)
    assert line(case).available == 0
    with pytest.raises(IntegrityError):
        write(update(BudgetLine).where(BudgetLine.code == "PROT-SOC").values(frozen=BudgetLine.frozen + 1))
    with pytest.raises(Invalid):
        credit_moves.freeze(case.user(DFM), case.now.year, "PROT-SOC", held.available + held.row.frozen + 1, WHY, thaw=True)
    credit_moves.freeze(case.user(DFM), case.now.year, "PROT-SOC", held.available, WHY, thaw=True)
    assert line(case).available == held.available


@pytest.mark.parametrize(
    ("target", "amount", "reason", "field"),
    [
        ("PROT-RAP", None, WHY, "amount"),
        ("PROT-RAP", 0, WHY, "amount"),
        ("PROT-RAP", 1, "  ", "reason"),
        ("PROT-SOC", 1, WHY, "target"),
        ("NOWHERE", 1, WHY, "target"),
    ],
)
def test_a_wrong_move_says_which_field(quick, target, amount, reason, field):
    with pytest.raises(Invalid) as refusal:
        credit_moves.transfer(quick.user(DFM), quick.now.year, "PROT-SOC", target, amount, reason)
    assert field in refusal.value.errors


def test_lines_exist_for_those_who_handle_money_and_are_moved_by_one_role(quick):
    for code, held in ((DFM, budget.DECIDE), ("U-44", budget.READ), ("U-47", budget.READ), ("U-39", budget.READ)):
        assert budget.ensure(db.session(), quick.user(code)) == held
    for code in (OFFICER, "U-69", "U-66", "U-55"):
        with pytest.raises(NotFound):
            budget.ensure(db.session(), quick.user(code))
    for code in ("U-44", "U-67", OFFICER):
        with pytest.raises(NotFound):
            credit_moves.switch(quick.user(code), quick.now.year, "PROT-SOC", opened=False, reason=WHY)
    credit_moves.switch(quick.user(DFM), quick.now.year, "PROT-SOC", opened=False, reason=WHY)
    assert line(quick).row.state == credit_moves.CLOSED


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.sampled_from(("transfer", "back", "freeze", "thaw")), st.integers(1, 90_000_000)), max_size=6))
def test_whatever_is_moved_nothing_is_lost_and_nothing_falls_below_what_is_held(quick, moves):
    """Over any history: the credits of all lines together stay, and no line holds more than it may."""
    year, who = quick.now.year, quick.user(DFM)
    before = sum(row.opened + row.received - row.given for row in rows(select(BudgetLine)))
    for move, amount in moves:
        try:
            match move:
                case "transfer":
                    credit_moves.transfer(who, year, "PROT-SOC", "PROT-RAP", amount, WHY)
                case "back":
                    credit_moves.transfer(who, year, "PROT-RAP", "PROT-SOC", amount, WHY)
                case _:
                    credit_moves.freeze(who, year, "PROT-SOC", amount, WHY, thaw=move == "thaw")
        except Invalid:
            pass
    found = rows(select(BudgetLine))
    assert sum(row.opened + row.received - row.given for row in found) == before
    assert all(row.tracked_only or row.available >= 0 for row in found)
    assert all(row.frozen >= 0 for row in found)
