"""Tasks and timers as rows: computed from the engine's state after an act, or all of them again (`flask projections`)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from app.db.tasks import COMPANION, NO_DEADLINE, STEP, WAIT, Task
from app.db.timers import Timer
from app.services import eligibility, placing, scheduling
from app.services.act import Act
from workflows.outcome import Awaited, Due, Open

_TASK, _TIMER = Task.__table__, Timer.__table__
_OPEN, _TIMERS = insert(_TASK), insert(_TIMER)
_DONE = (
    update(_TASK)
    .where(_TASK.c.id == bindparam("done_id"))
    .values(closed_at=bindparam("at"), closed_by_id=bindparam("by"), closed_behind_id=bindparam("behind"), closed_how="done", stage_at=None)
)
_WITHDRAW_ALL = (
    update(_TASK)
    .where(_TASK.c.case_id == bindparam("of_case"), _TASK.c.closed_at.is_(None))
    .values(closed_at=bindparam("at"), closed_how="withdrawn", stage_at=None)
)
_WITHDRAW = _WITHDRAW_ALL.where(_TASK.c.engine_id.in_(bindparam("engine_ids", expanding=True)))
_OVER = select(_TASK.c.id).where(_TASK.c.case_id == bindparam("of_case"), _TASK.c.closed_at.is_not(None))
_WITHDRAW_COMPANIONS = _WITHDRAW_ALL.where(_TASK.c.kind == COMPANION, _TASK.c.subject_id.in_(_OVER.correlate(None)))
"""A delay that is over needs no supervisor any more."""
_OPEN_WAITS = select(_TASK.c.engine_id).where(_TASK.c.case_id == bindparam("case_id"), _TASK.c.kind == WAIT, _TASK.c.closed_at.is_(None))
_NO_TIMERS = delete(_TIMER).where(_TIMER.c.case_id == bindparam("of_case"))
HALF = 32
NOTHING = "0" * HALF
LATE = 100
"""The stage, in per cent, from which a supervisor has a task about a late one."""


def write(act: Act, done: Any = None) -> list[dt.datetime]:
    """Closes, opens and moves rows after an act; the moments at which the case must be looked at again.

    done: the task row that the actor has completed (closed as theirs; all other closed steps were withdrawn).
    """
    outcome = act.last
    if outcome is None:
        return []
    _close(act, done)
    rows = [step_row(act, step, done) for step in act.opened.values()]
    before, after = act.case.timers_digest, digest(act)
    if before[:HALF] != after[:HALF]:
        rows += _waits(act, before[:HALF] != NOTHING)
    if rows:
        act.unit.connection.execute(_OPEN, rows)
    wakes = [row["stage_at"] for row in rows if row["stage_at"]]
    if before[HALF:] != after[HALF:]:
        wakes += _timers(act, before[HALF:] != NOTHING)
    if before != after:
        act.columns["timers_digest"] = after
    wakes += _follow_facts(act)
    return wakes


def timer_key(timer: Due) -> str:
    """Identifies a timer from act to act."""
    return f"{timer.id}:{timer.event}:{timer.round}"


def wait_key(wait: Awaited) -> str:
    """Identifies a wait from act to act."""
    return f"{wait.id}:{wait.element}"


def visible_waits(act: Act) -> dict[str, Awaited]:
    """Messages for which the case stands still, by key; facts that may come at any time are not waits."""
    assert act.last is not None
    return {wait_key(wait): wait for wait in act.last.awaited if wait.kind in ("step", "gateway")}


# ------------------------------------------------------------------ tasks
def _close(act: Act, done: Any) -> None:
    execute, now = act.unit.connection.execute, {"of_case": act.case.id, "at": act.now}
    mine = done.engine_id if done is not None else None
    withdrawn = [engine_id for engine_id, how in act.closed.items() if engine_id != mine]
    if mine is not None:
        execute(_DONE, {"done_id": done.id, "at": act.now, "by": act.actor.id, "behind": act.capacity.behind})
    if act.last and act.last.ended:
        execute(_WITHDRAW_ALL, now)
        return
    if withdrawn:
        execute(_WITHDRAW, {**now, "engine_ids": withdrawn})
    if withdrawn or (done is not None and done.stage >= LATE):
        execute(_WITHDRAW_COMPANIONS, now)


def _common(act: Act, source: Open | Awaited, done: Any) -> dict[str, Any]:
    place = eligibility.routed(act, source, placing.place_of(act, source), done)
    calendar_code, calendar = placing.calendar_of(act, place.post_code)
    priority = act.after.get(("", "priorite")) or act.case.priority
    plan = scheduling.plan(
        calendar, act.now, source.extensions.get("deadline"), priority, reminders=source.extensions.get("reminders") != "none"
    )
    return {
        "case_id": act.case.id,
        "title": source.title[:200],
        "process": source.process,
        "scope": source.scope,
        "chain": [[link.id, link.process] for link in source.chain],
        "lane": source.lane,
        "role": place.role,
        "post_code": place.post_code,
        "case_type": act.case.case_type,
        "country": act.after.get(("", act.case_type.promoted.get("country", "")), act.case.country),
        "priority": priority,
        "barred": act.columns.get("barred", act.case.barred),
        "sent_by_id": act.actor.id,
        "opened_at": act.now,
        "calendar_code": calendar_code,
        "assignee_id": placing.assignee_of(act, source, place, done),
        **plan.row(),
    }


def step_row(act: Act, step: Open, done: Any = None) -> dict[str, Any]:
    """The row of an open step."""
    from_engine = {"engine_id": step.id, "kind": STEP, "step": step.step, "message": None, "item": placing.plain(step.item)}
    row = {**_common(act, step, done), **from_engine, "claimed_at": None}
    if row["assignee_id"] is not None:
        row["claimed_at"] = act.now
    return row


def wait_row(act: Act, wait: Awaited) -> dict[str, Any]:
    """The row of a message for which the case stands still."""
    from_engine = {"engine_id": wait_key(wait), "kind": WAIT, "step": wait.element, "message": wait.message, "item": {}}
    return {**_common(act, wait, None), **from_engine, "assignee_id": None, "claimed_at": None}


def _waits(act: Act, had_some: bool) -> list[dict[str, Any]]:
    """Rows to insert for new waits; those that are over are closed."""
    session, now = act.unit.session, visible_waits(act)
    known = set(act.unit.connection.scalars(_OPEN_WAITS, {"case_id": act.case.id})) if had_some and act.case.history_seq else set()
    over = known - set(now)
    if over:
        how = {"closed_at": act.now, "closed_how": "done" if act.taken else "withdrawn", "closed_by_id": act.actor.id, "stage_at": None}
        session.execute(update(Task).where(Task.case_id == act.case.id, Task.engine_id.in_(over)).values(how))
    return [wait_row(act, wait) for key, wait in now.items() if key not in known]


# ------------------------------------------------------------------ timers
def timer_rows(act: Act) -> list[dict[str, Any]]:
    """All timers that wait now."""
    assert act.last is not None
    return [
        {"case_id": act.case.id, "key": timer_key(timer), "element": timer.event, "title": timer.title[:200], "due_at": timer.at}
        for timer in act.last.timers
    ]


def _timers(act: Act, had_some: bool) -> list[dt.datetime]:
    rows = timer_rows(act)
    if had_some and act.case.history_seq:
        act.unit.connection.execute(_NO_TIMERS, {"of_case": act.case.id})
    if rows:
        act.unit.connection.execute(_TIMERS, rows)
    return [row["due_at"] for row in rows if row["due_at"] is not None]


def _follow_facts(act: Act) -> list[dt.datetime]:
    """Deadlines of open tasks that follow a fact move with it."""
    assert act.last is not None
    moving = [step for step in act.last.open if step.id not in act.opened and isinstance(step.extensions.get("deadline"), dt.datetime)]
    if not moving or not any(not scope and isinstance(value, dt.datetime) for (scope, _), value in act.after.items()):
        return []
    wakes = []
    for step in moving:
        where = (Task.case_id == act.case.id, Task.engine_id == step.id, Task.closed_at.is_(None))
        row = act.unit.session.execute(select(Task.id, Task.opened_at, Task.stage, Task.due_at, Task.post_code).where(*where)).one_or_none()
        deadline = step.extensions["deadline"]
        if row is None or row.due_at == deadline:
            continue
        calendar = placing.calendar_of(act, row.post_code)[1]
        plan = scheduling.plan(calendar, row.opened_at, deadline, act.case.priority, reached=row.stage if deadline < row.due_at else 0)
        act.unit.session.execute(update(Task).where(Task.id == row.id).values(plan.row()))
        act.recorder.add("deadline.moved", step.step, data={"from": _iso(row.due_at), "to": _iso(plan.due_at), "why": "fact"})
        wakes += [plan.stage_at] if plan.stage_at else []
    return wakes


def digest(act: Act) -> str:
    """A short name for the waits and one for the timers of a case, to see whether they changed; NOTHING where there are none."""
    assert act.last is not None
    return _short(visible_waits(act)) + _short((timer_key(timer), timer.at) for timer in act.last.timers)


def _short(lines: Iterable[Any]) -> str:
    texts = sorted(map(repr, lines))
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:HALF] if texts else NOTHING


def _iso(moment: dt.datetime) -> str | None:
    return None if moment == NO_DEADLINE else moment.isoformat(timespec="seconds")
