"""What is due is done once, with a queue or without; one broken case stops no other."""

import datetime as dt
import json

import pytest
from sqlalchemy import func, select

from app import queue
from app.db.cases import Case, Incident
from app.db.history import HistoryEntry
from app.db.posts import CalendarRow
from app.db.tasks import Task
from app.db.timers import Timer
from app.extensions import db
from app.jobs import deadlines
from app.services import admin_calendars, clock, recounting
from tests.support.cases import officer, open_case

MORNING = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
LATER = MORNING + dt.timedelta(hours=2, minutes=1)
SECONDS = dt.timedelta(seconds=5)


def stages() -> list[int]:
    found = list(db.session.scalars(select(Task.stage).where(Task.step == "enregistrer_deces").order_by(Task.id)))
    db.session.rollback()
    return found


def fired() -> int:
    count = db.session.scalar(select(func.count()).select_from(HistoryEntry).where(HistoryEntry.kind == "deadline.fired"))
    db.session.rollback()
    return count


@pytest.fixture
def three_cases(ministry):
    return [open_case(MORNING).case_id for _ in range(3)]


def test_a_sweep_has_the_workers_look_at_every_case_where_something_is_due(three_cases, deadlines_queue):
    with clock.at(LATER):
        deadlines.sweep()
    assert [job.func_name for job in deadlines_queue.jobs] == [deadlines.FIRE]
    assert sorted(deadlines_queue.jobs[0].args[0]) == three_cases
    assert stages() == [0, 0, 0]


def test_a_sweep_too_early_does_nothing(three_cases, deadlines_queue):
    with clock.at(MORNING + dt.timedelta(hours=1)):
        deadlines.sweep()
    assert deadlines_queue.count == 0


def test_cases_go_to_the_workers_in_handfuls(three_cases, deadlines_queue, monkeypatch):
    """A job costs more than a case: one case a job would take three minutes for 10 000 instead of ten seconds."""
    monkeypatch.setattr(deadlines, "CASES_A_JOB", 2)
    with clock.at(LATER):
        deadlines.sweep()
    assert [len(job.args[0]) for job in deadlines_queue.jobs] == [2, 1]


def test_while_much_waits_no_more_is_added(three_cases, deadlines_queue, monkeypatch, caplog):
    monkeypatch.setattr(deadlines, "BACKLOG", 0)
    queue.enqueue(deadlines.FIRE, [1], queue=deadlines_queue.name)
    with clock.at(LATER):
        deadlines.sweep()
    assert deadlines_queue.count == 1
    assert "deadlines_backlog" in caplog.messages


def test_without_a_queue_the_sweep_does_it_itself(three_cases, no_queue, caplog):
    with clock.at(LATER):
        deadlines.sweep()
    assert stages() == [50, 50, 50]
    assert "deadlines_without_queue" in caplog.messages


def test_looking_twice_does_it_once(three_cases, no_queue):
    with clock.at(LATER):
        deadlines.fire_cases(three_cases)
        deadlines.fire_cases(three_cases)
        deadlines.sweep()
    assert stages() == [50, 50, 50]
    assert fired() == 3


def test_a_case_that_does_not_exist_is_passed_over(three_cases):
    with clock.at(LATER):
        deadlines.fire_cases([987_654, *three_cases])
    assert stages() == [50, 50, 50]


def test_a_broken_case_becomes_an_incident_and_stops_no_other(three_cases, no_queue, caplog):
    """A timer of its procedure is due and its state cannot be read: an administrator is told, the others keep their turn, and the
    sweep leaves it alone for a while."""
    timer = {"case_id": three_cases[0], "key": "t", "element": "limite", "title": "limite", "due_at": LATER}
    with db.engine.connect().execution_options(write=True) as connection:
        connection.execute(Case.__table__.update().where(Case.id == three_cases[0]).values(state=b"no state"))
        connection.execute(Timer.__table__.insert(), [timer])
        connection.commit()
    with clock.at(LATER):
        deadlines.sweep()
        deadlines.sweep()
    assert stages() == [0, 50, 50]
    incidents = list(db.session.scalars(select(Incident)))
    assert [(incident.case_id, incident.attempts) for incident in incidents] == [(three_cases[0], 1)]


