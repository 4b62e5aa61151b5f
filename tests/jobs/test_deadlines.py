"""What is due is done once, with a queue or without; one broken case stops no other."""

import datetime as dt

import pytest
from sqlalchemy import func, select

from app import queue
from app.db.cases import Case, Incident
from app.db.history import HistoryEntry
from app.db.tasks import Task
from app.db.timers import Timer
from app.extensions import db
from app.jobs import deadlines
from app.services import clock
from tests.support.cases import open_case

MORNING = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
LATER = MORNING + dt.timedelta(hours=2, minutes=1)


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


def test_a_changed_calendar_has_its_cases_computed_anew(three_cases, deadlines_queue):
    code = db.session.scalar(select(Task.calendar_code).limit(1))
    db.session.rollback()
    deadlines.calendar_changed(code)
    assert [(job.func_name, sorted(job.args[0]), job.args[1]) for job in deadlines_queue.jobs] == [
        (deadlines.RECOMPUTE, three_cases, code)
    ]
    with clock.at(LATER):
        deadlines.recompute_cases(*deadlines_queue.jobs[0].args)
    assert not list(db.session.scalars(select(Incident)))
