"""Messages find their waiters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from SpiffWorkflow.bpmn import BpmnEvent
from SpiffWorkflow.bpmn.specs.defaults import EventBasedGateway
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition

from workflows.engine.act import Act
from workflows.engine.dialect.extensions import NONE, Extensions
from workflows.engine.looking import event_starts
from workflows.engine.tree import Token
from workflows.outcome import Message


def offer(act: Act, messages: Sequence[Message]) -> None:
    """In order of arrival; each that finds a waiter may make room for another."""
    left = list(messages)
    while hit := next((message for message in left if _deliver(act, message)), None):
        left.remove(hit)
        act.taken.append(hit.id)
        act.settle()


def _deliver(act: Act, message: Message) -> bool:
    """To one waiter: the first, in the order of the tree, whose correlation value is that of the message."""
    event = BpmnEvent(MessageEventDefinition(message.name), None)
    for task in act.waiters():
        if task.task_spec.event_definition.catches(task, event) and _answers(act, task, _definition(task, message), message):
            _bring(act, task, message, _extensions(task, message))
            _catch(task, event)
            return True
    for part, name, start in event_starts(act.tree):
        if start.event_definition == event.event_definition and _answers(act, part.task_tree, start.event_definition, message):
            _trigger(act, part, name, start, event, message)
            return True
    return False


def _catch(task: Token, event: BpmnEvent) -> None:
    task.task_spec.catch(task, event)
    task.task_spec._update(task)


def _answers(act: Act, task: Token, definition: Any, message: Message) -> bool:
    if message.waiter is not None:
        return task.id == message.waiter
    source = getattr(definition, "correlation", None)
    return not source or not source.startswith("=") or act.engine.evaluate(task, source) == message.key


def _definition(task: Token, message: Message) -> Any:
    """What the waiter waits for, out of several behind an event-based gateway."""
    event = task.task_spec.event_definition
    several = getattr(event, "event_definitions", [event])
    return next(one for one in several if one == MessageEventDefinition(message.name))


def _extensions(task: Token, message: Message) -> Extensions:
    spec = task.task_spec
    if isinstance(spec, EventBasedGateway):
        pairs = zip(spec.outputs, spec.event_definition.event_definitions, strict=True)
        spec = next(out for out, event in pairs if event == MessageEventDefinition(message.name))
    return spec.extensions or NONE


def _bring(act: Act, task: Token, message: Message, said: Extensions) -> None:
    """The facts that the waiter declares, out of what the message says: its outputs, else the fields of its form.

    What is absent is null.
    """
    fields = act.definition.forms.get(said.form or "", ())
    given = {**dict.fromkeys(fields), **message.payload}
    if said.outputs:
        for name, source in said.outputs.items():
            act.engine.put(task, name, act.engine.read(task, source, given))
    else:
        for name in fields:
            act.engine.put(task, name, given[name])
    act.engine.note("message", task, message.name)


def _trigger(act: Act, part: Any, name: str, start: Any, event: BpmnEvent, message: Message) -> None:
    """Opens an event subprocess; an interrupting one ends all else in its process."""
    child = part.tasks[part.spec.start.trigger_wf(part.task_tree, name)]
    _bring(act, child, message, start.extensions or NONE)
    for other in part.task_tree.children if start.interrupting else ():
        if other is not child:
            other.cancel()
    _catch(next(task for task in act.tree.subprocesses[child.id].tasks.values() if task.task_spec.name == start.name), event)
