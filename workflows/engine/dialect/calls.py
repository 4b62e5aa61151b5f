"""Called processes and event subprocesses."""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BpmnStartTask
from SpiffWorkflow.bpmn.specs.defaults import CallActivity
from SpiffWorkflow.util.task import TaskState

from workflows.engine.dialect.steps import Instance


class Call(Instance, CallActivity):
    """`propagateAllChildVariables="true"`: a phase, which shares the facts of its caller.

    Any other call has its own scope; ioMapping carries facts in and out.
    """

    own_scope = True

    def copy_data(self, my_task: Any, subworkflow: Any) -> None:
        engine = my_task.workflow.script_engine
        scope = my_task.id if self.own_scope else engine.scope(my_task)
        for name, value in engine.inputs(my_task, self.extensions).items():
            engine.ledger.put(scope, name, value)

    def update_data(self, my_task: Any, subworkflow: Any) -> None:
        engine = my_task.workflow.script_engine
        for name, source in self.extensions.outputs.items():
            engine.put(my_task, name, engine.read(subworkflow.task_tree, source))


class Start(BpmnStartTask):
    """Event subprocesses are connected when the file is read.

    (SpiffWorkflow does it at the first message, in the shared definition: every case started afterwards opens the event subprocess at once,
    and never ends.)
    """

    def trigger_wf(self, my_task: Any, spec_name: str) -> str:
        child = my_task._add_child(self._wf_spec.task_specs[spec_name], TaskState.FUTURE)
        child.triggered = True
        child.task_spec._predict(child, mask=TaskState.NOT_FINISHED_MASK)
        child.task_spec._update(child)
        return child.id
