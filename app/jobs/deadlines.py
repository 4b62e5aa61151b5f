"""Deadlines: a job looks at cases and does what is due there; early, late, doubled or never, no harm is done."""

import logging

from app import queue
from app.db import advisory
from app.extensions import db
from app.services import deadlines

log = logging.getLogger(__name__)

CASES_A_JOB = 50
"""A job costs 10 ms to fork, a case 2: one case a job would take 212 s for 10 000."""
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
        ids = deadlines.due_case_ids()
        chunks = [ids[start : start + CASES_A_JOB] for start in range(0, len(ids), CASES_A_JOB)]
        if not chunks or (waiting is not None and queue.enqueue_many(FIRE, [[chunk] for chunk in chunks], queue.DEADLINES)):
            return
        log.warning("deadlines_fired_without_queue", extra={"cases": len(ids)})
        fire_cases(ids)


def fire_cases(ids: list[int]) -> None:
    """Do what is due in these cases, a transaction each. One that fails is recorded and keeps no other from its turn."""
    for case_id in ids:
        try:
            deadlines.fire_due(case_id)
        except Exception:
            db.session.rollback()
            log.exception("deadline_failed", extra={"case": case_id})


def recompute_cases(ids: list[int], calendar: str) -> None:
    """Count the open deadlines of these cases again: a day of this calendar was announced, moved or taken back."""
    for case_id in ids:
        try:
            deadlines.recompute(case_id, f"calendar:{calendar}")
        except Exception:
            db.session.rollback()
            log.exception("recompute_failed", extra={"case": case_id})
