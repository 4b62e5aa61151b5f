"""Expressions of one act: FEEL over the facts by scope, with the injected clock. No Python of a file ever runs."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.script_engine.python_environment import BasePythonScriptEngineEnvironment
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask

from workflows.engine.dialect.adapt import CONDITION, MOMENT
from workflows.facts import CASE, Ledger, Scope
from workflows.feel import FeelError, Host, Months, lower
from workflows.feel.values import show
from workflows.outcome import Effect, ScopeRef, Traced

if TYPE_CHECKING:
    from workflows.engine.dialect.definition import Definition
    from workflows.engine.dialect.extensions import Extensions

PLAIN = re.compile(r"=\s*[^\W\d]\w*\s*")


class Environment(BasePythonScriptEngineEnvironment):
    """SpiffWorkflow calls it for correlations and completions without asking the engine: everything safe is here."""

    def __init__(self, host: Host):
        super().__init__()
        self.host = host

    def evaluate(self, expression: str, context: Mapping[str, Any], external_context: Mapping[str, Any] | None = None) -> Any:
        """The value of a text of the dialect; see `adapt` for the marks."""
        text = str(expression).strip()
        data = {**context, **external_context} if external_context else context
        if text.startswith(CONDITION):
            return self._condition(text[2:], data)
        if text.startswith(MOMENT):
            return self._value(text[2:], data)
        if text.startswith("="):
            return lower(self._value(text[1:], data))
        # Never the text itself: SpiffWorkflow would take it for true.
        raise FeelError("une expression commence par « = »")

    def _value(self, text: str, data: Mapping[str, Any]) -> Any:
        with contained():
            return self.host.evaluate(text, data)

    def _condition(self, text: str, data: Mapping[str, Any]) -> bool:
        answer = self._value(text, data)
        if answer is True or answer is False:
            return answer
        if answer is None:
            raise FeelError("la condition reste sans réponse, car une donnée est vide : prévoir ce cas, par exemple « … != null and … »")
        raise FeelError("la condition ne donne pas un oui/non")

    def execute(self, script: str, context: Any, external_context: Any = None) -> Any:
        raise FeelError("aucun script ne s'exécute : un calcul est une expression (zeebe:script)")

    def call_service(self, context: Any, **kwargs: Any) -> Any:
        raise FeelError("aucun service n'est appelé par une expression")


def moment(value: Any) -> dt.datetime | str | None:
    """A due moment in UTC, or a duration as ISO text, never negative; None if the value is null."""
    match value:
        case None:
            return None
        case dt.datetime() if value.tzinfo:
            return value.astimezone(dt.UTC)
        case dt.timedelta():
            return show(max(value, dt.timedelta()))
        case Months():
            return show(value)
    raise FeelError("une échéance est une date-heure avec fuseau, ou une durée ; pour une date seule, employer une fonction d'échéance")


@contextlib.contextmanager
def contained() -> Iterator[None]:
    """A host function that fails is an incident of the case, not a failure of the application."""
    try:
        yield
    except FeelError:
        raise
    except (ArithmeticError, LookupError, TypeError, ValueError, AttributeError) as error:
        raise FeelError(f"une fonction a échoué ({type(error).__name__})") from error


@contextlib.contextmanager
def place(task: Any) -> Iterator[None]:
    """Says at which step an expression failed."""
    try:
        yield
    except FeelError as error:
        raise WorkflowTaskException(f"« {task.task_spec.bpmn_name or task.task_spec.name} » : {error}", task=task) from None


def one_of_several(task: Any) -> bool:
    """An instance of the multi-instance above it; what follows a multi-instance hangs under it as well."""
    above = getattr(task.parent, "task_spec", None)
    return isinstance(above, LoopTask) and task.task_spec.name == above.task_spec


class Engine(PythonScriptEngine):
    """What SpiffWorkflow asks during one act; collects rules fired, gateways passed, effects to send."""

    def __init__(
        self,
        definition: Definition,
        ledger: Ledger,
        now: dt.datetime,
        functions: Mapping[str, Any] | None = None,
        waiting: Mapping[tuple[str, str], Mapping[str, Any]] | None = None,
    ):
        self.now = self._reading = now
        self._functions, self.waiting = {**definition.functions, **(functions or {})}, waiting or {}
        super().__init__(Environment(self._host({})))
        self.definition = definition
        self.ledger = ledger
        self.trace: list[Traced] = []
        self.effects: list[Effect] = []
        self.due: dict[tuple[str, str], tuple[int, dt.datetime | None]] = {}
        """(task, timer) -> its due moment, and the version of the ledger that it was read from."""
        self._chains: dict[str, tuple[Scope, ...]] = {}
        self._views: dict[tuple[str, ...], tuple[int, dict[str, Any]]] = {}

    def _host(self, functions: Mapping[str, Any]) -> Host:
        return Host({**self._functions, **functions}, now=lambda: self._reading)

    def validate(self, expression: str) -> None:
        """The checks of definitions have done it."""

    def scopes(self, part: Any) -> tuple[Scope, ...]:
        """Innermost first. An embedded subprocess and a phase belong to the process that holds them; any other call has its own."""
        key = part.parent_task_id or ""
        if key not in self._chains:
            if part.caller is None:
                self._chains[key] = (Scope(CASE, self.definition.names[part.spec.name], part.spec.name),)
            else:
                spec, outer = part.caller.task_spec, self.scopes(part.caller.workflow)
                own = getattr(spec, "own_scope", False)
                self._chains[key] = (Scope(key, self.definition.names[spec.spec], spec.spec), *outer) if own else outer
        return self._chains[key]

    def scope(self, task: Any) -> str:
        """Where the facts of a task belong."""
        return self.scopes(task.workflow)[0].id

    def chain(self, task: Any) -> tuple[ScopeRef, ...]:
        return tuple(ScopeRef(scope.id, scope.process) for scope in self.scopes(task.workflow))

    def context(self, task: Any) -> Mapping[str, Any]:
        """What an expression of the task sees."""
        scopes = self.scopes(task.workflow)
        key = tuple(scope.id for scope in scopes)
        kept = self._views.get(key)
        if kept is None or kept[0] != self.ledger.version:
            kept = self._views[key] = (self.ledger.version, self.ledger.view(scopes))
        return {**kept[1], **task.data} if task.data else kept[1]

    def evaluate(
        self, task: Any, expression: str, external_context: Any = None, at: dt.datetime | None = None, step: str | None = None
    ) -> Any:
        """`at`: the moment that now() gives, if not the act's. `step`: the open step whose
        time is counted."""
        self._reading = at or self.now
        told = self.waiting.get((self.scope(task), step)) if step and self.waiting else None
        environment = Environment(self._host(told)) if told else self.environment
        with place(task):
            return environment.evaluate(expression, self.context(task), external_context)

    def decide(self, task: Any, decision: str) -> tuple[Any, Any]:
        """The result of a decision, and the rows that fired."""
        self._reading = self.now
        decisions = self.definition.decisions
        with place(task), contained():
            value, rows = decisions[decision].decide(decisions, self.environment.host, self.context(task))
            return lower(value), rows

    def put(self, task: Any, name: str, value: Any) -> None:
        """A fact in the scope of the process that holds the task; inside a multi-instance a value of that instance alone."""
        if one_of_several(task):
            task.data[name] = value
        else:
            self.ledger.put(self.scope(task), name, value)

    def note(self, kind: str, task: Any, detail: Any) -> None:
        """A line of the trace."""
        process = self.definition.owner(task.workflow.spec.name)
        self.trace.append(Traced(kind, task.task_spec.bpmn_id or task.task_spec.name, detail, process))

    # -- what zeebe elements say, evaluated
    def said(self, task: Any, extensions: Extensions) -> dict[str, Any]:
        """Form, properties and headers; those written « =FEEL » as their values."""
        public = dict(extensions.public)
        for name in extensions.formulas:
            public[name] = self.evaluate(task, public[name])
        return public

    def inputs(self, task: Any, extensions: Extensions) -> dict[str, Any]:
        """The input mappings."""
        return {name: self.read(task, source) for name, source in extensions.inputs.items()}

    def read(self, task: Any, source: str, given: Mapping[str, Any] | None = None) -> Any:
        """The source of a mapping. Over `given` (an answer, a payload) a plain name that is not in it is null."""
        if not source.startswith("="):
            return source
        if given is not None and PLAIN.fullmatch(source):
            given = {source[1:].strip(): None, **given}
        return self.evaluate(task, source, given)
