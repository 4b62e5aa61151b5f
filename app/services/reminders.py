"""The standard pattern of reminders, applied to every task with a deadline (domain: conventions §3).

50 % reminds whoever holds the task; 80 % also the supervisor; at 100 % the supervisor receives a task of their own; at 150 % the
delegate general is told. What each stage does is declared in the shared folder; timers never decide anything.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select, update

from app.db.outbox import Notification
from app.db.tasks import COMPANION, Task
from app.services import notices, pauses, placing, scheduling
from app.services.act import Act
from app.services.policy import CENTRAL
from workflows.calendar import THRESHOLDS

KINDS = {50: "reminder_50", 80: "reminder_80", 100: "late_100", 150: "late_150"}
HOLDER, SUPERVISOR = "holder", "supervisor"
"""Words of the declared stages that stand for whoever has the task, and for the role that answers for its delays."""


@dataclass(frozen=True)
class Passed:
    """The stages that were carried out, as the history tells them, and when the next ones of the same tasks come."""

    stages: tuple[dict[str, Any], ...] = ()
    following: tuple[dt.datetime, ...] = ()


def pass_due(act: Act) -> Passed:
    """Carries out the stages that are due in the locked case. Missed ones are made up for, one after the other."""
    where = (Task.case_id == act.case.id, Task.closed_at.is_(None), Task.stage_at.is_not(None), Task.stage_at <= act.now)
    tasks = list(act.unit.session.execute(select(*Task.__table__.c).where(*where).order_by(Task.id)))
    passed = [_pass(act, task) for task in tasks]
    stages = tuple(stage for one in passed for stage in one.stages)
    return Passed(stages, tuple(moment for one in passed for moment in one.following))


def _pass(act: Act, task: Row[Any]) -> Passed:
    if act.case.suspended_at is not None and scheduling.standing_still(task.due_rule):
        act.unit.session.execute(update(Task).where(Task.id == task.id).values(stage_at=None))
        return Passed()
    reached, next_at, stages = task.stage, task.stage_at, []
    while next_at is not None and next_at <= act.now:
        reached = next(percent for percent in THRESHOLDS if percent > reached)
        _do(act, task, reached)
        stages.append({"task": task.id, "step": task.step, "process": task.process, "at": reached})
        next_at = _next_stage(act, task, reached)
    act.unit.session.execute(update(Task).where(Task.id == task.id).values(stage=reached, stage_at=next_at))
    return Passed(tuple(stages), (next_at,) if next_at else ())


def _next_stage(act: Act, task: Row[Any], reached: int) -> Any:
    calendar = placing.calendar_of(act, task.post_code)[1]
    deadline = task.due_at if task.due_rule in (None, "fact") or task.extended_to else task.due_rule
    plan = scheduling.plan(calendar, task.opened_at, deadline, task.priority, pauses=pauses.of_task(act, task.id), reached=reached)
    return plan.stage_at


def _do(act: Act, task: Row[Any], percent: int) -> None:
    """What the shared folder declares for a stage."""
    stage = next((one for one in act.case_type.shared["reminders"] if one["at"] == percent), None)
    if stage is None:
        return
    boss = act.case_type.supervisors.get(task.role) or _last_resort(act)
    told = [_to(act, who, boss, task, percent) for who in stage["tell"]]
    if stage["history"] or stage["counts"]:
        kind = "task.late" if stage["history"] else "task.overdue"
        act.recorder.add(kind, task.step, data={"task": task.id, "due": task.due_at.isoformat()})
    if stage["task"]:
        _open_delay(act, task, stage["task"], boss if stage["responsible"] in (None, SUPERVISOR) else stage["responsible"])
    duty = act.case_type.shared["duty_officer"]
    if told and task.priority in duty["priorities"]:
        told += [{**told[0], "channel": channel} for channel in duty["channels"]]
    if told:
        act.unit.session.execute(insert(Notification), told)


def _last_resort(act: Act) -> str:
    """Who hears of a task whose role nobody answers for: the role that the last declared stage tells."""
    stages = sorted(act.case_type.shared["reminders"], key=lambda stage: int(stage["at"]), reverse=True)
    return next(str(who) for stage in stages for who in stage["tell"] if who not in (HOLDER, SUPERVISOR))


def _to(act: Act, who: str, boss: str, task: Row[Any], percent: int) -> dict[str, Any]:
    return _to_holder(act, task, percent) if who == HOLDER else _to_role(act, boss if who == SUPERVISOR else who, task, percent)


def _to_holder(act: Act, task: Row[Any], percent: int) -> dict[str, Any]:
    known: dict[str, Any] = {"task": task.title}
    if task.assignee_id is not None:
        return notices.row(act, KINDS[percent], user_id=task.assignee_id, channel="mail", **known)
    return notices.row(act, KINDS[percent], role=task.role, place=task.post_code, channel="mail", **known)


def _to_role(act: Act, role: str, task: Row[Any], percent: int) -> dict[str, Any]:
    return notices.row(act, KINDS[percent], role=role, place=_place(act, role), channel="mail", task=task.title)


def _place(act: Act, role: str) -> str:
    known = act.case_type.roles.get(role)
    return act.case.post_code if known is not None and known.at == "post" else CENTRAL


def _open_delay(act: Act, task: Row[Any], step: str, boss: str) -> None:
    """A task for the supervisor: give it to somebody else, extend it with a reason, or take it over."""
    if task.kind == COMPANION:
        return
    key = f"{step}:{task.id}"
    known = select(Task.id).where(Task.case_id == act.case.id, Task.engine_id.startswith(key), Task.closed_at.is_(None))
    if act.unit.session.scalar(known.limit(1)) is None:
        late = {"title": task.title, "process": task.process, "step": task.step}
        open_companion(act, step, f"{key}:{act.now.timestamp():.0f}", role=boss, subject=task, item={"late": late})


def open_companion(
    act: Act,
    step: str,
    engine_id: str,
    *,
    role: str,
    subject: Row[Any] | None = None,
    deadline: str | None = None,
    item: Any = None,
    reminded: bool = False,
) -> None:
    """A task beside the procedure: its form and title are in the shared folder. reminded: as a step of the procedure is."""
    place = _place(act, role)
    code, calendar = placing.calendar_of(act, place)
    plan = scheduling.plan(calendar, act.now, deadline, act.case.priority, reminders=reminded) if deadline else scheduling.UNDATED
    due = {"due_at": subject.due_at} if subject is not None and not deadline else {}
    act.unit.session.execute(
        insert(Task),
        [
            {
                "case_id": act.case.id,
                "engine_id": engine_id,
                "kind": COMPANION,
                "step": step,
                "title": companion_title(act, step),
                "process": "",
                "role": role,
                "post_code": place,
                "case_type": act.case.case_type,
                "country": act.case.country,
                "priority": act.case.priority,
                "barred": act.columns.get("barred", act.case.barred),
                "item": item or {},
                "subject_id": subject.id if subject is not None else None,
                "opened_at": act.now,
                "calendar_code": code,
                **{**plan.row(), "stage": 0, **due},
            }
        ],
    )


def companion_title(act: Act, step: str) -> str:
    """What a companion task is called: the title of its form in the shared folder."""
    form = act.case_type.forms.get(f"SP_{step}")
    return form.title if form else step
