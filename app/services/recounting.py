"""Open deadlines are counted again when a calendar changes: at once where they are few, else by the workers.

The calendar itself says from when on everything counted in it must have been counted anew, each case when it was: whatever a queue
loses on the way is found by the sweep.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from app import queue
from app.db.cases import Case
from app.db.posts import CalendarRow, Post
from app.db.tasks import COMPANION, Task
from app.db.timers import Timer
from app.db.transaction import Unit, transaction
from app.extensions import db
from app.services import clock, deadlines, incidents
from app.services.act import locked
from app.services.actor import SYSTEM
from app.services.errors import Broken, NotFound
from app.services.handlers import HANDLERS

RECOUNT = "app.jobs.deadlines.recount_cases"
AT_ONCE = 40
"""Cases that are counted before the administrator gets an answer; more go to the workers, by chunks."""
PATIENCE = dt.timedelta(minutes=1)
"""Left to the workers before the sweep asks again; longer than any act that still read the calendar as it was."""


def announce(unit: Unit, code: str) -> None:
    """In the transaction that changes a calendar: whatever is counted in it is to be counted again, after the commit or by the sweep."""
    unit.session.execute(update(CalendarRow).where(CalendarRow.code == code).values(recount_from=unit.now))
    unit.after_commit(lambda: recount(code))


def recount(code: str) -> None:
    """Count what is open in a calendar again: here when it is little or no queue answers, else by the workers."""
    ids = outdated(db.session(), code)
    db.session.rollback()
    if len(ids) <= AT_ONCE or not queue.enqueue_many(RECOUNT, chunks(ids, code), queue.DEADLINES):
        for case_id in ids:
            recount_case(case_id, code)


def chunks(ids: list[int], code: str) -> list[list[Any]]:
    """The arguments of the jobs that count these cases."""
    return [[ids[start : start + AT_ONCE], code] for start in range(0, len(ids), AT_ONCE)]


def recount_case(case_id: int, code: str) -> int:
    """Counts the open deadlines of a case again, unless that was done since the calendar changed; how many moved.

    A procedure that cannot go on becomes an incident.
    """
    try:
        return transaction(lambda unit: _recount(unit, case_id, code), clock.now)
    except NotFound:
        return 0
    except Broken as error:
        incidents.record(case_id, error)
        return 0


def _recount(unit: Unit, case_id: int, code: str) -> int:
    act = locked(unit, SYSTEM, HANDLERS, case_id=case_id)
    since = unit.session.scalar(select(CalendarRow.recount_from).where(CalendarRow.code == code))
    done = act.case.counted_at
    if act.case.closed_at is not None or since is None or (done is not None and done > since):
        return 0
    return deadlines.recompute(act, f"calendar:{code}")


# ------------------------------------------------------------------ the sweep
def forgotten(session: Session, now: dt.datetime) -> list[str]:
    """Calendars that changed a while ago and whose deadlines have perhaps not all been counted again."""
    query = select(CalendarRow.code).where(CalendarRow.recount_from.is_not(None), CalendarRow.recount_from <= now - PATIENCE)
    return list(session.scalars(query.order_by(CalendarRow.code)))


def outdated(session: Session, code: str, limit: int | None = None) -> list[int]:
    """Open cases with a deadline counted in a calendar and not counted again since it changed; those with a recent incident are left
    in peace. Takes no locks."""
    since = session.scalar(select(CalendarRow.recount_from).where(CalendarRow.code == code))
    if since is None:
        return []
    calm = or_(Case.incident_at.is_(None), Case.incident_at <= clock.now())
    return list(session.scalars(select(Case.id).where(*_behind(code, since), calm).order_by(Case.id).limit(limit)))


def _behind(code: str, since: dt.datetime) -> tuple[Any, ...]:
    never = and_(Case.counted_at.is_(None), Case.opened_at <= since + PATIENCE)
    return (Case.closed_at.is_(None), or_(Case.counted_at <= since, never), Case.id.in_(_counted_in(code)))


def _counted_in(code: str) -> Any:
    """Cases with a task counted in a calendar, or with a timer at a place that works by it."""
    tasks = select(Task.case_id).where(Task.closed_at.is_(None), Task.calendar_code == code, Task.kind != COMPANION)
    timers = select(Timer.case_id).join(Case, Case.id == Timer.case_id).join(Post, Post.code == Case.post_code)
    return tasks.union(timers.where(Post.calendar_code == code))


def settle(code: str, now: dt.datetime) -> bool:
    """Everything counted in the calendar is up to date: the sweep need not look there any more. Whether that is so."""

    def work(unit: Unit) -> bool:
        row = unit.session.scalars(select(CalendarRow).where(CalendarRow.code == code).with_for_update()).one()
        if row.recount_from is None or row.recount_from > now - PATIENCE:
            return False
        if unit.session.scalar(select(Case.id).where(*_behind(code, row.recount_from)).limit(1)) is not None:
            return False
        row.recount_from = None
        return True

    return transaction(work, clock.now)
