"""Completing a task: the use case that everything else stands on. Claiming and handing over are in `assignment.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import bindparam, delete, exists, select

from app.db.tasks import COMPANION, STEP, Draft, Task
from app.db.transaction import Unit, transaction
from app.db.users import User
from app.extensions import db
from app.services import advance, answers, clock, companions, controls, deadlines, effects, field_notes, incidents, keys, policy, sheets
from app.services.act import Act, locked
from app.services.actor import Actor
from app.services.errors import Broken, Conflict, NotFound
from app.services.handlers import HANDLERS
from workflows.engine import runtime
from workflows.errors import TaskNotOpen

_TASK, _DRAFT = Task.__table__, Draft.__table__
_OWN_DRAFT = (_DRAFT.c.task_id == bindparam("task_id"), _DRAFT.c.user_id == bindparam("user_id"))
_READ = select(*_TASK.c, exists().where(*_OWN_DRAFT).label("has_draft")).where(_TASK.c.id == bindparam("task_id"))
_READ_WITH_KEY = _READ.add_columns(*keys.WITH_KEY).select_from(keys.beside(_TASK))
_FORGET_DRAFT = delete(_DRAFT).where(*_OWN_DRAFT)
_NEXT = (
    select(_TASK.c.id)
    .where(_TASK.c.case_id == bindparam("case_id"), _TASK.c.assignee_id == bindparam("user_id"), _TASK.c.closed_at.is_(None))
    .order_by(_TASK.c.due_at, _TASK.c.id)
    .limit(1)
)


@dataclass(frozen=True)
class Completion:
    """What a completed act leads to: the case, and the next task of the same actor in it, if there is one."""

    case_id: int
    reference: str
    task_id: int
    step: str
    next_task_id: int | None
    closed_case: bool = False


@dataclass(frozen=True)
class Once:
    """What makes an act happen once: its key, and the digest of what it was given."""

    key: str
    body: str


def complete_task(actor: Actor, task_id: int, data: Mapping[str, Any], key: str | None = None) -> Completion:
    """Completes a step with the answers of its form.

    data: what was typed, by field. key: made when the form was shown; the same key again answers the same.
    Raises NotFound, Forbidden (not theirs, separation of duties), Invalid (fields), Conflict (somebody or a deadline came first),
    Broken (an incident is recorded).
    """
    if key is not None:
        keys.ensure_fit(key)
    try:
        return transaction(lambda unit: _complete(unit, actor, task_id, data, key), clock.now)
    except TaskNotOpen:
        look_again(task_id)
        raise Conflict("task_moved_on") from None
    except Broken as error:
        incidents.record(case_of(task_id), error)
        raise


def complete_within(unit: Unit, actor: Actor, task_id: int, data: Mapping[str, Any]) -> Completion:
    """The same inside a transaction that does more. TaskNotOpen is left to the caller."""
    return _complete(unit, actor, task_id, data, None)


def _complete(unit: Unit, actor: Actor, task_id: int, data: Mapping[str, Any], key: str | None) -> Completion:
    act = locked(unit, actor, HANDLERS, task_id=task_id)
    once = Once(key, keys.body_hash("complete", task_id, data)) if key is not None else None
    task = _row(act, task_id, once)
    if once is not None and task.known_body is not None:
        return Completion(**keys.replayed(task.known_body, task.known_answer, once.body))
    _ensure_there(act, task)
    ensure_open(act, task)
    if task.kind == COMPANION:
        return _companion(act, task, data, once)
    if task.kind != STEP:
        raise NotFound
    spec = act.case_type.elements.in_process[task.process, task.step]
    act.capacity = policy.ensure_may_do(unit.session, actor, task, act.case_type, excluded=excluded_by(spec))
    act.recorder.capacity = act.capacity
    form = answers.form_of(act, task, spec.form)
    values = answers.validate(act, task, form, data)
    field_notes.ensure(act, form, values)
    controls.check(act, task, spec.properties.get("control"), values)
    effects.carry_out(act, task.step, effects.of(act, task, form, values))
    sheets.follow_person(act, values)
    act.perform(runtime.complete, task.engine_id, values)
    told = advance.beside_the_facts(act, task, values)
    advance.apply(act, "task.completed", task.step, task=task, data={"task": task_id, "due": task.due_at.isoformat()}, told=told)
    return _answer(act, task, once)


def _companion(act: Act, task: Any, data: Mapping[str, Any], once: Once | None) -> Completion:
    act.capacity = policy.ensure_may_do(act.unit.session, act.actor, task, act.case_type)
    act.recorder.capacity = act.capacity
    companions.complete(act, task, data)
    return _answer(act, task, once)


def _answer(act: Act, task: Any, once: Once | None) -> Completion:
    connection, mine = act.unit.connection, {"user_id": act.actor.id}
    if task.has_draft:
        connection.execute(_FORGET_DRAFT, {"task_id": task.id, **mine})
    following = connection.scalar(_NEXT, {"case_id": act.case.id, **mine})
    ended = bool(act.last and act.last.ended)
    done = Completion(act.case.id, act.case.reference, task.id, task.step, following, ended)
    if once is not None:
        keys.keep(act.unit, act.actor.code, once.key, once.body, asdict(done))
    return done


def excluded_by(spec: Any) -> tuple[str, ...]:
    """Steps whose performers may not do this one."""
    return tuple(step.strip() for step in str(spec.properties.get("four_eyes") or "").split(",") if step.strip())


def reread(act: Act, task_id: int) -> Any:
    """The task as it is under the lock of its case, and whether the actor has a draft of it (`has_draft`); NotFound when the actor may
    not see the case."""
    row = _row(act, task_id)
    _ensure_there(act, row)
    return row


def _row(act: Act, task_id: int, once: Once | None = None) -> Any:
    given: dict[str, Any] = {"task_id": task_id, "user_id": act.actor.id}
    if once is not None:
        found = act.unit.connection.execute(_READ_WITH_KEY, {**given, "by": act.actor.code, "as": once.key})
    else:
        found = act.unit.connection.execute(_READ, given)
    row = found.one_or_none()
    if row is None:
        raise NotFound
    return row


def _ensure_there(act: Act, task: Any) -> None:
    if not policy.grants_for(act.actor, task, act.case_type):
        policy.ensure_sees(act.unit.session, act.actor, act.case, act.case_type)


def ensure_open(act: Act, task: Any) -> None:
    """Conflict when the task is closed (who, when) or its case does not move."""
    if task.closed_at is not None:
        if task.closed_how == "done" and task.closed_by_id is not None:
            who = act.unit.session.get(User, task.closed_by_id)
            raise Conflict("already_done", who=who.name if who else "?", when=task.closed_at.strftime("%d/%m/%Y %H:%M UTC"))
        raise Conflict("task_withdrawn")
    if act.case.closed_at is not None and task.kind != COMPANION:
        raise Conflict("case_closed")
    if act.case.suspended_at is not None:
        raise Conflict("case_suspended")


def case_of(task_id: int) -> int:
    """The case of a task."""
    return db.session.scalars(select(Task.case_id).where(Task.id == task_id)).one()


def look_again(task_id: int) -> None:
    """A deadline that was due closed the task while somebody answered it: carry the deadline out now."""
    deadlines.fire_due(case_of(task_id))
