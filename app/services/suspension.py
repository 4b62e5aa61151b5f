"""A case that stands still for a while: working days stop counting, what is driven by facts or hours goes on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from app.db.cases import Pause
from app.db.tasks import Task
from app.db.transaction import Unit, transaction
from app.services import advance, clock, due_moments, policy
from app.services.act import Act, load_pauses, locked
from app.services.actor import Actor
from app.services.errors import Conflict, Forbidden, Invalid, NotFound
from app.services.handlers import HANDLERS
from workflows.engine import runtime

SUSPENDED = "suspendu"
DECIDES = "decide"
TASK_REASONS = ("attente_complement", "attente_externe")
"""Why a single task may wait (domain: conventions §3)."""


def suspend(actor: Actor, case_id: int, reason: str) -> None:
    """Suspends a case, with a reason. By whoever decides on it. Raises NotFound, Forbidden, Invalid, Conflict."""
    if not reason.strip():
        raise Invalid({"reason": "reason_missing"}, reason)

    def work(unit: Unit) -> None:
        act = _opened(unit, actor, case_id)
        if act.case.suspended_at is not None:
            raise Conflict("case_suspended")
        unit.session.add(
            Pause(case_id=case_id, reason=SUSPENDED, comment=reason.strip()[:2000], starts_at=unit.now, status_before=act.case.status)
        )
        unit.session.flush()
        act.columns |= {"suspended_at": unit.now, "status": SUSPENDED}
        _move(act, "case.suspended", reason)

    transaction(work, clock.now)


def resume(actor: Actor, case_id: int) -> None:
    """Ends the suspension; deadlines in working days move by the days that stood still."""

    def work(unit: Unit) -> None:
        act = _opened(unit, actor, case_id)
        query = select(Pause).where(Pause.case_id == case_id, Pause.task_id.is_(None), Pause.ends_at.is_(None))
        pause = unit.session.scalars(query).first()
        if pause is None:
            raise Conflict("not_suspended")
        pause.ends_at = unit.now
        unit.session.flush()
        act.columns |= {"suspended_at": None, "status": pause.status_before or "instruction"}
        _move(act, "case.resumed", pause.comment)

    transaction(work, clock.now)


def wait(actor: Actor, task_id: int, reason: str, comment: str = "") -> None:
    """A task waits for a complement or for somebody outside; its own working days stand still."""
    if reason not in TASK_REASONS:
        raise Invalid({"reason": "reason_missing"}, reason)

    def work(unit: Unit) -> None:
        act, task = _task(unit, actor, task_id)
        if unit.session.scalar(_open_pause(task_id)) is not None:
            return
        unit.session.add(Pause(case_id=act.case.id, task_id=task_id, reason=reason, comment=comment.strip()[:2000], starts_at=unit.now))
        unit.session.flush()
        act.columns["status"] = reason
        _move(act, "task.paused", reason, task.step)

    transaction(work, clock.now)


def go_on(actor: Actor, task_id: int) -> None:
    """The answer came: the task's working days count again."""

    def work(unit: Unit) -> None:
        act, task = _task(unit, actor, task_id)
        if unit.session.scalar(_open_pause(task_id)) is None:
            return
        unit.session.execute(update(Pause).where(Pause.task_id == task_id, Pause.ends_at.is_(None)).values(ends_at=unit.now))
        act.columns["status"] = "instruction"
        _move(act, "task.resumed", "", task.step)

    transaction(work, clock.now)


def _open_pause(task_id: int) -> Any:
    return select(Pause.id).where(Pause.task_id == task_id, Pause.ends_at.is_(None))


def _opened(unit: Unit, actor: Actor, case_id: int) -> Act:
    act = locked(unit, actor, HANDLERS, case_id=case_id)
    act.capacity = policy.ensure_may_work(unit.session, actor, act.case, act.case_type)
    act.recorder.capacity = act.capacity
    if act.case_type.access.get(act.capacity.role or "") != DECIDES:
        raise Forbidden("may_not_suspend")
    if act.case.closed_at is not None:
        raise Conflict("case_closed")
    return act


def _task(unit: Unit, actor: Actor, task_id: int) -> tuple[Act, Any]:
    act = locked(unit, actor, HANDLERS, case_id=select(Task.case_id).where(Task.id == task_id).scalar_subquery())
    task = unit.session.execute(select(*Task.__table__.c).where(Task.id == task_id, Task.closed_at.is_(None))).one_or_none()
    if task is None:
        raise NotFound
    act.capacity = policy.ensure_may_do(unit.session, actor, task, act.case_type)
    act.recorder.capacity = act.capacity
    return act, task


def _move(act: Act, kind: str, reason: str, element: str | None = None) -> None:
    """The engine looks again (timers in working days move, those that a fact drives go on), deadlines move, the act is written."""
    load_pauses(act)
    act.perform(runtime.fire_due)
    moved = due_moments.move_tasks(act, kind)
    due_moments.trace_timers(act, kind)
    advance.apply(act, kind, element, data={"reason": reason[:500], "moved": moved})
