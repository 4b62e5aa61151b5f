"""Events at the border of a step."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent
from SpiffWorkflow.util.task import TaskState

from workflows.engine.dialect.timers import Timer


class Boundary(BoundaryEvent):
    """Non-interrupting: it may be caught again, as BPMN says, while its host is open."""

    def _run_hook(self, my_task: Any) -> Any:
        aside, workflow = not self.cancel_activity, my_task.workflow
        again = self._again(my_task) if aside else None
        done = super()._run_hook(my_task)
        if aside:
            # The branch goes its own way: it has no part in the end of the host.
            for child in my_task.children:
                if isinstance(child.task_spec, BoundaryEventJoin):
                    workflow._remove_task(child.id)
        if again is not None:
            twin = my_task.parent._add_child(self, TaskState.WAITING)
            twin.internal_data.update(again)
            self._predict(twin, mask=TaskState.NOT_FINISHED_MASK)
            workflow.top_workflow.event_manager.add_task(twin)
        return done

    def _again(self, my_task: Any) -> dict | None:
        """What the next one remembers; None if there is none. A message may come any number of times."""
        return self.event_definition.again(my_task) if isinstance(self.event_definition, Timer) else {}


def host_of(my_task: Any) -> Any:
    """The task that a boundary event watches, or None."""
    if not isinstance(my_task.task_spec, BoundaryEvent):
        return None
    return next((child for child in my_task.parent.children if not isinstance(child.task_spec, BoundaryEvent)), None)
