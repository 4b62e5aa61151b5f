"""What falls due by itself: timers of procedures and the reminders of tasks. Never approves, refuses or pays."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Row, or_, select, union, update
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.tasks import COMPANION, NO_DEADLINE, Task
from app.db.timers import Timer
from app.db.transaction import Unit, transaction
from app.services import advance, clock, incidents, pauses, placing, reminders, scheduling
from app.services.act import Act, locked
from app.services.actor import SYSTEM
from app.services.errors import Broken, NotFound
from app.services.handlers import HANDLERS
from app.services.projections import timer_key
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
    moved = move_tasks(act, why)
    trace_timers(act, why)
    act.columns["counted_at"] = act.now
    advance.apply(act, "deadlines.recomputed", None, data={"why": why, "moved": moved})
    return moved


def move_tasks(act: Act, why: str) -> int:
    """Inside an act: sets every open task to the deadline that now holds; how many moved."""
    given = _deadlines(act)
    moved = 0
    for row in _open_tasks(act):
        if row.kind == COMPANION:
            continue
        deadline = row.extended_to or given.get(row.engine_id)
        calendar = placing.calendar_of(act, row.post_code)[1]
        priority = act.after.get(("", "priorite")) or act.case.priority
        plan = scheduling.plan(calendar, row.opened_at, deadline, priority, pauses=pauses.of_task(act, row.id), reached=row.stage)
        if plan.due_at == row.due_at and plan.stage_at == row.stage_at:
            continue
        act.unit.session.execute(update(Task).where(Task.id == row.id).values(**plan.row(), priority=priority))
        if plan.due_at != row.due_at:
            moved += 1
            act.recorder.add("deadline.moved", row.step, data={"from": _text(row.due_at), "to": _text(plan.due_at), "why": why})
    return moved


def trace_timers(act: Act, why: str) -> None:
    """Inside an act that has looked again, before its rows are written: an entry for every timer of the procedure that moved."""
    assert act.last is not None
    rows = act.unit.session.execute(select(Timer.key, Timer.due_at).where(Timer.case_id == act.case.id))
    before = {row.key: row.due_at for row in rows}
    for timer in act.last.timers:
        known = before.get(timer_key(timer), timer.at)
        if known != timer.at:
            told = [moment and moment.isoformat(timespec="seconds") for moment in (known, timer.at)]
            act.recorder.add("deadline.moved", timer.event, data={"from": told[0], "to": told[1], "why": why})


def _deadlines(act: Act) -> dict[str, Any]:
    """What each open step and wait says of its deadline, with facts as they are now, by engine id."""
    assert act.last is not None
    found = {step.id: step.extensions.get("deadline") for step in act.last.open}
    return found | {f"{wait.id}:{wait.element}": wait.extensions.get("deadline") for wait in act.last.awaited}


def _open_tasks(act: Act) -> list[Row[Any]]:
    query = select(*Task.__table__.c).where(Task.case_id == act.case.id, Task.closed_at.is_(None)).order_by(Task.id)
    return list(act.unit.session.execute(query))


def _text(moment: dt.datetime) -> str | None:
    return None if moment == NO_DEADLINE else moment.isoformat(timespec="seconds")
