"""Steps of persons and handlers, messages sent, rules, computed facts."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import UserTask
from SpiffWorkflow.bpmn.specs.mixins import BpmnSpecMixin

from workflows.engine.dialect.environment import one_of_several
from workflows.outcome import Effect


class Instance:
    """A task that may be one of several: tells its multi-instance when it is done.

    (SpiffWorkflow hangs a callback on the shared definition instead; on a freshly read one it is missing, and a loaded case never goes on.)
    """

    def _on_complete_hook(self, my_task: Any) -> None:
        super()._on_complete_hook(my_task)  # type: ignore[misc]
        if one_of_several(my_task):
            my_task.parent.task_spec.merge_child(my_task.workflow, my_task)


class Step(Instance, UserTask):
    """Done by a person."""

    handler: str | None = None

    def answered(self, my_task: Any, answers: dict[str, Any]) -> None:
        """All answers are facts, then the declared outputs."""
        engine = my_task.workflow.script_engine
        for name, value in answers.items():
            engine.put(my_task, name, value)
        for name, source in self.extensions.outputs.items():
            engine.put(my_task, name, engine.read(my_task, source, answers))


class Job(Step):
    """Done by a handler of ours that the caller runs in the same transaction."""

    @property
    def handler(self) -> str | None:  # type: ignore[override]
        return self.extensions.handler

    def answered(self, my_task: Any, answers: dict[str, Any]) -> None:
        """Of the handler's result only the declared outputs become facts."""
        engine = my_task.workflow.script_engine
        for name, source in self.extensions.outputs.items():
            engine.put(my_task, name, engine.read(my_task, source, answers))


class Pass(BpmnSpecMixin):
    """A task of no kind: it is passed, as in Camunda. (Stock: it waits for a person whom nobody names.)"""


class Send(BpmnSpecMixin):
    """Says what is to be sent, and goes on."""

    def _run_hook(self, my_task: Any) -> bool:
        engine, said = my_task.workflow.script_engine, self.extensions
        headers = {name: engine.read(my_task, text) for name, text in {**said.properties, **said.headers}.items()}
        engine.effects.append(
            Effect(
                type=said.handler or "",
                element=self.bpmn_id,
                headers=headers,
                inputs=engine.inputs(my_task, said),
                title=self.bpmn_name or self.bpmn_id,
                lane=self.lane,
                process=engine.definition.owner(my_task.workflow.spec.name),
                scope=engine.scope(my_task),
                chain=engine.chain(my_task),
            )
        )
        return True


class Rule(BpmnSpecMixin):
    """A decision table; its result is a fact, its fired rows are the reason."""

    def _run_hook(self, my_task: Any) -> bool:
        engine, said = my_task.workflow.script_engine, self.extensions
        value, rows = engine.decide(my_task, said.decision)
        engine.put(my_task, said.variable, value)
        engine.note("rule", my_task, {"rows": rows, "value": value})
        return True


class Formula(BpmnSpecMixin):
    """A script task of the dialect: one fact = one expression."""

    def _run_hook(self, my_task: Any) -> bool:
        engine, said = my_task.workflow.script_engine, self.extensions
        engine.put(my_task, said.variable, engine.evaluate(my_task, said.expression))
        return True
