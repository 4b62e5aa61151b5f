"""Files of the Camunda 8 dialect -> SpiffWorkflow's objects, with our own steps, calls, timers, boundaries and multi-instances.

Everything here keeps its hands off the tokens' data (the item of a multi-instance excepted), off the wall clock, and off the definition
once it is read: a definition is shared by all cases and threads of a worker.
"""
from __future__ import annotations

import contextlib
import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import BoundaryEventParser, IntermediateCatchEventParser, ReceiveTaskParser, StartEventParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BpmnStartTask
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, CallActivity, IntermediateCatchEvent, ReceiveTask, StartEvent, UserTask
from SpiffWorkflow.bpmn.specs.event_definitions.multiple import MultipleEventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimeDateEventDefinition, TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask, ParallelMultiInstanceTask, SequentialMultiInstanceTask
from SpiffWorkflow.util.task import TaskState

from workflows.facts import CASE, Ledger, Scope

from workflows.engine import spiff
from workflows.feel import FeelError, Host, lower, tables

B, Z = f"{{{spiff.BPMN}}}", f"{{{spiff.ZEEBE}}}"
SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "attribute_defaults": False}
MAX_ITEMS = 200


@contextlib.contextmanager
def place(task):
    """Says at which step an expression failed."""
    try:
        yield
    except FeelError as error:
        raise WorkflowTaskException(f"« {task.task_spec.bpmn_name or task.task_spec.name} » : {error}", task=task) from None


# ---------------------------------------------------------------- what runs
class Engine(spiff.Engine):
    """Expressions of one act: facts by scope, the injected clock; collects rules fired, gateways passed, effects to send."""

    def __init__(self, definition: Definition, ledger: Ledger, now: dt.datetime):
        self.now = self._reading = now
        super().__init__(Host(definition.functions, now=lambda: self._reading), definition.decisions)
        self.definition, self.ledger = definition, ledger
        self.trace: list[tuple[str, str, Any]] = []
        self.effects: list[tuple[str, str, dict]] = []

    def scopes(self, workflow) -> list[Scope]:
        """Innermost first. An embedded subprocess and a phase belong to the process that holds them; any other call has its own."""
        found, names = [], self.definition.names
        while workflow.parent_task_id is not None:
            caller = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
            if isinstance(caller.task_spec, Call) and not caller.task_spec.shared:
                found.append(Scope(str(caller.id), names[caller.task_spec.spec]))
            workflow = caller.workflow
        return [*found, Scope(CASE, names[workflow.spec.name])]

    def context(self, task) -> dict[str, Any]:
        return {**self.ledger.view(self.scopes(task.workflow)), **task.data}

    def evaluate(self, task, expression, external_context=None, at: dt.datetime | None = None):
        """`at`: the moment that now() gives, if not the act's."""
        self._reading = at or self.now
        with place(task):
            return self.environment.evaluate(expression, self.context(task), external_context)

    def decide(self, task, decision):
        self._reading = self.now
        with place(task):
            value, rows = self.decisions[decision].decide(self.decisions, self.environment.host, self.context(task))
            return lower(value), rows

    def put(self, task, name: str, value: Any) -> None:
        """A fact in the scope of the process that holds the task; inside a multi-instance a value of that instance alone."""
        if one_of_several(task):
            task.data[name] = value
        else:
            self.ledger.put(self.scopes(task.workflow)[0].id, name, value)

    def note(self, kind: str, task, detail: Any) -> None:
        self.trace.append((kind, task.task_spec.bpmn_id or task.task_spec.name, detail))


def one_of_several(task) -> bool:
    """An instance of the multi-instance above it; what follows a multi-instance hangs under it as well."""
    above = getattr(task.parent, "task_spec", None)
    return isinstance(above, LoopTask) and task.task_spec.name == above.task_spec


class Instance:
    """A task that may be one of several: tells its multi-instance when it is done. (SpiffWorkflow hangs a callback on the shared
    definition instead; on a freshly read one it is missing, and a loaded case never goes on.)"""

    def _on_complete_hook(self, my_task):
        super()._on_complete_hook(my_task)
        if one_of_several(my_task):
            my_task.parent.task_spec.merge_child(my_task.workflow, my_task)


class Step(Instance, UserTask):
    """Done by a person, or (a service task) by a handler of ours that the caller runs in the same transaction."""


