"""Whose task it is: taking, giving back, handing over, and taking that back; drafts of what is being typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, update

from app.db.cases import Case, Team
from app.db.tasks import WAIT, Draft, Task
from app.db.transaction import Unit, transaction
from app.db.users import User
from app.services import actor as actors
from app.services import advance, clock, policy, undoing, versions
from app.services.act import Act, locked
from app.services.actor import Actor
from app.services.errors import Conflict, Forbidden, Invalid, NotFound
from app.services.handlers import HANDLERS
from app.services.tasks import ensure_open, excluded_by, reread

CHANGES = ("task.claimed", "task.released", "task.handed_over")
"""Kinds of entries by which a task changes hands."""


def claim(actor: Actor, task_id: int) -> None:
    """Takes a task of the team. Forbidden (not theirs), Conflict (taken or closed meanwhile)."""

    def work(unit: Unit) -> None:
        act, task = _opened(unit, actor, task_id)
        if task.assignee_id == actor.id:
            return
        if task.assignee_id is not None:
            raise Conflict("taken_by_other", who=_name(act, task.assignee_id))
        act.capacity = policy.ensure_may_do(unit.session, actor, task, act.case_type, excluded=_excluded(act, task))
        _give(act, task, actor.id, "task.claimed")

    transaction(work, clock.now)


def release(actor: Actor, task_id: int) -> None:
    """Gives a task back to its team."""

    def work(unit: Unit) -> None:
        act, task = _opened(unit, actor, task_id)
        if task.assignee_id is None:
            return
        _ensure_may_assign(act, task)
        _give(act, task, None, "task.released")

    transaction(work, clock.now)


def assign(actor: Actor, task_id: int, user_code: str) -> None:
    """Hands a task over to somebody who may do it. By its holder, or a supervisor of its role."""

    def work(unit: Unit) -> None:
        act, task = _opened(unit, actor, task_id)
        if task.assignee_id is not None or not policy.grants_for(actor, task, act.case_type):
            _ensure_may_assign(act, task)
        user = unit.session.scalars(select(User).where(User.code == user_code, User.active.is_(True))).one_or_none()
        other = actors.load(unit.session, user.id, unit.now.date()) if user else None
        if other is None:
            raise Invalid({"to": "Choisissez une personne de la liste."})
        try:
            free = _unassigned(task)
            policy.ensure_may_do(unit.session, other, free, act.case_type, excluded=_excluded(act, task))
        except Forbidden as refusal:
            raise Forbidden("assignee_cannot", who=other.name, why=refusal.sentence(actor.language)) from None
        _give(act, task, other.id, "task.handed_over")

    transaction(work, clock.now)


class _Free:
    """A task as if nobody held it."""

    assignee_id = None

    def __init__(self, task: Any) -> None:
        self._task = task

    def __getattr__(self, name: str) -> Any:
        return getattr(self._task, name)


def _unassigned(task: Any) -> Any:
    return _Free(task)


def _opened(unit: Unit, actor: Actor, task_id: int) -> tuple[Act, Any]:
    act = locked(unit, actor, HANDLERS, case_id=select(Task.case_id).where(Task.id == task_id).scalar_subquery())
    task = reread(act, task_id)
    ensure_open(act, task)
    if task.kind == WAIT:
        raise NotFound
    return act, task


def _excluded(act: Act, task: Any) -> tuple[str, ...]:
    spec = act.case_type.step(task.process, task.step)
    return excluded_by(spec) if spec else ()


def _ensure_may_assign(act: Act, task: Any) -> None:
    if task.assignee_id != act.actor.id and not policy.supervises(act.actor, task, act.case_type):
        raise Forbidden("may_not_assign")


def _give(act: Act, task: Any, user_id: int | None, kind: str, **data: Any) -> None:
    """The task is somebody's, or nobody's; the entry says whose it was, and whether the case became known to its holder by it."""
    session = act.unit.session
    where = (Task.id == task.id, Task.closed_at.is_(None))
    session.execute(update(Task).where(*where).values(assignee_id=user_id, claimed_at=act.now if user_id else None))
    joined = user_id is not None and session.get(Team, (act.case.id, user_id)) is None
    if joined:
        session.add(Team(case_id=act.case.id, user_id=user_id, since=act.now))
    codes = {id_: user.code if (user := session.get(User, id_)) else None for id_ in (user_id, task.assignee_id) if id_}
    told = {"task": task.id, "to": codes.get(user_id), "from": codes.get(task.assignee_id), "joined": joined}
    act.recorder.capacity = act.capacity
    advance.record(act, kind, task.step, {**told, **data})


# ------------------------------------------------------------------ taken back within a minute
def undo(actor: Actor, task_id: int) -> None:
    """Takes back the actor's own last change of hands: the task is whose it was before. NotFound; Conflict when a minute has passed,
    somebody changed it since, or whoever got it has begun."""

    def work(unit: Unit) -> None:
        act, task = _opened(unit, actor, task_id)
        entry, data = undoing.last(unit.session, act.case.id, CHANGES, lambda data: data.get("task") == task_id)
        undoing.ensure_mine(entry, actor, unit.now)
        act.capacity = undoing.capacity(entry)
        holder = unit.session.scalar(select(User.code).where(User.id == task.assignee_id))
        if data.get("to") != holder or data.get("undone"):
            raise Conflict("undo_changed")
        if task.assignee_id not in (None, actor.id) and unit.session.get(Draft, (task_id, task.assignee_id)) is not None:
            raise Conflict("undo_begun", who=_name(act, task.assignee_id))
        if data.get("joined"):
            unit.session.execute(delete(Team).where(Team.case_id == act.case.id, Team.user_id == task.assignee_id))
        before = unit.session.scalar(select(User.id).where(User.code == data["from"])) if data.get("from") else None
        kind = "task.released" if before is None else "task.claimed" if before == actor.id else "task.handed_over"
        _give(act, task, before, kind, undone=entry.seq)

    transaction(work, clock.now)


def _name(act: Act, user_id: int) -> str:
    user = act.unit.session.get(User, user_id)
    return user.name if user else "?"


# ------------------------------------------------------------------ drafts
def save_draft(actor: Actor, task_id: int, raw: Mapping[str, Any]) -> None:
    """Keeps what was typed into a task's form, as typed, for this user alone. NotFound for a task that the user may not see."""

    def work(unit: Unit) -> None:
        _ensure_sees(unit, actor, task_id)
        row = unit.session.get(Draft, (task_id, actor.id))
        if row is None:
            row = Draft(task_id=task_id, user_id=actor.id, raw={}, saved_at=unit.now)
            unit.session.add(row)
        row.raw, row.saved_at = dict(raw), unit.now

    transaction(work, clock.now)


def _ensure_sees(unit: Unit, actor: Actor, task_id: int) -> None:
    task = unit.session.get(Task, task_id)
    if task is None:
        raise NotFound
    case = unit.session.get_one(Case, task.case_id)
    case_type = versions.pinned(unit.session, case.version_hash)
    if not policy.grants_for(actor, task, case_type):
        policy.ensure_sees(unit.session, actor, case, case_type)
