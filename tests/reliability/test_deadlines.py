"""Every deadline fires once, whatever dies: the database knows, the queue only wakes, the scheduler makes up for it."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from app.db.cases import Incident
from app.db.history import HistoryEntry
from app.db.tasks import Task
from app.extensions import db
from app.services import clock
from tests.support.cases import open_case
from tests.support.parts import Parts, until

pytestmark = pytest.mark.long

HALF = dt.timedelta(hours=2)
"""The first task of a case has four hours; it is reminded of after two."""
CASES = 12
START = 60


def open_cases(parts: Parts, first_due_in: float, apart: int = 1) -> list[dt.datetime]:
    """Cases whose reminders fall due one after the other; the moments."""
    begin = clock.now().replace(microsecond=0) + dt.timedelta(seconds=first_due_in)
    due = [begin + dt.timedelta(seconds=number * apart) for number in range(CASES)]
    for moment in due:
        open_case(moment - HALF)
    return due


def fired() -> dict[int, list[dt.datetime]]:
    """Case -> when its deadlines fired."""
    entries = select(HistoryEntry.case_id, HistoryEntry.at).where(HistoryEntry.kind == "deadline.fired")
    found: dict[int, list[dt.datetime]] = {}
    for case_id, at in db.session.execute(entries):
        found.setdefault(case_id, []).append(at)
    db.session.rollback()
    return found


def told() -> str:
    return f"{len(fired())} of {CASES} fired"


def all_fired() -> bool:
    return len(fired()) == CASES


def assert_each_once(due: list[dt.datetime], at_most_late: float) -> None:
    found = fired()
    assert [len(moments) for moments in found.values()] == [1] * CASES
    stages = list(db.session.scalars(select(Task.stage).where(Task.step == "enregistrer_deces")))
    assert stages == [50] * CASES
    assert db.session.scalar(select(func.count()).select_from(Incident)) == 0
    late = [(moments[0] - moment).total_seconds() for moment, (_, moments) in zip(due, sorted(found.items()), strict=True)]
    db.session.rollback()
    assert all(0 <= seconds <= at_most_late for seconds in late), late


def test_a_worker_that_is_killed_again_and_again_loses_no_deadline(parts):
    """kill -9, in the middle of jobs too: what it was doing is done by the next, once."""
    parts.start("scheduler")
    worker = parts.start("worker")
    due = open_cases(parts, first_due_in=1)
    for _ in range(4):
        before = len(fired())
        until(lambda before=before: all_fired() or len(fired()) > before, START, told)
        parts.kill(worker)
        worker = parts.start("worker")
    until(all_fired, START, told)
    assert_each_once(due, at_most_late=60)


def test_without_any_worker_for_a_while_they_fire_when_one_comes_back(parts):
    parts.start("scheduler")
    due = open_cases(parts, first_due_in=-5)
    parts.start("worker")
    until(all_fired, START, told)
    assert_each_once(due, at_most_late=60)


def test_a_store_that_lost_everything_costs_a_minute_at_most(parts, store):
    parts.start("worker")
    due = open_cases(parts, first_due_in=2)
    store.flushall()
    parts.start("scheduler")
    until(all_fired, START, told)
    assert_each_once(due, at_most_late=60)


def test_without_a_store_the_scheduler_does_it_alone(parts, store):
    due = open_cases(parts, first_due_in=-3)
    store.shutdown(nosave=True)
    parts.start("scheduler")
    until(all_fired, START, told)
    assert_each_once(due, at_most_late=60)


def test_two_schedulers_do_no_harm(parts):
    parts.start("scheduler")
    parts.start("scheduler")
    parts.start("worker")
    due = open_cases(parts, first_due_in=1)
    until(all_fired, START, told)
    assert_each_once(due, at_most_late=60)