class Send(BpmnSpecMixin):
    """Says what is to be sent, and goes on."""

    def _run_hook(self, my_task):
        head = self.extensions
        my_task.workflow.script_engine.effects.append((head.get("type", ""), self.bpmn_id, head))
        return True


class Rule(BpmnSpecMixin):
    def _run_hook(self, my_task):
        engine = my_task.workflow.script_engine
        value, rows = engine.decide(my_task, self.extensions["decision"])
        engine.put(my_task, self.extensions["variable"], value)
        engine.note("rule", my_task, {"rows": rows, "value": value})
        return True


class Formula(BpmnSpecMixin):
    """A script task of the dialect: one fact = one expression."""

    def _run_hook(self, my_task):
        engine = my_task.workflow.script_engine
        engine.put(my_task, self.extensions["variable"], engine.evaluate(my_task, self.extensions["expression"]))
        return True


class Call(Instance, CallActivity):
    """`propagateAllChildVariables="true"`: a phase, which shares the facts of its caller. Else an own scope; ioMapping carries facts in and out."""

    shared = False

    def copy_data(self, my_task, subworkflow):
        engine = my_task.workflow.script_engine
        for name, source in self.extensions["inputs"].items():
            engine.ledger.put(str(my_task.id), name, engine.evaluate(my_task, source))

    def update_data(self, my_task, subworkflow):
        engine = my_task.workflow.script_engine
        for name, source in self.extensions["outputs"].items():
            engine.put(my_task, name, engine.evaluate(subworkflow.task_tree, source))


class Each:
    """Multi-instance: an instance's answers stay its own; what it gives is a place of the collected list, a fact at once."""

    collects: tuple[str, str] | None = None                     # name of the list, expression of one element

    def _update_hook(self, my_task):
        if self.collects and self.data_input:
            my_task.workflow.script_engine.put(my_task, self.collects[0], [None] * len(self.data_input.get(my_task)))
        return super()._update_hook(my_task)

    def create_child(self, my_task, item, key_or_index=None):
        child = my_task._add_child(my_task.workflow.spec.task_specs[self.task_spec], TaskState.WAITING)
        child.triggered = True
        child.internal_data["key_or_index"] = key_or_index
        if self.input_item:
            child.data[self.input_item.bpmn_id] = item
        child.task_spec._update(child)

    def merge_child(self, workflow, child):
        task, engine = child.parent, workflow.script_engine
        if self.collects:
            name, source = self.collects
            seen = engine.ledger.view(engine.scopes(workflow))[name]
            at = child.internal_data["key_or_index"]
            engine.put(task, name, [*seen[:at], engine.evaluate(child, source), *seen[at + 1:]])
        task.internal_data["merged"].append(str(child.id))
        enough = self.check_completion_condition(task)
        for other in self._instances(task) if enough else ():
            other.cancel()
        if enough or self.children_complete(task):
            task._set_state(TaskState.READY)
        elif isinstance(self, SequentialMultiInstanceTask):
            self.add_next_child(task)


class EachAtOnce(Each, ParallelMultiInstanceTask):
    pass


class EachInTurn(Each, SequentialMultiInstanceTask):
    pass


class Items(spiff.Collection):
    def get(self, my_task):
        items = super().get(my_task)
        if len(items) > MAX_ITEMS:
            raise WorkflowTaskException(f"plus de {MAX_ITEMS} éléments", task=my_task)
        return items


