"""The engine as pure functions: definition + state bytes + facts + now -> Outcome. Nothing is written, sent, or read from a clock.

Inside an act: what is due fires first, then the act, then all runs to rest, then kept messages are offered again. A service task stops as
an open step with `job`: run its handler, then `complete` it with the handler's result, in the same transaction.

`how`, the same for all: `kept`, messages that nobody awaited when they came; `functions`, host functions of this act by name (working
days, ...); `waiting`, those by which the timers of a step count instead, by its scope and id (its own time stands still);
`system`, read-only names below every scope (settings, registers).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypedDict, Unpack

from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

from workflows.engine import state as codec
from workflows.engine.act import Act
from workflows.engine.dialect import Definition
from workflows.engine.looking import look_awaited, look_due, look_starts
from workflows.engine.messages import offer
from workflows.errors import Stuck
from workflows.facts import CASE, Change, Facts
from workflows.feel import FeelError
from workflows.outcome import Incident, Message, Outcome

__all__ = ["Change", "Message", "cancel", "change", "complete", "deliver", "fire_due", "look", "start"]


class How(TypedDict, total=False):
    """See the module."""

    kept: Sequence[Message]
    functions: Mapping[str, Any]
    waiting: Mapping[tuple[str, str], Mapping[str, Any]]
    system: Mapping[str, Any]
    prune: bool
    """False keeps all that was passed, for tests that compare."""


def start(definition: Definition, facts: Facts, now: dt.datetime, **how: Unpack[How]) -> Outcome:
    """A new case. `facts`: what is known at its birth; `now` with a zone."""
    return _act(definition, facts, now, None, lambda act: None, how)


def complete(
    definition: Definition, state: bytes, facts: Facts, now: dt.datetime, task_id: str, answers: Mapping[str, Any], **how: Unpack[How]
) -> Outcome:
    """A step is done. The answers of a person are facts; of a handler's result only the outputs that the step declares.

    TaskNotOpen if it is not open, also because a deadline has just closed it.
    """
    return _act(definition, facts, now, state, lambda act: act.answer(task_id, answers), how)


def deliver(definition: Definition, state: bytes, facts: Facts, now: dt.datetime, message: Message, **how: Unpack[How]) -> Outcome:
    """A message; its id is in `taken` if somebody waited for it, else keep it and pass it as `kept` to the next acts."""
    return _act(definition, facts, now, state, lambda act: offer(act, [message]), how)


def fire_due(definition: Definition, state: bytes, facts: Facts, now: dt.datetime, **how: Unpack[How]) -> Outcome:
    """Whatever is due at `now`; due moments are read anew (a holiday was added, a setting changed)."""
    return _act(definition, facts, now, state, lambda act: None, how)


def change(definition: Definition, state: bytes, facts: Facts, now: dt.datetime, changes: Sequence[Change], **how: Unpack[How]) -> Outcome:
    """Facts corrected by hand: due moments follow."""

    def work(act: Act) -> None:
        for scope, name, value in changes:
            act.ledger.put(scope, name, value)

    return _act(definition, facts, now, state, work, how)


def cancel(definition: Definition, state: bytes, facts: Facts, now: dt.datetime, **how: Unpack[How]) -> Outcome:
    """The case is given up; everything open is withdrawn."""
    try:
        act = _load(definition, facts, now, state, how)
        act.tree.cancel()
        return _outcome(act, "cancelled")
    except _TROUBLES as error:
        return Outcome(None, incident=_incident(error))


def look(definition: Definition, state: bytes, facts: Facts, now: dt.datetime, **how: Unpack[How]) -> Outcome:
    """What is open, awaited and due, without an act: nothing fires, `state` is the one that was given.

    To rebuild or compare projections, and to learn due moments after what they depend on has changed.
    """
    try:
        act = _load(definition, facts, now, state, how)
        ended = "completed" if act.tree.completed else None
        return _projected(act, state, ended)
    except _TROUBLES as error:
        return Outcome(None, incident=_incident(error))


_TROUBLES = (WorkflowException, FeelError, Stuck, RecursionError)


def _load(definition: Definition, facts: Facts, now: dt.datetime, blob: bytes | None, how: How) -> Act:
    return Act(definition, facts, now, blob, how.get("functions"), how.get("waiting"), how.get("system"), how.get("prune", True))


def _act(definition: Definition, facts: Facts, now: dt.datetime, blob: bytes | None, work: Callable[[Act], None], how: How) -> Outcome:
    try:
        act = _load(definition, facts, now, blob, how)
        act.settle()  # what is due comes first
        work(act)
        act.settle()
        offer(act, how.get("kept", ()))
        return _outcome(act, "completed" if act.tree.completed else None)
    except _TROUBLES as error:
        return Outcome(None, incident=_incident(error))


def _incident(error: Exception) -> Incident:
    spec = getattr(error, "task_spec", None)
    message = str(error.args[0]) if error.args else str(error)
    if isinstance(error, RecursionError):
        message = "le dossier est trop imbriqué ; répartir la procédure en appels"
    elif message.startswith("No conditions satisfied"):
        title = getattr(spec, "bpmn_name", None) or getattr(spec, "bpmn_id", None)
        message = f"« {title} » : aucune condition n'est remplie, et il n'y a pas de chemin par défaut"
    return Incident(getattr(spec, "bpmn_id", None), message)


def _outcome(act: Act, ended: str | None) -> Outcome:
    left = act.tasks(TaskState.READY | TaskState.WAITING) if ended else []
    if left:
        raise Stuck(f"le dossier se dit achevé, mais « {left[0].task_spec.name} » attend")
    return _projected(act, act.keep(), ended)


def _projected(act: Act, blob: bytes, ended: str | None) -> Outcome:
    engine, before = act.engine, set(act.before)
    open_ = () if ended else act.open()
    after = {step.id for step in open_}
    waiters = [] if ended else act.waiters()
    awaited = [one for task in waiters for one in look_awaited(engine, task)]
    if not ended:
        awaited.extend(look_starts(engine, act.tree))
    live = {CASE: None} | {scope.id: None for task in act.tasks(codec.LIVE) for scope in engine.scopes(task.workflow)}
    return Outcome(
        state=blob,
        changes=act.ledger.changes,
        opened=tuple(step for step in open_ if step.id not in before),
        closed=tuple((id_, "done" if id_ in act.done else "withdrawn") for id_ in act.before if id_ not in after),
        open=open_,
        timers=tuple(due for task in waiters for due in look_due(engine, task)),
        awaited=tuple(awaited),
        scopes=tuple(live),
        trace=tuple(engine.trace),
        passed=tuple(act.passed),
        effects=tuple(engine.effects),
        taken=tuple(act.taken),
        ended=ended,
        size=act.size,
    )
