"""A step or a call for each element of a list.

An instance's answers stay its own; what it gives is a place of the collected list, a fact at once, so that a timeout keeps what was given.
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.specs.data_spec import TaskDataReference
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import ParallelMultiInstanceTask, SequentialMultiInstanceTask
from SpiffWorkflow.util.task import TaskState

MAX_ITEMS = 200


class Items(TaskDataReference):
    """What it runs over: an expression, computed once when the task starts (SpiffWorkflow asks again for every item)."""

    def get(self, my_task: Any) -> list[Any]:
        kept = my_task.internal_data
        if "collection" not in kept:
            items = my_task.workflow.script_engine.evaluate(my_task, self.bpmn_id)
            if not isinstance(items, list):
                raise WorkflowTaskException("l'expression d'une tâche multiple doit donner une liste", task=my_task)
            if len(items) > MAX_ITEMS:
                raise WorkflowTaskException(f"plus de {MAX_ITEMS} éléments", task=my_task)
            kept["collection"] = items
        return kept["collection"]

    def exists(self, my_task: Any) -> bool:
        return True


class Each:
    """What both ways, at once and in turn, share."""

    collects: tuple[str, str] | None = None
    """Name of the collected list, expression of one element."""
    data_input: Any
    input_item: Any
    task_spec: str

    def _update_hook(self, my_task: Any) -> Any:
        if self.collects:
            my_task.workflow.script_engine.put(my_task, self.collects[0], [None] * len(self.data_input.get(my_task)))
        return super()._update_hook(my_task)  # type: ignore[misc]

    def create_child(self, my_task: Any, item: Any, key_or_index: int | None = None) -> None:
        child = my_task._add_child(my_task.workflow.spec.task_specs[self.task_spec], TaskState.WAITING)
        child.triggered = True
        child.internal_data["key_or_index"] = key_or_index
        if self.input_item:
            child.data[self.input_item.bpmn_id] = item
        child.task_spec._update(child)

    def merge_child(self, workflow: Any, child: Any) -> None:
        task, engine = child.parent, workflow.script_engine
        if self.collects:
            name, source = self.collects
            seen = engine.context(task)[name]
            at = child.internal_data["key_or_index"]
            engine.put(task, name, [*seen[:at], engine.evaluate(child, source), *seen[at + 1 :]])
        task.internal_data["merged"].append(str(child.id))
        enough = self.check_completion_condition(task)  # type: ignore[attr-defined]
        if enough:
            for other in self._instances(task):  # type: ignore[attr-defined]
                other.cancel()
        if enough or self.children_complete(task):  # type: ignore[attr-defined]
            task._set_state(TaskState.READY)
        elif isinstance(self, SequentialMultiInstanceTask):
            self.add_next_child(task)


class EachAtOnce(Each, ParallelMultiInstanceTask):
    """All instances are open together."""


class EachInTurn(Each, SequentialMultiInstanceTask):
    """One instance after the other."""
