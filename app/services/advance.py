"""Applies what an act did to the rows: facts, tasks, timers, notifications, history, the case itself. Never commits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import CursorResult, SQLColumnExpression, bindparam, insert, update

from app import queue
from app.db import facts as fact_rows
from app.db.cases import Case, KeptMessage
from app.db.outbox import Notification
from app.db.tasks import COMPANION
from app.db.transaction import LostUpdate
from app.services import due_moments, incidents, letters, onlookers, projections
from app.services.act import Act
from app.services.operations import waiting
from app.services.promotion import promoted_columns

_CASE = Case.__table__
_MOVE = update(_CASE).where(_CASE.c.id == bindparam("this_case"), _CASE.c.lock_version == bindparam("this_version"))
_NOTIFY = insert(Notification.__table__)


def apply(
    act: Act,
    cause: str,
    element: str | None,
    *,
    task: Any = None,
    data: Mapping[str, Any] | None = None,
    told: Mapping[str, tuple[Any, Any]] | None = None,
) -> None:
    """Writes an act. `cause` and `element` name its history entry; `task` is the row that the actor completed, if it was one;
    `told`: what the entry tells besides the facts that changed."""
    if act.recounting:
        due_moments.move_tasks(act, act.recounting)
        due_moments.trace_timers(act, act.recounting)
    seq = _history(act, cause, element, data or {}, told or {})
    _facts(act, seq)
    wakes = projections.write(act, task)
    _notifications(act)
    _messages_taken(act)
    act.recorder.write(act.unit.connection)
    if act.case.incident_at is not None:
        # The engine went on, whatever was due before it: what broke is mended.
        incidents.resolve(act.unit, act.case.id, act.actor)
        act.columns["incident_at"] = None
    _case(act)
    wake(act, wakes)
    onlookers.tell(act)


def wake(act: Act, moments: Sequence[dt.datetime]) -> None:
    """After the commit, asks the queue to look at the case again at the first of these moments, if that is near."""
    first = min(moments, default=None)
    if first is not None and first <= act.now + queue.HORIZON:
        case_id = act.case.id
        act.unit.after_commit(lambda: queue.enqueue_at(first, "app.jobs.deadlines.fire_cases", [case_id], queue=queue.DEADLINES))


def record(act: Act, kind: str, element: str | None, data: Mapping[str, Any], told: Mapping[str, tuple[Any, Any]] | None = None) -> None:
    """An act that does not move the engine (a task changed hands, a note): its entry, and the head of the chain on the case.
    `told`: values (before, after) that the entry keeps sealed, as they may name persons."""
    act.recorder.add(kind, element, data=data, changes=told)
    act.recorder.write(act.unit.connection)
    _case(act)


def beside_the_facts(act: Act, task: Any, values: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Answers that become no fact of the case (of a step that each of several persons does, or beside the procedure), and those that the
    procedure itself replaced in the same act, as an entry keeps them: under the account of the task itself."""
    after: dict[str, list[Any]] = {}
    for (_, name), value in act.after.items():
        after.setdefault(name, []).append(value)
    own = bool(task.item) or task.kind == COMPANION
    lost = (
        name
        for name, value in values.items()
        if value is not None and (name not in after if own else value not in after.get(name, [value]))
    )
    return {f"{name}@{task.engine_id}": (None, values[name]) for name in lost}


def _history(act: Act, cause: str, element: str | None, data: Mapping[str, Any], told: Mapping[str, tuple[Any, Any]]) -> int:
    """The entry of the act: what changed (sealed), which rules fired, where the tokens went."""
    changes = {name if not scope else f"{name}@{scope}": (act.before[scope, name], value) for (scope, name), value in act.after.items()}
    known = {key: pair for key, pair in changes.items() if pair[0] != pair[1]} | dict(told)
    reasons = [{"kind": line.kind, "element": line.element, "detail": line.detail, "process": line.process} for line in act.trace]
    body = {
        **data,
        "trace": reasons,
        "opened": sorted(step.step for step in act.opened.values()),
        "withdrawn": sum(how == "withdrawn" for how in act.closed.values()),
    }
    seq = act.recorder.add(cause, element, data=body, changes=known)
    if act.last and act.last.ended:
        seq = act.recorder.add(f"case.{act.last.ended}", data={"outcome": act.fact("issue")})
    return seq


def _facts(act: Act, seq: int) -> None:
    rows = [
        {"case_id": act.case.id, "scope": scope, "name": name, "value": fact_rows.written(value), "entry_seq": seq}
        for (scope, name), value in act.after.items()
        if act.before[scope, name] != value or value is None
    ]
    if rows:
        fact_rows.put(act.unit.connection, rows)


def _notifications(act: Act) -> None:
    rows = [row for effect in act.effects for row in letters.notifications(act, effect)]
    if rows:
        act.unit.connection.execute(_NOTIFY, rows)
        act.unit.after_commit(lambda: queue.enqueue_soon("app.jobs.notifications.sweep"))


def _messages_taken(act: Act) -> None:
    kept = [int(message.id) for message in act.kept if message.id in act.taken]
    if kept:
        act.unit.session.execute(update(KeptMessage).where(KeptMessage.id.in_(kept)).values(taken_at=act.now))
        act.columns["kept_messages"] = Case.kept_messages - len(kept)


def _case(act: Act) -> None:
    """The row of the case, only if nobody wrote it meanwhile (the second guard behind the lock)."""
    values: dict[Any, Any] = {
        **promoted_columns(act),
        **act.columns,
        "history_seq": act.recorder.seq,
        "history_head": act.recorder.head,
        "lock_version": act.case.lock_version + 1,
    }
    if act.last:
        values["state"] = act.state
        values["scopes"] = list(act.last.scopes)
        if act.last.ended:
            values.setdefault("closed_at", act.now)
    computed = {name: value for name, value in values.items() if isinstance(value, SQLColumnExpression)}
    statement = _MOVE.values(computed) if computed else _MOVE
    given = {name: value for name, value in values.items() if name not in computed}
    result = act.unit.connection.execute(statement, {**given, "this_case": act.case.id, "this_version": act.case.lock_version})
    assert isinstance(result, CursorResult)
    if result.rowcount != 1:
        raise LostUpdate(act.case.reference)
    parent_id = values.get("parent_id", act.case.parent_id)
    if parent_id is not None and ("closed_at" in values or "stage" in values):
        # Its operation may wait for just this: looked at when this act is written, for it is never locked from here.
        act.unit.after_commit(lambda: queue.enqueue_soon(waiting.LOOK, parent_id))
