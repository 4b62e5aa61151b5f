"""The engine as pure functions: definition + state bytes + facts + now -> Outcome. Nothing is written, sent, or read from a clock."""
from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.specs.defaults import EventBasedGateway, ExclusiveGateway, InclusiveGateway
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows.engine import state as codec
from workflows.engine.dialect import Definition, Engine, FeelError
from workflows.facts import Change, Facts, Ledger

MAX_STEPS, MAX_ROUNDS, MAX_DEPTH = 500, 200, 800               # automatic steps and refreshes of one act; depth of a tree of tasks


class TaskNotOpen(LookupError):
    """The step is not open (any more)."""


class Stuck(Exception):
    """The act does not come to rest."""


class Message(NamedTuple):
    """From outside. `key` is the correlation value; `id` identifies it for whoever keeps it."""
    id: str
    name: str
    payload: Mapping[str, Any] = {}
    key: Any = None


class Open(NamedTuple):
    """A step that somebody (or a handler: `job`) has to do."""
    id: str
    step: str
    title: str
    lane: str | None
    process: str
    scope: str
    extensions: Mapping[str, Any]
    item: Mapping[str, Any]
    job: bool


class Due(NamedTuple):
    """A timer that waits. `at` is None while the fact it depends on is unknown."""
    id: str
    event: str
    at: dt.datetime | None


class Incident(NamedTuple):
    """The act could not be carried out; nothing of it counts."""
    step: str | None
    message: str


@dataclass(frozen=True)
class Outcome:
    """What one act did. With an incident, `state` is None and nothing else is set: keep what you had."""
    state: bytes | None
    changes: tuple[Change, ...] = ()
    opened: tuple[Open, ...] = ()
    closed: tuple[tuple[str, str], ...] = ()                   # (task id, "done" | "withdrawn")
    open: tuple[Open, ...] = ()
    timers: tuple[Due, ...] = ()
    waiting: tuple[str, ...] = ()                              # names of messages that somebody waits for
    scopes: tuple[str, ...] = ()                               # of facts that are still read
    trace: tuple[tuple[str, str, Any], ...] = ()               # ("gateway" | "rule" | "event" | ..., element, detail)
    effects: tuple[tuple[str, str, Mapping], ...] = ()         # (type, element, headers) to send after the commit
    taken: tuple[str, ...] = ()                                # ids of the messages that were delivered
    ended: str | None = None                                   # "completed" | "cancelled"
    incident: Incident | None = None
    size: int = field(default=0, compare=False)                # tasks in the state


