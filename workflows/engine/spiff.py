"""How SpiffWorkflow 3.2 is made to use FEEL, for files written in the dialect that Camunda Modeler calls Camunda 8.

The rule of that dialect is kept: a text that starts with « = » is an expression, any other text is itself. Before SpiffWorkflow
reads a file, `adapt` rewrites the few places that it does not know; no class of its parser is copied.
"""
import datetime as dt
import re
from decimal import Decimal

from lxml import etree
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.config import DEFAULT_CONFIG
from SpiffWorkflow.bpmn.serializer.default.task_spec import BpmnTaskSpecConverter
from SpiffWorkflow.bpmn.serializer.helpers import BpmnDataSpecificationConverter
from SpiffWorkflow.bpmn.serializer.helpers.registry import DefaultRegistry
from SpiffWorkflow.bpmn.specs.data_spec import TaskDataReference
from SpiffWorkflow.bpmn.specs.defaults import UserTask
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin

from workflows.feel.values import FeelError, Months, lower, show

BPMN, ZEEBE = "http://www.omg.org/spec/BPMN/20100524/MODEL", "http://camunda.org/schema/zeebe/1.0"
PLAIN_TIME = re.compile(r"(R\d*/)?(P[\dYMWDTHS.]+|\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d))")
CONDITION, MOMENT = "?=", "@="                               # marks left by adapt: the answer is a yes or no; a due moment


# ---------------------------------------------------------------- reading
def adapt(root):
    b, z = (lambda t: f"{{{BPMN}}}{t}"), (lambda t: f"{{{ZEEBE}}}{t}")
    for c in root.iter(b("conditionExpression"), b("condition"), b("completionCondition"), b("loopCondition")):
        text = (c.text or "").strip()
        if not text.startswith("="): raise FeelError(f"condition de « {c.getparent().get('name') or c.getparent().get('id')} » : elle doit commencer par « = »")
        c.text = "?" + text
    for t in root.iter(b("timeDate"), b("timeDuration"), b("timeCycle")):
        text = (t.text or "").strip()
        t.text = "@" + text if text.startswith("=") else text
    for loop in root.iter(z("loopCharacteristics")):
        mi = loop.getparent().getparent()
        add(mi, b("loopDataInputRef"), loop.get("inputCollection"))
        if loop.get("outputCollection"): add(mi, b("loopDataOutputRef"), loop.get("outputCollection"))
        if loop.get("inputElement"): etree.SubElement(mi, b("inputDataItem"), id=loop.get("inputElement"), name=loop.get("inputElement"))
        if loop.get("outputElement"): etree.SubElement(mi, b("outputDataItem"), id=loop.get("outputElement").lstrip("="), name=loop.get("outputElement").lstrip("="))
    for s in root.iter(z("script")):
        task = s.getparent().getparent()
        add(task, b("script"), f"{s.get('resultVariable')} {s.get('expression')}")
    for c in root.iter(z("calledElement")): c.getparent().getparent().set("calledElement", c.get("processId"))
    return root


def add(parent, tag, text):
    etree.SubElement(parent, tag).text = text


class Collection(TaskDataReference):
    """What a multi-instance runs over: an expression, computed once when the task starts (SpiffWorkflow asks again for every item)."""

    def get(self, my_task):
        if not self.bpmn_id.startswith("="): return super().get(my_task)
        if "collection" not in my_task.internal_data:
            items = my_task.workflow.script_engine.evaluate(my_task, self.bpmn_id)
            if not isinstance(items, list): raise WorkflowTaskException("l'expression d'une tâche multiple doit donner une liste", task=my_task)
            my_task.internal_data["collection"] = items
        return my_task.internal_data["collection"]

    def exists(self, my_task): return self.bpmn_id.startswith("=") or super().exists(my_task)


class RuleTask(BpmnSpecMixin):
    def __init__(self, wf_spec, name, decision, variable, **kwargs):
        super().__init__(wf_spec, name, **kwargs)
        self.decision, self.variable = decision, variable

    def _run_hook(self, my_task):
        value, rows = my_task.workflow.script_engine.decide(my_task, self.decision)
        my_task.data[self.variable] = value                   # not merged: SpiffWorkflow's own task merges lists item by item
        my_task.internal_data["lignes"] = rows                # the reason of the decision, for the history
        return True


class RuleParser(TaskParser):
    def create_task(self):
        called = self.node.find(f".//{{{ZEEBE}}}calledDecision")
        return RuleTask(self.spec, self.bpmn_id, called.get("decisionId"), called.get("resultVariable"), **self.bpmn_attributes)


class UserParser(TaskParser):
    def parse_extensions(self, node=None):
        form, props = self.node.find(f".//{{{ZEEBE}}}formDefinition"), self.node.iter(f"{{{ZEEBE}}}property")
        return {"form": form.get("formId") if form is not None else None, **{p.get("name"): p.get("value") for p in props}}


