"""What is open, what is awaited, what will fall due: the projections of a tree at rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import EventBasedGateway, IntermediateCatchEvent
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.util.task import TaskState

from workflows.engine.dialect.boundaries import Boundary, host_of
from workflows.engine.dialect.environment import Engine
from workflows.engine.dialect.extensions import NONE
from workflows.engine.dialect.timers import timers_of
from workflows.engine.tree import Token, Tree
from workflows.outcome import Awaited, Due, Open


def look_open(engine: Engine, task: Token) -> Open:
    """A READY step."""
    spec, said = task.task_spec, task.task_spec.extensions
    return Open(
        id=task.id,
        step=spec.bpmn_id,
        title=spec.bpmn_name or spec.bpmn_id,
        lane=spec.lane,
        process=engine.definition.owner(task.workflow.spec.name),
        scope=engine.scope(task),
        extensions=engine.said(task, said),
        item=dict(task.data),
        job=spec.handler,
        inputs=engine.inputs(task, said),
        chain=engine.chain(task),
    )


def look_due(engine: Engine, task: Token) -> Iterator[Due]:
    """The timers of a WAITING event."""
    spec = task.task_spec
    said = engine.said(task, spec.extensions or NONE) if isinstance(spec, IntermediateCatchEvent) else {}
    for timer in timers_of(task):
        host = host_of(task)
        yield Due(
            id=task.id,
            event=timer.element,
            at=timer.due(task),
            title=timer.title,
            round=timer.note(task).get("round", 0),
            process=engine.definition.owner(task.workflow.spec.name),
            scope=engine.scope(task),
            host=host.id if host else None,
            extensions=said,
        )


def look_awaited(engine: Engine, task: Token) -> Iterator[Awaited]:
    """The messages of a WAITING event."""
    spec = task.task_spec
    if isinstance(spec, EventBasedGateway):
        pairs = zip(spec.outputs, spec.event_definition.event_definitions, strict=True)
        for alternative, event in pairs:
            if isinstance(event, MessageEventDefinition):
                yield _awaited(engine, task, alternative, event, "gateway")
    elif isinstance(spec.event_definition, MessageEventDefinition):
        yield _awaited(engine, task, spec, spec.event_definition, "boundary" if isinstance(spec, Boundary) else "step")


def look_starts(engine: Engine, tree: Tree) -> Iterator[Awaited]:
    """The messages that would open an event subprocess."""
    for part, _, start in event_starts(tree):
        yield _awaited(engine, part.task_tree, start, start.event_definition, "event")


def _awaited(engine: Engine, task: Token, spec: Any, event: MessageEventDefinition, kind: str) -> Awaited:
    host = host_of(task)
    return Awaited(
        id=task.id,
        element=spec.bpmn_id,
        title=spec.bpmn_name or spec.bpmn_id,
        lane=spec.lane,
        process=engine.definition.owner(task.workflow.spec.name),
        scope=engine.scope(task),
        message=event.name,
        kind=kind,
        extensions=engine.said(task, spec.extensions or NONE),
        chain=engine.chain(task),
        host=host.id if host else None,
    )


def event_starts(tree: Tree) -> Iterator[tuple[Any, str, Any]]:
    """(part, event subprocess, its start event) for all that may open now: none in a part that is over or already interrupted."""
    for part in tree.parts:
        names = part.spec.start.trigger_specs
        if not names or part.completed or _interrupted(tree, part):
            continue
        for name in names:
            yield part, name, tree.subprocess_specs[name].bpmn_start_events[0]


def _interrupted(tree: Tree, part: Any) -> bool:
    return any(
        task.triggered
        and task.task_spec.name in part.spec.start.trigger_specs
        and not task._state & TaskState.FINISHED_MASK
        and tree.subprocess_specs[task.task_spec.spec].bpmn_start_events[0].interrupting
        for task in part.tasks.values()
    )
