"""The queue hears of what falls due when it comes near: once, from the sweep or from the act itself."""

import datetime as dt

import pytest
from rq.registry import ScheduledJobRegistry

from app import queue
from app.jobs import announcing, deadlines
from app.jobs.announcing import Announcer
from app.services import clock
from tests.support.cases import open_case

MORNING = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
DUE = MORNING + dt.timedelta(hours=2)
"""When half of the first step's four hours are over."""


def told(kept) -> list[tuple[dt.datetime, list[int]]]:
    registry = ScheduledJobRegistry(queue=kept)
    jobs = [(registry.get_scheduled_time(job_id), kept.fetch_job(job_id).args[0]) for job_id in registry.get_job_ids()]
    return sorted((at, sorted(ids)) for at, ids in jobs)


@pytest.fixture
def three_cases(ministry, deadlines_queue):
    return [open_case(MORNING).case_id for _ in range(3)]


def test_an_act_leaves_the_queue_alone_with_what_is_far_away(three_cases, deadlines_queue):
    assert told(deadlines_queue) == []


def test_an_act_tells_the_queue_what_is_near(ministry, deadlines_queue, monkeypatch):
    monkeypatch.setattr(queue, "HORIZON", dt.timedelta(hours=2))
    case_id = open_case(MORNING).case_id
    assert told(deadlines_queue) == [(DUE + queue.AFTER_DUE, [case_id])]


def test_what_comes_near_is_told_once(three_cases, deadlines_queue):
    announcer = Announcer()
    for minutes in (5, 2.9, 2, 1):
        with clock.at(DUE - dt.timedelta(minutes=minutes)):
            announcer.announce()
    assert told(deadlines_queue) == [(DUE + queue.AFTER_DUE, three_cases)]


def test_what_a_store_did_not_take_is_told_again(three_cases, deadlines_queue, monkeypatch):
    announcer = Announcer()
    with clock.at(DUE - dt.timedelta(minutes=2)), monkeypatch.context() as broken:
        broken.setattr(queue, "enqueue_at", lambda *_, **__: False)
        announcer.announce()
    with clock.at(DUE - dt.timedelta(minutes=1)):
        announcer.announce()
    assert told(deadlines_queue) == [(DUE + queue.AFTER_DUE, three_cases)]


def test_many_at_once_are_told_in_handfuls(three_cases, deadlines_queue, monkeypatch):
    monkeypatch.setattr(announcing, "CASES_A_JOB", 2)
    with clock.at(DUE - dt.timedelta(minutes=1)):
        Announcer().announce()
    assert [len(ids) for _, ids in told(deadlines_queue)] == [2, 1]


def test_what_was_told_of_is_done(three_cases, deadlines_queue):
    with clock.at(DUE - dt.timedelta(minutes=1)):
        Announcer().announce()
    ((_, ids),) = told(deadlines_queue)
    with clock.at(DUE + queue.AFTER_DUE):
        deadlines.fire_cases(ids)
        assert deadlines.deadlines.due_case_ids(deadlines.db.session(), clock.now()) == []