class Timer(TimerEventDefinition):
    """A due moment that follows its facts: read anew at each act, with the clock of the moment it was set for now()."""

    def __init__(self, source: TimerEventDefinition):
        super().__init__(source.name, source.expression, description=source.description)
        self.form = "cycle" if self.expression.startswith("R") else "date" if isinstance(source, TimeDateEventDefinition) else "duration"

    def has_fired(self, my_task) -> bool:
        engine = my_task.workflow.script_engine
        note = my_task.internal_data.setdefault("timers", {}).setdefault(self.name, {"since": engine.now.isoformat()})
        if not note.get("fired"):
            due = self._moment(my_task, note)
            open_ = due is not None and ("after" not in note or due.isoformat() > note["after"])
            note["due"], note["fired"] = due.isoformat() if open_ else None, open_ and due <= engine.now
        return note["fired"]

    def _moment(self, my_task, note) -> dt.datetime | None:
        """None: the fact it depends on is not known yet."""
        since = dt.datetime.fromisoformat(note["since"])
        if self.form == "cycle":
            return since + (note.get("round", 0) + 1) * self._span(self.expression.split("/")[1], since)
        text = self.expression
        if text.startswith("@="):
            value = my_task.workflow.script_engine.evaluate(my_task, text[1:], at=since)
            if value is None:
                return None
            text = spiff.moment(value)
        return since + self._span(text, since) if text.startswith("P") else dt.datetime.fromisoformat(text)

    def _span(self, text: str, since: dt.datetime) -> dt.timedelta:
        return self.get_timedelta_from_start(self.parse_iso_duration(text), since)

    def again(self, my_task) -> dict | None:
        """How the same boundary waits on: a date for a later moment (the fact moved), a cycle for its next round."""
        note = my_task.internal_data.get("timers", {}).get(self.name, {})
        rounds, done = self.expression.split("/")[0].strip("R"), note.get("round", 0) + 1
        if self.form == "date":
            return {"timers": {self.name: {"since": note["since"], "after": note["due"]}}}
        if self.form == "cycle" and (not rounds or done < int(rounds)):
            return {"timers": {self.name: {"since": note["since"], "round": done}}}
        return None

    def reset(self, my_task):
        my_task.internal_data.pop("timers", None)


class Boundary(BoundaryEvent):
    """Non-interrupting: it may be caught again, as BPMN says, while its host is open."""

    def _run_hook(self, my_task):
        aside, workflow = not self.cancel_activity, my_task.workflow
        again = (self.event_definition.again(my_task) if isinstance(self.event_definition, Timer) else {}) if aside else None
        done = super()._run_hook(my_task)
        if aside:                                               # the branch goes its own way: it has no part in the end of the host
            for child in my_task.children:
                if isinstance(child.task_spec, BoundaryEventJoin):
                    workflow._remove_task(child.id)
        if again is not None:
            twin = my_task.parent._add_child(self, TaskState.WAITING)
            twin.internal_data.update(again)
            self._predict(twin, mask=TaskState.NOT_FINISHED_MASK)
            workflow.top_workflow.event_manager.add_task(twin)
        return done


class Start(BpmnStartTask):
    """Event subprocesses are connected when the file is read. (SpiffWorkflow does it at the first message, in the shared definition:
    every case started afterwards opens the event subprocess at once, and never ends.)"""

    def trigger_wf(self, my_task, spec_name):
        child = my_task._add_child(self._wf_spec.task_specs[spec_name], TaskState.FUTURE)
        child.triggered = True
        child.task_spec._predict(child, mask=TaskState.NOT_FINISHED_MASK)
        child.task_spec._update(child)
        return child.id


# ---------------------------------------------------------------- what reads
class Extensions:
    def parse_extensions(self, node=None) -> dict[str, Any]:
        box, out = self.node.find(f"{B}extensionElements"), {"inputs": {}, "outputs": {}}
        for e in box.iter() if box is not None else ():
            match etree.QName(e).localname:
                case "formDefinition": out["form"] = e.get("formId")
                case "property": out[e.get("name")] = e.get("value")
                case "header": out[e.get("key")] = e.get("value")
                case "taskDefinition": out["type"] = e.get("type")
                case "calledDecision": out |= {"decision": e.get("decisionId"), "variable": e.get("resultVariable")}
                case "script": out |= {"expression": e.get("expression"), "variable": e.get("resultVariable")}
                case "input" | "output" as way: out[way + "s"][e.get("target")] = e.get("source")
        return out


class Reader(Extensions, TaskParser):
    PARALLEL_MI_CLASS, SEQUENTIAL_MI_CLASS = EachAtOnce, EachInTurn

    def _add_multiinstance_task(self, loop_characteristics):
        super()._add_multiinstance_task(loop_characteristics)
        if given := loop_characteristics.get("collects"):
            self.task.collects = tuple(given.split(" ", 1))
        self.task.data_input = Items(self.task.data_input.bpmn_id, None)


class CallReader(Reader):
    def create_task(self):
        task = self.spec_class(self.spec, self.bpmn_id, subworkflow_spec=self.node.get("calledElement"), **self.bpmn_attributes)
        task.shared = self.node.find(f".//{Z}calledElement").get("propagateAllChildVariables") == "true"
        return task


