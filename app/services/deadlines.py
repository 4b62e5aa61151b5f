"""What falls due by itself: timers of procedures and the reminders of tasks. Never approves, refuses or pays."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import or_, select, union
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.tasks import Task
from app.db.timers import Timer
from app.db.transaction import Unit, transaction
from app.services import advance, clock, due_moments, incidents, reminders
from app.services.act import Act, locked
from app.services.actor import SYSTEM
from app.services.errors import Broken, NotFound
from app.services.handlers import HANDLERS
from workflows.engine import runtime


def due_case_ids(session: Session, now: dt.datetime, limit: int = 200) -> list[int]:
    """Cases in which something is due and was not carried out; those with a recent incident are left in peace. Takes no locks."""
    timers = select(Timer.case_id).where(Timer.due_at.is_not(None), Timer.due_at <= now)
    stages = select(Task.case_id).where(Task.closed_at.is_(None), Task.stage_at.is_not(None), Task.stage_at <= now)
    due = union(timers, stages).subquery()
    calm = or_(Case.incident_at.is_(None), Case.incident_at <= now)
    query = select(Case.id).join(due, due.c.case_id == Case.id).where(Case.closed_at.is_(None), calm).order_by(Case.id).limit(limit)
    return list(session.scalars(query))


def coming(session: Session, after: dt.datetime, until: dt.datetime, limit: int) -> list[tuple[dt.datetime, int]]:
    """(moment, case) of what falls due after one moment and up to another, in this order. Takes no locks."""
    timers = select(Timer.due_at.label("at"), Timer.case_id).where(Timer.due_at > after, Timer.due_at <= until)
    stages = select(Task.stage_at, Task.case_id).where(Task.closed_at.is_(None), Task.stage_at > after, Task.stage_at <= until)
    due = union(timers, stages).subquery()
    return [(at, case_id) for at, case_id in session.execute(select(due).order_by(due.c.at, due.c.case_id).limit(limit))]


def fire_due(case_id: int) -> bool:
    """Carries out what is due in a case now; whether anything was. Doubled, early and late calls are harmless.

    A procedure that cannot go on becomes an incident; it never stops other cases.
    """
    try:
        return transaction(lambda unit: _fire(unit, case_id), clock.now)
    except NotFound:
        return False
    except Broken as error:
        incidents.record(case_id, error)
        return False


def _fire(unit: Unit, case_id: int) -> bool:
    act = locked(unit, SYSTEM, HANDLERS, case_id=case_id)
    if act.case.closed_at is not None:
        return False
    timers = select(Timer.key).where(Timer.case_id == case_id, Timer.due_at.is_not(None), Timer.due_at <= unit.now).limit(1)
    timed = unit.session.scalar(timers) is not None
    passed = reminders.pass_due(act)
    if not timed and not passed.stages:
        return False
    if timed:
        act.perform(runtime.fire_due)
        advance.apply(act, "deadline.fired", _fired_element(act), data={"reminders": list(passed.stages)})
    else:  # nothing of the procedure moves: the engine is left alone
        advance.record(act, "deadline.fired", None, {"reminders": list(passed.stages)})
    advance.wake(act, passed.following)
    return True


def _fired_element(act: Act) -> str | None:
    return next((line.element for line in act.trace if line.kind == "event"), None)


# ------------------------------------------------------------------ moving deadlines
def recompute(act: Act, why: str) -> int:
    """Computes every open deadline of a locked case anew (a calendar changed) and writes the act; how many moved. Each move is traced."""
    act.perform(runtime.fire_due)
    moved = due_moments.move_tasks(act, why)
    due_moments.trace_timers(act, why)
    act.columns["counted_at"] = act.now
    advance.apply(act, "deadlines.recomputed", None, data={"why": why, "moved": moved})
    return moved
