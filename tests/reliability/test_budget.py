"""Two who reserve at once cannot spend the same money: the line says no under its own lock, and the database once more."""

import multiprocessing

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from app.db.funding import BudgetLine
from app.db.transaction import transaction
from app.extensions import db
from app.services import clock
from app.services.funding import lines

ROUNDS = 25
CEILING = 100
WANTED = 60


@pytest.fixture
def budget_lines(app) -> list[int]:
    """Lines of 100 francs, one a round."""

    def make(unit) -> list[int]:
        plain = {
            "year": 2026,
            "label": "Rapatriements",
            "source": "budget national",
            "funder": "État",
            "opened": CEILING,
            "received": 0,
            "given": 0,
            "frozen": 0,
            "used": 0,
            "state": "ouverte",
            "case_types": [],
            "natures": [],
            "multi_annual": False,
            "tracked_only": False,
            "imputation": "",
        }
        rows = [plain | {"code": f"LB-{number:03}"} for number in range(ROUNDS)]
        return list(unit.session.scalars(insert(BudgetLine).returning(BudgetLine.id), rows))

    return sorted(transaction(make, clock.now))


def reserve(app, ids: list[int], at_once, won) -> None:
    """In a process of its own: from line to line, together with the other."""
    with app.app_context():
        for line_id in ids:
            at_once.wait(30)
            if transaction(lambda unit, line_id=line_id: wanted(unit, line_id), clock.now):
                won.put(line_id)
        won.put(None)


def wanted(unit, line_id: int) -> bool:
    return lines.move(unit.session, line_id, None, "reserve", WANTED, by_id=None, at=unit.now)


def test_of_two_who_want_more_than_half_of_a_line_one_gets_it(app, budget_lines):
    start = multiprocessing.get_context("fork")
    at_once, won = start.Barrier(2), start.Queue()
    both = [start.Process(target=reserve, args=(app, budget_lines, at_once, won)) for _ in range(2)]
    for one in both:
        one.start()
    granted, ended = [], 0
    while ended < 2:
        line_id = won.get(timeout=60)
        ended += line_id is None
        granted += [line_id] if line_id is not None else []
    for one in both:
        one.join()
    assert sorted(granted) == budget_lines
    assert set(db.session.scalars(select(BudgetLine.used))) == {WANTED}


def test_even_without_our_rule_the_database_refuses_more_than_the_ceiling(app, budget_lines):
    entry = "INSERT INTO ledger_entry (line_id, kind, amount, balance, at, reason) VALUES (:id, 'reserve', :much, :much, :at, '')"

    def overspend(unit) -> None:
        unit.session.execute(text(entry), {"much": CEILING + 1, "id": budget_lines[0], "at": unit.now})

    with pytest.raises(IntegrityError):
        transaction(overspend, clock.now)
    assert set(db.session.scalars(select(BudgetLine.used))) == {0}