class StartReader(Extensions, StartEventParser):
    def create_task(self):
        task = super().create_task()
        task.interrupting = self.node.get("isInterrupting", "true") == "true"
        return task


def reading(base: type) -> type:
    return type(base.__name__, (Extensions, base), {})


class Parser(BpmnParser):
    OVERRIDE_PARSER_CLASSES = {full_tag(tag): classes for tag, classes in {
        "userTask": (Reader, Step), "serviceTask": (Reader, Step), "sendTask": (Reader, Send), "businessRuleTask": (Reader, Rule),
        "scriptTask": (Reader, Formula), "callActivity": (CallReader, Call), "boundaryEvent": (reading(BoundaryEventParser), Boundary),
        "startEvent": (StartReader, StartEvent), "intermediateCatchEvent": (reading(IntermediateCatchEventParser), IntermediateCatchEvent),
        "receiveTask": (reading(ReceiveTaskParser), ReceiveTask)}.items()}

    def get_document_positions(self, root):
        return {}                                               # branches are tried in the order of the file, not by the height of shapes


@dataclass
class Definition:
    """A case type as it is pinned: read once, then only read."""

    spec: Any
    subprocesses: dict[str, Any]
    decisions: dict[str, Any]
    names: dict[str, frozenset[str]]                            # process -> names of facts that belong to its scope
    correlation: dict[str, str]                                 # message -> expression that a waiter answers to
    functions: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, process: str, bpmn: list[bytes], dmn: list[bytes], forms: dict[str, list[str]], functions=None) -> Definition:
        parser, roots = Parser(), [etree.fromstring(text, etree.XMLParser(**SAFE)) for text in bpmn]
        for root in roots:
            for loop in root.iter(Z + "loopCharacteristics"):
                if loop.get("outputCollection"):
                    loop.getparent().getparent().set("collects", f"{loop.attrib.pop('outputCollection')} {loop.attrib.pop('outputElement')}")
            parser.add_bpmn_xml(spiff.adapt(root))
        spec, subs = parser.get_spec(process), parser.get_subprocess_specs(process)
        for one in (spec, *subs.values()):
            _prepare(one, subs)
        messages = {m.get("name"): s.get("correlationKey") for r in roots for m in r.iter(B + "message") for s in m.iter(Z + "subscription")}
        decisions = {k: v for text in dmn for k, v in tables.read(text).items()}
        return cls(spec, subs, decisions, _names(roots, forms), messages, functions or {})


def _prepare(spec, subs) -> None:
    for task in spec.task_specs.values():
        event = getattr(task, "event_definition", None)
        if isinstance(event, TimerEventDefinition):
            task.event_definition = Timer(event)
        elif isinstance(event, MultipleEventDefinition):
            event.event_definitions = [Timer(e) if isinstance(e, TimerEventDefinition) else e for e in event.event_definitions]
    spec.start.__class__ = Start
    for name in spec.start.trigger_specs:
        spec.task_specs[name]._connect_notify(spec.start)
        spec.task_specs[name].connect(spec.end)


def _names(roots: list, forms: dict[str, list[str]]) -> dict[str, frozenset[str]]:
    """Which facts belong to the scope of which process: fields of its forms, its results, what is given to it; of its phases too."""
    own: dict[str, set[str]] = {}
    phases: dict[str, set[str]] = {}
    for process in (p for root in roots for p in root.iter(B + "process")):
        mine = own.setdefault(process.get("id"), set())
        for e in process.iter(Z + "formDefinition", Z + "calledDecision", Z + "script", Z + "output", Z + "calledElement"):
            mine.update(forms.get(e.get("formId"), ()), {e.get("resultVariable"), e.get("target")} - {None})
            if e.get("propagateAllChildVariables") == "true":
                phases.setdefault(process.get("id"), set()).add(e.get("processId"))
        mine.update(e.get("collects").split(" ", 1)[0] for e in process.iter() if e.get("collects"))
        for call in process.iter(B + "callActivity"):
            own.setdefault(call.get("calledElement"), set()).update(i.get("target") for i in call.iter(Z + "input"))

    def whole(process: str, seen: frozenset[str] = frozenset()) -> set[str]:
        return own.get(process, set()).union(*(whole(p, seen | {process}) for p in phases.get(process, set()) - seen))

    return {process: frozenset(whole(process)) for process in own}