class Act:
    """One case, loaded for one act."""

    def __init__(self, definition: Definition, facts: Facts, now: dt.datetime, blob: bytes | None, prune: bool = True):
        if now.tzinfo is None:
            raise ValueError("now needs a zone")
        self.definition, self.prune, self.steps, self.taken = definition, prune, 0, []
        self.ledger = Ledger(facts)
        self.engine = Engine(definition, self.ledger, now)
        if blob is None:
            self.workflow = BpmnWorkflow(definition.spec, definition.subprocesses, script_engine=self.engine)
        else:
            self.workflow = codec.load(blob, definition.spec, definition.subprocesses, self.engine)
        self.before = {} if blob is None else self.open()
        self.done: set[str] = set()

    # -- looking
    def tasks(self, state: int) -> list[Task]:
        return [t for part in codec.parts(self.workflow) for t in part.tasks.values() if t.state & state]

    def open(self) -> dict[str, Open]:
        return {str(t.id): self._open(t) for t in self.tasks(TaskState.READY) if t.task_spec.manual}

    def _open(self, t: Task) -> Open:
        spec = t.task_spec
        return Open(str(t.id), spec.bpmn_id, spec.bpmn_name or spec.bpmn_id, spec.lane, t.workflow.spec.name, self.engine.scopes(t.workflow)[0].id,
                    spec.extensions, dict(t.data), "type" in spec.extensions)

    def waiters(self) -> list[Task]:
        return [t for t in self.tasks(TaskState.WAITING) if isinstance(t.task_spec, CatchingEvent)]

    # -- moving
    def settle(self) -> None:
        """Fires what is due and runs what can run, innermost processes first, until all rests. (`do_engine_steps` does the same, but
        walks every process once for each of its callers.)"""
        for _ in range(MAX_ROUNDS):
            self.workflow.refresh_timers()
            moved = False
            while ready := [t for part in reversed(codec.parts(self.workflow)) for t in part.tasks.values() if t.state == TaskState.READY and not t.task_spec.manual]:
                for task in ready:
                    if task.state == TaskState.READY and task.id in task.workflow.tasks:
                        task.run()
                        self._passed(task)
                        moved = True
            if not moved:
                return
        raise Stuck("les échéances ne s'arrêtent pas : vérifier les cycles")

    def _passed(self, task: Task) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise Stuck("plus de 500 pas automatiques : une boucle ne passe par aucune personne")
        if isinstance(task.task_spec, (ExclusiveGateway, InclusiveGateway)):
            self.engine.note("gateway", task, [c.task_spec.name for c in task.children])
        elif isinstance(task.task_spec, CatchingEvent) and task.task_spec.bpmn_id and not isinstance(task.task_spec, EventBasedGateway):
            self.engine.note("event", task, None)

    def answer(self, task_id: str, answers: Mapping[str, Any]) -> None:
        task = next((t for t in self.tasks(TaskState.READY) if str(t.id) == task_id and t.task_spec.manual), None)
        if task is None:
            raise TaskNotOpen(task_id)
        for name, value in answers.items():
            self.engine.put(task, name, value)
        task.run()
        self.done.add(task_id)

    # -- messages
    def offer(self, messages: Sequence[Message]) -> None:
        """In order of arrival; each that finds a waiter may make room for another."""
        left = list(messages)
        while hit := next((m for m in left if self._deliver(m)), None):
            left.remove(hit)
            self.taken.append(hit.id)
            self.settle()

    def _deliver(self, message: Message) -> bool:
        """To one waiter: the first, in the order of the tree, whose correlation value is that of the message."""
        event = BpmnEvent(MessageEventDefinition(message.name), None)
        for task in self.waiters():
            if task.task_spec.event_definition.catches(task, event) and self._answers(task, message):
                self._bring(task, message)
                task.task_spec.catch(task, event)
                task.task_spec._update(task)
                return True
        for part in codec.parts(self.workflow):
            for name in part.spec.start.trigger_specs if not part.completed else ():
                start = self.workflow.subprocess_specs[name].bpmn_start_events[0]
                if start.event_definition == event.event_definition and self._answers(part.task_tree, message):
                    self._trigger(part, name, start, event, message)
                    return True
        return False

    def _answers(self, task: Task, message: Message) -> bool:
        source = self.definition.correlation.get(message.name)
        return not source or not source.startswith("=") or self.engine.evaluate(task, source) == message.key

    def _bring(self, task: Task, message: Message, spec=None) -> None:
        """The facts that the waiter declares, out of what the message says."""
        spec = spec or task.task_spec
        if isinstance(spec, EventBasedGateway):
            spec = next(out for out, e in zip(spec.outputs, spec.event_definition.event_definitions) if e == MessageEventDefinition(message.name))
        for name, source in spec.extensions["outputs"].items():
            self.engine.put(task, name, self.engine.evaluate(task, source, {source.lstrip("= "): None, **message.payload}))
        self.engine.note("message", task, message.name)

    def _trigger(self, part, name: str, start, event: BpmnEvent, message: Message) -> None:
        """Opens an event subprocess; an interrupting one ends all else in its process."""
        child = self.workflow.get_task_from_id(part.spec.start.trigger_wf(part.task_tree, name))
        self._bring(child, message, start)
        for other in part.task_tree.children if start.interrupting else ():
            if other is not child:
                other.cancel()
        task = next(t for t in self.workflow.subprocesses[child.id].tasks.values() if t.task_spec.name == start.name)
        task.task_spec.catch(task, event)
        task.task_spec._update(task)

    # -- telling
    def outcome(self, ended: str | None = None) -> Outcome:
        if codec.depth(self.workflow) > MAX_DEPTH:
            raise Stuck("le dossier a trop de tours : répéter par des appels")
        ended = ended or ("completed" if self.workflow.completed else None)
        after, engine = ({} if ended else self.open()), self.engine
        leftover = self.tasks(TaskState.READY | TaskState.WAITING) if ended else []
        if ended and leftover:
            raise Stuck(f"le dossier se dit achevé, mais « {leftover[0].task_spec.name} » attend")
        if self.prune:
            codec.prune(self.workflow)
        waiters = [] if ended else self.waiters()
        timers = tuple(Due(str(t.id), name, note["due"] and dt.datetime.fromisoformat(note["due"]))
                       for t in waiters for name, note in t.internal_data.get("timers", {}).items())
        names = {e.name for t in waiters for e in getattr(t.task_spec.event_definition, "event_definitions", [t.task_spec.event_definition])
                 if isinstance(e, MessageEventDefinition)}
        live = {"": None} | {s.id: None for t in self.tasks(codec.LIVE) for s in engine.scopes(t.workflow)}
        return Outcome(codec.dump(self.workflow), self.ledger.changes,
                       tuple(o for i, o in after.items() if i not in self.before),
                       tuple((i, "done" if i in self.done else "withdrawn") for i in self.before if i not in after),
                       tuple(after.values()), timers, tuple(sorted(names)), tuple(live), tuple(engine.trace), tuple(engine.effects),
                       tuple(self.taken), ended, None, sum(len(p.tasks) for p in codec.parts(self.workflow)))


