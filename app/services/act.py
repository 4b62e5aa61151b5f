"""One act on one case, under its lock: the engine's move, the jobs it asks for, and what became known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import bindparam, exists, func, select

from app.db import facts as fact_rows
from app.db.cases import Case, KeptMessage
from app.db.cases import Pause as PauseRow
from app.db.posts import Post
from app.db.tasks import Task
from app.db.transaction import Unit
from app.services import calendars, settings, versions
from app.services.actor import Actor
from app.services.errors import Broken, NotFound
from app.services.operations import waiting
from app.services.policy import Capacity
from app.services.recorder import Recorder
from workflows.calendar import Pause
from workflows.catalog import CaseType
from workflows.engine import runtime
from workflows.facts import merge, unpack
from workflows.outcome import Effect, Message, Open, Outcome, Passed, Traced

MAX_JOBS = 60
Handler = Callable[["Act", Open], Mapping[str, Any]]


@dataclass
class Act:
    """What one transaction does to one case. Made by `locked` or `begun`; written by `advance.apply`."""

    unit: Unit
    case: Any
    case_type: CaseType
    actor: Actor
    capacity: Capacity
    facts: dict[str, dict[str, Any]]
    state: bytes | None
    recorder: Recorder
    handlers: Mapping[str, Handler]
    kept: list[Message] = field(default_factory=list)
    before: dict[tuple[str, str], Any] = field(default_factory=dict)
    after: dict[tuple[str, str], Any] = field(default_factory=dict)
    opened: dict[str, Open] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)
    trace: list[Traced] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    passed: list[Passed] = field(default_factory=list)
    columns: dict[str, Any] = field(default_factory=dict)
    pauses: tuple[Pause, ...] = ()
    """Times during which the working days of the whole case stood, or stand, still."""
    waits: dict[tuple[str, str], tuple[Pause, ...]] = field(default_factory=dict)
    """The same of single steps, by scope and id: of all its instances, where there are several."""
    last: Outcome | None = None
    recounting: str | None = None
    """Why open deadlines are to be counted again when the act is written; None: they stay as they are."""

    @property
    def now(self) -> dt.datetime:
        return self.unit.now

    def perform(self, move: Callable[..., Outcome], *given: Any) -> None:
        """Moves the engine, then does the jobs that this opens, until the case rests.

        Raises TaskNotOpen, and Broken when the procedure cannot go on.
        """
        self._take(self._move(move, *given))
        for _ in range(MAX_JOBS):
            assert self.last is not None
            job = next((step for step in self.last.open if step.job), None)
            if job is None:
                gathered = waiting.ready(self)
                if gathered is None:
                    return
                self._take(self._move(runtime.deliver, gathered))
                continue
            self._take(self._move(runtime.complete, job.id, self._answer(job)))
        raise Broken("plus de soixante tâches automatiques dans un seul acte", element=None)

    def fact(self, name: str, scope: str = "") -> Any:
        """A fact as it is now; None when unset."""
        return self.facts.get(scope, {}).get(name)

    def set(self, name: str, value: Any, scope: str = "") -> None:
        """A fact that the service itself knows; the engine sees it from its next move on."""
        self._note(scope, name, value)
        self.facts.setdefault(scope, {})[name] = value

    def _move(self, move: Callable[..., Outcome], *given: Any) -> Outcome:
        held = (self.case_type.definition,) if self.state is None else (self.case_type.definition, self.state)
        waiting = [message for message in self.kept if message.id not in self.taken]
        return move(*held, self.facts, self.now, *given, kept=waiting, **self.surroundings)

    @property
    def surroundings(self) -> dict[str, Any]:
        """What the engine is told beside the facts: how working days are counted, for the case and for steps that wait, and settings."""
        told: dict[str, Any] = {"functions": self.functions, "system": self.system}
        if self.waits:
            held = calendars.counting(self.unit.session, self.case.post_code)
            told["waiting"] = {step: held.paused((*self.pauses, *pauses)) for step, pauses in self.waits.items()}
        return told

    @property
    def functions(self) -> Mapping[str, Any]:
        """Host functions that expressions of this case may call: working days of its post."""
        held = calendars.counting(self.unit.session, self.case.post_code)
        return held.paused(self.pauses) if self.pauses else held.functions

    @property
    def system(self) -> dict[str, Any]:
        """Names below every scope."""
        return {"reglages": settings.reglages(self.unit.session, self.case_type)}

    def _answer(self, job: Open) -> Mapping[str, Any]:
        handler = self.handlers.get(job.job or "")
        if handler is None:
            raise Broken(f"aucun service ne s’appelle « {job.job} »", element=job.step)
        return handler(self, job)

    def _take(self, outcome: Outcome) -> None:
        if outcome.incident:
            raise Broken(outcome.incident.message, element=outcome.incident.step)
        for change in outcome.changes:
            self._note(change.scope, change.name, change.value)
        self.facts = merge(self.facts, outcome.changes, outcome.scopes)
        for task_id, how in outcome.closed:
            if self.opened.pop(task_id, None) is None:
                self.closed[task_id] = how
        self.opened.update({step.id: step for step in outcome.opened if not step.job})
        self.trace += outcome.trace
        self.effects += outcome.effects
        self.taken += outcome.taken
        self.passed += outcome.passed
        self.state, self.last = outcome.state, outcome

    def _note(self, scope: str, name: str, value: Any) -> None:
        self.before.setdefault((scope, name), self.facts.get(scope, {}).get(name))
        self.after[scope, name] = value


_CASE, _TASK, _POST = Case.__table__, Task.__table__, Post.__table__
_PAUSED = exists().where(PauseRow.case_id == _CASE.c.id).label("was_paused")
_LOCK = (
    select(*_CASE.c, _PAUSED, *calendars.WITH_POST).join(_POST, _POST.c.code == _CASE.c.post_code).with_for_update(key_share=True, of=_CASE)
)
_LOCK_CASE = _LOCK.where(_CASE.c.id == bindparam("case_id"))
_LOCK_TASK = _LOCK.where(_CASE.c.id == select(_TASK.c.case_id).where(_TASK.c.id == bindparam("task_id")).scalar_subquery())
"""One statement locks the case and brings the calendar and the settings that hold for it."""


def locked(unit: Unit, actor: Actor, handlers: Mapping[str, Handler], *, case_id: Any = None, task_id: int | None = None) -> Act:
    """Locks a case and loads what an act needs. `case_id`: a number, or a scalar sub-select that gives it; or the number of a task of
    the case. NotFound."""
    if task_id is not None:
        found = unit.connection.execute(_LOCK_TASK, {"task_id": task_id})
    elif isinstance(case_id, int):
        found = unit.connection.execute(_LOCK_CASE, {"case_id": case_id})
    else:
        found = unit.connection.execute(_LOCK.where(_CASE.c.id == case_id))
    row: Any = found.one_or_none()
    if row is None:
        raise NotFound
    calendars.forget(unit.session)  # what a page read before the lock may be old by now
    calendars.from_row(unit.session, row.post_code, row)
    case_type = versions.pinned(unit.session, row.version_hash)
    facts: dict[str, dict[str, Any]] = {"": {}}
    for scope, name, value in fact_rows.of_scopes(unit.connection, row.id, row.scopes):
        facts.setdefault(scope, {})[name] = unpack(orjson.loads(value))
    recorder = Recorder(row.id, row.reference, row.version_hash, row.history_seq, row.history_head, actor, Capacity(None), unit.now)
    act = Act(unit, row, case_type, actor, Capacity(None), facts, row.state, recorder, handlers)
    if row.kept_messages:
        act.kept = _kept(unit, row.id)
    if row.was_paused:
        load_pauses(act)
    return act


def load_pauses(act: Act) -> None:
    """The pauses of the case and those of its steps, as they are now. That of a task that was closed meanwhile ended with it."""
    ends = func.coalesce(PauseRow.ends_at, Task.closed_at)
    query = select(PauseRow.starts_at, ends, Task.scope, Task.step).outerjoin(Task, Task.id == PauseRow.task_id)
    act.pauses, act.waits = (), {}
    for start, end, scope, step in act.unit.session.execute(query.where(PauseRow.case_id == act.case.id).order_by(PauseRow.starts_at)):
        pause = Pause(start, end)
        if step is None:
            act.pauses = (*act.pauses, pause)
        else:
            act.waits[scope, step] = (*act.waits.get((scope, step), ()), pause)


def _kept(unit: Unit, case_id: int) -> list[Message]:
    query = select(KeptMessage).where(KeptMessage.case_id == case_id, KeptMessage.taken_at.is_(None), KeptMessage.filed_at.is_(None))
    return [
        Message(str(row.id), row.name, unpack(row.payload), unpack(row.key)) for row in unit.session.scalars(query.order_by(KeptMessage.id))
    ]