class Parser(BpmnParser):
    OVERRIDE_PARSER_CLASSES = {full_tag("businessRuleTask"): (RuleParser, RuleTask), full_tag("userTask"): (UserParser, UserTask)}

    def add_bpmn_xml(self, bpmn, filename=None): super().add_bpmn_xml(adapt(bpmn), filename)

    def get_spec(self, process_id_or_name, required=True):
        spec = super().get_spec(process_id_or_name, required)
        for task in spec.task_specs.values():
            ref = getattr(task, "data_input", None)
            if isinstance(ref, TaskDataReference) and not isinstance(ref, Collection): task.data_input = Collection(ref.bpmn_id, ref.bpmn_name)
        return spec


# ---------------------------------------------------------------- running
class Environment(BasePythonScriptEngineEnvironment):
    """Correlations and ad hoc completion call the environment without the engine: everything safe is here."""

    def __init__(self, host):
        super().__init__()
        self.host = host

    def evaluate(self, expression, context, external_context=None):
        text, data = str(expression).strip(), {**context, **(external_context or {})}
        if text.startswith(CONDITION): return self.condition(text[2:], data)
        if text.startswith(MOMENT): return moment(self.host.evaluate(text[2:], data))
        if text.startswith("="): return lower(self.host.evaluate(text[1:], data))
        if PLAIN_TIME.fullmatch(text): return text
        raise FeelError("une expression commence par « = »")   # never the text itself: SpiffWorkflow would take it for true

    def condition(self, text, data):
        answer = self.host.evaluate(text, data)
        if answer is True or answer is False: return answer
        raise FeelError("la condition reste sans réponse, car une donnée est vide : prévoir ce cas, par exemple « … != null and … »" if answer is None
                        else "la condition ne donne pas un oui/non")

    def execute(self, script, context, external_context=None):
        variable, _, expression = script.strip().partition(" ")
        if not variable.isidentifier() or not expression.startswith("="): raise FeelError("un script est « variable =expression », rien d'autre")
        context[variable] = self.evaluate(expression, context, external_context)
        return True

    def call_service(self, context, **kwargs): raise FeelError("aucun service n'est appelé par une expression")


def moment(v):
    """A due moment for SpiffWorkflow, as ISO text with its zone; a duration as ISO text, never negative."""
    match v:
        case dt.datetime() if v.tzinfo: return v.astimezone(dt.timezone.utc).isoformat()
        case dt.timedelta(): return show(max(v, dt.timedelta()))
        case Months() | str(): return show(v)
        case None: raise FeelError("l'échéance est vide : la donnée dont elle dépend manque")
    raise FeelError("une échéance est une date-heure avec fuseau, ou une durée ; pour une date seule, employer une fonction d'échéance")


class Engine(PythonScriptEngine):
    def __init__(self, host, decisions=None):
        super().__init__(Environment(host))
        self.decisions = decisions or {}

    def validate(self, expression): pass                      # the checker of definitions has done it

    def evaluate(self, task, expression, external_context=None):
        try: return self.environment.evaluate(expression, task.data, external_context)
        except FeelError as e: raise WorkflowTaskException(f"« {task.task_spec.bpmn_name or task.task_spec.name} » : {e}", task=task) from None

    def execute(self, task, script, external_context=None):
        try: return self.environment.execute(script, task.data, external_context)
        except FeelError as e: raise WorkflowTaskException(f"« {task.task_spec.bpmn_name} » : {e}", task=task) from None

    def decide(self, task, decision):
        try: value, rows = self.decisions[decision].decide(self.decisions, self.environment.host, task.data)
        except FeelError as e: raise WorkflowTaskException(f"« {task.task_spec.bpmn_name} » : {e}", task=task) from None
        return lower(value), rows


# ---------------------------------------------------------------- keeping
class RuleTaskConverter(BpmnTaskSpecConverter):
    def to_dict(self, spec): return {**super().to_dict(spec), "decision": spec.decision, "variable": spec.variable}


def serializer():
    registry = DefaultRegistry()                               # it knows date-times and durations, not these
    registry.register(dt.date, lambda v: {"value": v.isoformat()}, lambda d: dt.date.fromisoformat(d["value"]))
    registry.register(dt.time, lambda v: {"value": v.isoformat()}, lambda d: dt.time.fromisoformat(d["value"]))
    registry.register(Decimal, lambda v: {"value": str(v)}, lambda d: Decimal(d["value"]))
    config = BpmnWorkflowSerializer.configure({**DEFAULT_CONFIG, RuleTask: RuleTaskConverter, Collection: BpmnDataSpecificationConverter}, registry)
    return BpmnWorkflowSerializer(config)
