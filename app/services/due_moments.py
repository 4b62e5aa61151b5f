"""Open deadlines set to what now holds (another calendar, another fact, another post), each move traced in the history."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Row, select, update

from app.db.tasks import COMPANION, NO_DEADLINE, Task
from app.db.timers import Timer
from app.services import pauses, placing, scheduling
from app.services.act import Act
from app.services.projections import timer_key


def move_tasks(act: Act, why: str) -> int:
    """Inside an act: sets every task that stays open to the deadline that now holds; how many moved."""
    given = _deadlines(act)
    moved = 0
    for row in _open_tasks(act):
        if row.kind == COMPANION or row.engine_id not in given:
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