@pytest.fixture
def many(three_cases, monkeypatch):
    """The cases, as if they were too many for the administrator to wait for; and their calendar."""
    monkeypatch.setattr(recounting, "AT_ONCE", 2)
    code = db.session.scalar(select(Task.calendar_code).limit(1))
    db.session.rollback()
    return three_cases, code


def announced(code: str, day: str = "2026-11-04") -> None:
    admin_calendars.add_day(officer("atamboura"), code, {"day": day, "label": "Deuil national", "extent": "whole"})


def counted() -> dict[int, list[str]]:
    """Case -> why its deadlines were counted again."""
    entries = select(HistoryEntry.case_id, HistoryEntry.entry).where(HistoryEntry.kind == "deadlines.recomputed")
    found: dict[int, list[str]] = {}
    for case_id, entry in db.session.execute(entries):
        found.setdefault(case_id, []).append(json.loads(entry)["data"]["why"])
    db.session.rollback()
    return found


def test_a_changed_calendar_has_its_cases_counted_again_by_the_workers(many, deadlines_queue):
    cases, code = many
    with clock.at(MORNING):
        announced(code)
    assert [(job.func_name, job.args) for job in deadlines_queue.jobs] == [
        (recounting.RECOUNT, [cases[:2], code]),
        (recounting.RECOUNT, [cases[2:], code]),
    ]
    with clock.at(LATER):
        for job in deadlines_queue.jobs:
            deadlines.recount_cases(*job.args)
            deadlines.recount_cases(*job.args)
    assert counted() == {case_id: [f"calendar:{code}"] for case_id in cases}, "a doubled job counts once"


def test_what_the_store_lost_between_the_holiday_and_the_job_is_counted_by_the_sweep(many, deadlines_queue):
    cases, code = many
    with clock.at(MORNING):
        announced(code)
    deadlines_queue.empty()
    with clock.at(MORNING + SECONDS):
        deadlines.recount()
    assert deadlines_queue.count == 0, "the workers have their minute"
    with clock.at(MORNING + 2 * recounting.PATIENCE):
        deadlines.recount()
    assert [job.args[0] for job in deadlines_queue.jobs] == [cases[:2], cases[2:]]
    with clock.at(MORNING + 3 * recounting.PATIENCE):
        for job in deadlines_queue.jobs:
            deadlines.recount_cases(*job.args)
        deadlines_queue.empty()
        deadlines.recount()
        deadlines.recount()
    assert deadlines_queue.count == 0, "what was counted is not asked for again"
    assert counted() == {case_id: [f"calendar:{code}"] for case_id in cases}
    assert not waiting_calendars()


def test_without_a_queue_a_changed_calendar_is_counted_at_once(many, no_queue):
    cases, code = many
    with clock.at(MORNING):
        announced(code)
    assert counted() == {case_id: [f"calendar:{code}"] for case_id in cases}


def test_a_case_opened_while_the_holiday_was_announced_is_counted_too(many, deadlines_queue):
    """Its act may have read the calendar as it was."""
    cases, code = many
    with clock.at(MORNING):
        announced(code)
    late = open_case(MORNING + SECONDS).case_id
    deadlines_queue.empty()
    with clock.at(MORNING + 2 * recounting.PATIENCE):
        deadlines.recount()
    assert sorted(case for job in deadlines_queue.jobs for case in job.args[0]) == [*cases, late]


def test_a_case_that_cannot_be_counted_becomes_an_incident_and_stops_no_other(many, no_queue):
    cases, code = many
    with db.engine.connect().execution_options(write=True) as connection:
        connection.execute(Case.__table__.update().where(Case.id == cases[0]).values(state=b"no state"))
        connection.commit()
    with clock.at(MORNING):
        announced(code)
    with clock.at(MORNING + 2 * recounting.PATIENCE):
        deadlines.recount()
    assert set(counted()) == set(cases[1:])
    assert [incident.case_id for incident in db.session.scalars(select(Incident))] == [cases[0]]
    assert waiting_calendars() == [code], "it is counted when it is mended"


def waiting_calendars() -> list[str]:
    found = list(db.session.scalars(select(CalendarRow.code).where(CalendarRow.recount_from.is_not(None))))
    db.session.rollback()
    return found
