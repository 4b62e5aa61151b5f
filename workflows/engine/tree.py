"""SpiffWorkflow's tree of tasks without its clock and its log, with short ids, and with less work after each step.

The stock task writes two log records for each change of state, whose texts are built even if nobody reads them, and takes the wall clock;
a third of an act went there. Each class below keeps the behaviour of the one that it inherits from, except where it says otherwise.
"""

from __future__ import annotations

import base64
import os
from typing import Any

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.control import _EndJoin
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState


class Token(Task):
    """A task of one case. Its id is a text that no other case has."""

    def __init__(self, workflow: Any, task_spec: Any, parent: Token | None = None, state: int = TaskState.MAYBE, id: str | None = None):
        self.id = id or workflow.top_workflow.mint()
        workflow.tasks[self.id] = self
        workflow.touched = True
        self.workflow = workflow
        self.task_spec = task_spec
        self._parent = parent.id if parent is not None else None
        self._children: list[str] = []
        self._state = state
        self.triggered = False
        self.thread_id = 0
        self.data: dict[str, Any] = {}
        self.internal_data: dict[str, Any] = {}
        self.last_state_change = 0.0
        if parent is not None:
            parent._children.append(self.id)

    def _set_state(self, value: int) -> None:
        self._state = value
        self.workflow.touched = True

    def _add_child(self, task_spec: Any, state: int = TaskState.MAYBE) -> Token:
        if self._state & TaskState.PREDICTED_MASK and not state & TaskState.PREDICTED_MASK:
            raise WorkflowException("Attempt to add non-predicted child to predicted task", task_spec=self.task_spec)
        token = Token(self.workflow, task_spec, self, state)
        if state == TaskState.READY:
            token._ready()
        return token

    def _inherit_data(self) -> None:
        if self.parent.data:
            super()._inherit_data()


class _Resting:
    """What a process does when one of its tasks is completed, and whether anything has happened in it since it was loaded."""

    touched = True
    """False: there is nothing new to forget in it."""

    def _task_removed_notify(self, task: Token) -> None:
        self.touched = True

    def begin(self: Any) -> None:
        self.task_tree = Token(self, self.spec.start, state=TaskState.FUTURE)
        self.task_tree.task_spec._predict(self.task_tree, mask=TaskState.NOT_FINISHED_MASK)
        self.task_tree._ready()

    def update_waiting_tasks(self: Any) -> None:
        """Joins look again. An event that is registered waits for `Act.settle`, which fires what is due in the order of the moments."""
        known = self.top_workflow.event_manager.tasks
        for task in list(self.tasks.values()):
            if task._state == TaskState.WAITING and not (task.id in known and isinstance(task.task_spec, CatchingEvent)):
                task.task_spec._update(task)

    def collect_log_extras(self, dct: dict | None = None) -> dict:
        return {}


class Part(_Resting, BpmnSubWorkflow):
    """An embedded, event or called process that runs."""

    def __init__(self, spec: Any, caller: Token, top: Tree):
        self.caller = caller
        super().__init__(spec, caller.id, top, deserializing=True)

    @property
    def parent_workflow(self) -> Any:
        return self.caller.workflow

    def _calculate_depth(self) -> int:
        return self.caller.workflow.depth + 1


class Tree(_Resting, BpmnWorkflow):
    """The process of the case, with all that runs inside it."""

    caller = None

    def __init__(self, spec: Any, subprocesses: dict[str, Any], engine: Any):
        self._stem = base64.urlsafe_b64encode(os.urandom(9)).decode()
        self._minted = 0
        super().__init__(spec, subprocesses, script_engine=engine, deserializing=True)

    def mint(self) -> str:
        """An id for a new task: 72 random bits an act and a number, so that the ids of one act compress well."""
        self._minted += 1
        return f"{self._stem}{self._minted}"

    def create_subprocess(self, my_task: Token, spec_name: str) -> Part:
        part = self.subprocesses[my_task.id] = Part(self.subprocess_specs[spec_name], my_task, self)
        part.begin()
        return part

    @property
    def parts(self) -> list[Any]:
        """The process and what runs inside it, callers first."""
        return [self, *sorted(self.subprocesses.values(), key=lambda part: part.depth)]


class EndJoin(_EndJoin):
    """The end of a process waits for everybody in it. (The stock one walks the tree, and overlooks what is deeper than 1 000.)"""

    def _check_threshold_unstructured(self, my_task: Token) -> bool:
        return not any(
            task._state & TaskState.NOT_FINISHED_MASK
            for task in my_task.workflow.tasks.values()
            if task is not my_task and task.task_spec.name != "End"
        )
