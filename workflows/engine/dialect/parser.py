"""SpiffWorkflow's parser with our classes in place of its own."""

from __future__ import annotations

from typing import Any, ClassVar

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import (
    BoundaryEventParser,
    IntermediateCatchEventParser,
    ReceiveTaskParser,
    StartEventParser,
)
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.defaults import IntermediateCatchEvent, ReceiveTask, StartEvent

from workflows.engine.dialect.boundaries import Boundary
from workflows.engine.dialect.calls import Call
from workflows.engine.dialect.extensions import Extensions, read_extensions
from workflows.engine.dialect.multi_instance import EachAtOnce, EachInTurn, Items
from workflows.engine.dialect.reading import B, Z
from workflows.engine.dialect.steps import Formula, Job, Pass, Rule, Send, Step
from workflows.engine.dialect.timers import Timer


class Reading:
    """Reads the zeebe elements of a node."""

    node: Any

    def parse_extensions(self, node: Any = None) -> Extensions:
        return read_extensions(self.node)


class StepReader(Reading, TaskParser):
    PARALLEL_MI_CLASS, SEQUENTIAL_MI_CLASS = EachAtOnce, EachInTurn

    def _add_multiinstance_task(self, loop_characteristics: Any) -> None:
        super()._add_multiinstance_task(loop_characteristics)
        if given := loop_characteristics.get("collects"):
            self.task.collects = tuple(given.split(" ", 1))
        self.task.data_input = Items(self.task.data_input.bpmn_id, None)


class CallReader(StepReader):
    def create_task(self) -> Call:
        call = self.spec_class(self.spec, self.bpmn_id, subworkflow_spec=self.node.get("calledElement"), **self.bpmn_attributes)
        call.own_scope = self.node.find(f".//{Z}calledElement").get("propagateAllChildVariables") != "true"
        return call


class Catching(Reading):
    """Timers become ours; a message keeps the expression that its waiters answer to."""

    def parse_timer_event(self, event: Any) -> Timer:
        return Timer(super().parse_timer_event(event), self.node.get("id"), self.node.get("name"))  # type: ignore[misc]

    def parse_message_event(self, message_event: Any) -> Any:
        definition = super().parse_message_event(message_event)  # type: ignore[misc]
        root, wanted = self.node.getroottree().getroot(), message_event.get("messageRef")
        message = next((m for m in root.iter(B + "message") if m.get("id") == wanted), None)
        subscription = None if message is None else message.find(f".//{Z}subscription")
        definition.correlation = None if subscription is None else subscription.get("correlationKey")
        return definition


class CatchReader(Catching, IntermediateCatchEventParser):
    pass


class ReceiveReader(Catching, ReceiveTaskParser):
    PARALLEL_MI_CLASS, SEQUENTIAL_MI_CLASS = EachAtOnce, EachInTurn


class BoundaryReader(Catching, BoundaryEventParser):
    pass


class StartReader(Catching, StartEventParser):
    def create_task(self) -> Any:
        start = super().create_task()
        start.interrupting = self.node.get("isInterrupting", "true") == "true"
        return start


CLASSES = {
    "task": (StepReader, Pass),
    "userTask": (StepReader, Step),
    "serviceTask": (StepReader, Job),
    "sendTask": (StepReader, Send),
    "businessRuleTask": (StepReader, Rule),
    "scriptTask": (StepReader, Formula),
    "callActivity": (CallReader, Call),
    "receiveTask": (ReceiveReader, ReceiveTask),
    "startEvent": (StartReader, StartEvent),
    "intermediateCatchEvent": (CatchReader, IntermediateCatchEvent),
    "boundaryEvent": (BoundaryReader, Boundary),
}


class Parser(BpmnParser):
    """Reads adapted roots."""

    OVERRIDE_PARSER_CLASSES: ClassVar = {full_tag(tag): classes for tag, classes in CLASSES.items()}

    def get_document_positions(self, root: Any) -> dict:
        """None: branches are tried in the order of the file, not by the height of shapes."""
        return {}