def _act(definition, facts, now, blob, work, kept=(), prune=True) -> Outcome:
    try:
        act = Act(definition, facts, now, blob, prune)
        act.settle()                                            # what is due comes first
        work(act)
        act.settle()
        act.offer(kept)
        return act.outcome()
    except (WorkflowException, FeelError, Stuck, RecursionError) as error:
        spec = getattr(error, "task_spec", None)
        return Outcome(None, incident=Incident(getattr(spec, "bpmn_id", None), str(error)))


def start(definition: Definition, facts: Facts, now: dt.datetime, **how) -> Outcome:
    """A new case."""
    return _act(definition, facts, now, None, lambda act: None, **how)


def complete(definition: Definition, state: bytes, facts: Facts, now: dt.datetime, task_id: str, answers: Mapping[str, Any], **how) -> Outcome:
    """A step is done; its answers are facts. TaskNotOpen if it is not open, also because a deadline has just closed it."""
    return _act(definition, facts, now, state, lambda act: act.answer(task_id, answers), **how)


def deliver(definition: Definition, state: bytes, facts: Facts, now: dt.datetime, message: Message, **how) -> Outcome:
    """A message; its id is in `taken` if somebody waited for it, else keep it and pass it as `kept` to the next acts."""
    return _act(definition, facts, now, state, lambda act: act.offer([message]), **how)


def fire_due(definition: Definition, state: bytes, facts: Facts, now: dt.datetime, **how) -> Outcome:
    """Whatever is due at `now`."""
    return _act(definition, facts, now, state, lambda act: None, **how)


def change(definition: Definition, state: bytes, facts: Facts, now: dt.datetime, changes: Sequence[Change], **how) -> Outcome:
    """Facts corrected by hand: due moments and open conditions follow."""
    def work(act: Act) -> None:
        for scope, name, value in changes:
            act.ledger.put(scope, name, value)
    return _act(definition, facts, now, state, work, **how)


def cancel(definition: Definition, state: bytes, facts: Facts, now: dt.datetime) -> Outcome:
    """The case is given up; everything open is withdrawn."""
    act = Act(definition, facts, now, state)
    act.workflow.cancel()
    return act.outcome("cancelled")
