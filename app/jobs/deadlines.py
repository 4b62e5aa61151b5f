"""Deadlines: a job looks at cases and does what is due there; early, late, doubled or never, no harm is done."""

import logging
from collections.abc import Callable

from sqlalchemy.exc import OperationalError

from app import queue
from app.db import advisory
from app.extensions import db
from app.services import clock, deadlines, incidents, recounting
from app.services.errors import Broken

log = logging.getLogger(__name__)

CASES_A_JOB = 50
"""A job costs 10 ms to fork, a case 2: one case a job would take 212 s for 10 000."""
CASES_A_SWEEP = 20_000
BACKLOG = 400
FIRE = "app.jobs.deadlines.fire_cases"


def sweep() -> None:
    """Find every case with something due and have it looked at: by the workers, or right here when no queue answers."""
    with advisory.only_one(db.engine, "sweep") as alone:
        if not alone:
            return
        waiting = queue.waiting(queue.DEADLINES)
        if waiting is not None and waiting > BACKLOG:
            log.warning("deadlines_backlog", extra={"jobs": waiting})
            return
        ids = deadlines.due_case_ids(db.session(), clock.now(), CASES_A_SWEEP)
        db.session.rollback()
        if not ids:
            return
        if waiting is None or not queue.enqueue_many(FIRE, _chunks(ids), queue.DEADLINES):
            log.warning("deadlines_without_queue", extra={"cases": len(ids)})
            fire_cases(ids)


def fire_cases(ids: list[int]) -> None:
    """Do what is due in these cases, a transaction each. One that fails is recorded and keeps no other from its turn."""
    for case_id in ids:
        _attempt(case_id, lambda case_id=case_id: deadlines.fire_due(case_id))


def recount() -> None:
    """Find what is counted in a calendar that changed and was not counted again, and have it counted: the job was lost, or its worker."""
    with advisory.only_one(db.engine, "recount") as alone:
        now = clock.now()
        codes = recounting.forgotten(db.session(), now) if alone else []
        db.session.rollback()
        for code in codes:
            ids = recounting.outdated(db.session(), code, CASES_A_SWEEP)
            db.session.rollback()
            if not ids:
                recounting.settle(code, now)
                continue
            waiting = queue.waiting(queue.DEADLINES)
            if waiting is not None and waiting > BACKLOG:
                log.warning("deadlines_backlog", extra={"jobs": waiting})
            elif waiting is None or not queue.enqueue_many(recounting.RECOUNT, recounting.chunks(ids, code), queue.DEADLINES):
                recount_cases(ids, code)


def recount_cases(ids: list[int], code: str) -> None:
    """Count the open deadlines of these cases again, because the calendar `code` changed; those that were are passed over."""
    for case_id in ids:
        _attempt(case_id, lambda case_id=case_id: recounting.recount_case(case_id, code))


def _chunks(ids: list[int]) -> list[list[list[int]]]:
    """The arguments of the jobs that look at these cases."""
    return [[ids[start : start + CASES_A_JOB]] for start in range(0, len(ids), CASES_A_JOB)]


def _attempt(case_id: int, act: Callable[[], object]) -> None:
    try:
        act()
    except OperationalError as error:
        # Busy or away, not broken: the next sweep tries again.
        db.session.rollback()
        log.warning("deadline_postponed", extra={"case": case_id, "reason": str(error.orig)})
    except Exception as error:
        db.session.rollback()
        log.exception("deadline_failed", extra={"case": case_id})
        _record(case_id, error)


def _record(case_id: int, error: Exception) -> None:
    # An administrator sees it, and the sweep leaves the case alone for a while.
    try:
        incidents.record(case_id, Broken(f"{type(error).__name__}: {error}"[:500], element=None))
    except Exception:
        db.session.rollback()
        log.exception("incident_not_recorded", extra={"case": case_id})
