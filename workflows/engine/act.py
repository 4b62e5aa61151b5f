"""One case, loaded for one act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import EventBasedGateway, ExclusiveGateway, InclusiveGateway
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.util.task import TaskState

from workflows.engine import pruning, state
from workflows.engine.dialect import Definition
from workflows.engine.dialect.environment import Engine
from workflows.engine.dialect.timers import timers_of
from workflows.engine.looking import look_open
from workflows.engine.tree import Token, Tree
from workflows.errors import Stuck, TaskNotOpen
from workflows.facts import Facts, Ledger
from workflows.outcome import Open, Passed

MAX_STEPS = 500
"""Automatic steps between two rests."""
MAX_FIRED = 1000
"""Timers that fire in one act: an hourly cycle that nobody looked at for six weeks."""
FORGET_EVERY = 25
"""Timers fired in one act, after which what is finished is forgotten meanwhile."""
MAX_DEPTH = 800
"""Of the tree of tasks of one part: SpiffWorkflow overlooks what is deeper than 1 000."""


class Act:
    """The tree of the case, its facts, and what has happened to them since."""

    def __init__(
        self,
        definition: Definition,
        facts: Facts,
        now: dt.datetime,
        blob: bytes | None,
        functions: Mapping[str, Any] | None = None,
        waiting: Mapping[tuple[str, str], Mapping[str, Any]] | None = None,
        system: Mapping[str, Any] | None = None,
        prune: bool = True,
    ):
        if now.tzinfo is None:
            raise ValueError("now needs a zone")
        self.definition = definition
        self.prune = prune
        self.ledger = Ledger(facts, system)
        self.engine = Engine(definition, self.ledger, now, functions, waiting)
        self.taken: list[str] = []
        self.passed: list[Passed] = []
        self.done: set[str] = set()
        if blob is None:
            self.tree = Tree(definition.spec, dict(definition.subprocesses), self.engine)
            self.tree.begin()
        else:
            self.tree = state.load(blob, definition.spec, dict(definition.subprocesses), self.engine)
        self.before = [] if blob is None else [task.id for task in self.open_tasks()]

    # -- looking
    def tasks(self, states: int) -> list[Token]:
        """The tasks in one of these states, callers first, else in the order of the tree."""
        return [task for part in self.tree.parts for task in part.tasks.values() if task._state & states]

    def open_tasks(self) -> list[Token]:
        """Steps that wait for a person or a handler."""
        return [task for task in self.tasks(TaskState.READY) if task.task_spec.manual]

    def waiters(self) -> list[Token]:
        """Events that wait for a message or a moment."""
        return [task for task in self.tasks(TaskState.WAITING) if isinstance(task.task_spec, CatchingEvent)]

    def open(self) -> tuple[Open, ...]:
        return tuple(look_open(self.engine, task) for task in self.open_tasks())

    # -- moving
    def settle(self) -> None:
        """Runs what can run, and fires what is due, the earliest first, each to its rest, until all rests."""
        self._run()
        for count in range(1, MAX_FIRED + 1):
            if not self._fire():
                return
            self._run()
            if self.prune and count % FORGET_EVERY == 0:
                pruning.prune(self.tree)
        raise Stuck("les échéances ne s'arrêtent pas : vérifier les cycles")

    def _fire(self) -> bool:
        due = [
            (at, number, task, timer)
            for number, task in enumerate(self.tree.event_manager.tasks.values())
            for timer in timers_of(task)
            if task._state == TaskState.WAITING and (at := timer.due(task)) is not None and at <= self.engine.now
        ]
        if not due:
            return False
        _, _, task, timer = min(due, key=lambda entry: entry[:2])
        timer.fire(task)
        task.task_spec._update(task)
        return True

    def _run(self) -> None:
        """Innermost processes first. (`do_engine_steps` does the same, but walks every process once for each of its callers.)"""
        steps = 0
        while ready := self._ready():
            for task in ready:
                if task._state == TaskState.READY and task.id in task.workflow.tasks:
                    task.run()
                    self._passed(task)
                    steps += 1
                    if steps > MAX_STEPS:
                        raise Stuck(f"plus de {MAX_STEPS} pas automatiques : une boucle ne passe par aucune personne")

    def _ready(self) -> list[Token]:
        return [
            task
            for part in reversed(self.tree.parts)
            for task in part.tasks.values()
            if task._state == TaskState.READY and not task.task_spec.manual
        ]

    def _passed(self, task: Token) -> None:
        spec = task.task_spec
        way = getattr(spec, "way", None)
        if way is None:
            return
        flows = [way.flows[child.task_spec.name] for child in task.children if child.task_spec.name in way.flows]
        if way.element is not None:
            self.passed.append(way.element)
        self.passed += flows
        if isinstance(spec, ExclusiveGateway | InclusiveGateway):
            self.engine.note("gateway", task, [flow.id for flow in flows])
        elif isinstance(spec, CatchingEvent) and spec.bpmn_id and not isinstance(spec, EventBasedGateway):
            self.engine.note("event", task, None)

    def answer(self, task_id: str, answers: Mapping[str, Any]) -> None:
        """A step is done. TaskNotOpen if it is not open."""
        task = next((task for task in self.open_tasks() if task.id == task_id), None)
        if task is None:
            raise TaskNotOpen(task_id)
        task.task_spec.answered(task, dict(answers))
        task.run()
        self._passed(task)
        self.done.add(task_id)

    # -- keeping
    def keep(self) -> bytes:
        """The bytes of the case as it rests."""
        if any(len(part.tasks) > MAX_DEPTH and state.depth(part) > MAX_DEPTH for part in self.tree.parts):
            raise Stuck("le dossier a trop de tours : répéter par des appels")
        if self.prune:
            pruning.prune(self.tree)
        return state.dump(self.tree)

    @property
    def size(self) -> int:
        return sum(len(part.tasks) for part in self.tree.parts)
