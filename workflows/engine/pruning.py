"""What is finished, or only foretold, is forgotten: the state of a case stays at a few kilobytes for ever.

The engine has no API for it; every rule below was found by random processes that ran pruned beside untouched twins (`tests/engine`).
"""

from __future__ import annotations

from typing import Any

from SpiffWorkflow.bpmn.specs.control import EventSplit, _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import ExclusiveGateway
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.util.task import TaskState

from workflows.engine.state import LIVE
from workflows.engine.tree import Token, Tree


def prune(tree: Tree) -> int:
    """Forgets finished calls, finished side branches, and in each part the finished trunk above everything alive. How many tasks went."""
    before = sum(len(part.tasks) for part in tree.parts)
    _cut_calls(tree)
    for part in tree.parts:
        if not part.touched:
            continue
        _cut_guesses(part)
        _cut_sides(part)
        _cut_trunk(part)
        _cut_links(part)
    return before - sum(len(part.tasks) for part in tree.parts)


def _cut_calls(tree: Tree) -> None:
    """A call that is over takes with it what it called."""
    ended = {i for i, part in tree.subprocesses.items() if part.caller.state & TaskState.FINISHED_MASK}
    while more := {i for i, part in tree.subprocesses.items() if i not in ended and part.parent_workflow.parent_task_id in ended}:
        ended |= more
    for task_id in ended:
        del tree.subprocesses[task_id]


def _path(task: Token | None) -> list[Token]:
    """From the root to the task."""
    path = []
    while task is not None:
        path.append(task)
        task = task.parent
    return path[::-1]


def _holding(part: Any) -> list[Token]:
    """Tasks with a token. The tokens that came first to an open join are finished tasks that the join still counts."""
    joins = {
        task.task_spec.name
        for task in part.tasks.values()
        if isinstance(task.task_spec, UnstructuredJoin)
        and not isinstance(task.task_spec, _EndJoin)
        and not task.state & TaskState.FINISHED_MASK
    }
    return [
        task
        for task in part.tasks.values()
        if task.state & LIVE or (task.state & TaskState.FINISHED_MASK and task.task_spec.name in joins and not task._children)
    ]


def _keep(part: Any, kept: set[str]) -> None:
    if len(kept) < len(part.tasks):
        part.tasks = {i: task for i, task in part.tasks.items() if i in kept}


def _cut_guesses(part: Any) -> None:
    """What may come is foretold again when it is reached: by a task that was itself only foretold, and by an exclusive gateway."""
    kept: set[str] = set()
    stack = [part.task_tree]
    while stack:
        task = stack.pop()
        kept.add(task.id)
        guess = task.state & TaskState.PREDICTED_MASK and not isinstance(task.task_spec, BoundaryEvent)
        if guess or (task.state == TaskState.FUTURE and isinstance(task.task_spec, ExclusiveGateway)):
            task._children = []
        stack.extend(task.children)
    _keep(part, kept)


def _cut_sides(part: Any) -> None:
    """A non-interrupting boundary event whose branch is over is no longer looked at by anybody."""
    sides = [task for task in part.tasks.values() if _is_side(task)]
    if not sides:
        return
    counted = {step.id for task in _holding(part) for step in _path(task)}
    gone: set[str] = set()
    for task in sides:
        if task.id in counted:
            continue
        branch = [task]
        for one in branch:
            branch.extend(one.children)
        if not any(one.state & TaskState.NOT_FINISHED_MASK for one in branch):
            task.parent._children.remove(task.id)
            gone.update(one.id for one in branch)
    _keep(part, set(part.tasks) - gone)


def _is_side(task: Token) -> bool:
    return isinstance(task.task_spec, BoundaryEvent) and not task.task_spec.cancel_activity and bool(task.state & TaskState.FINISHED_MASK)


def _cut_trunk(part: Any) -> None:
    """Above the lowest task under which everything alive stands, only the root remains."""
    paths = [_path(task) for task in _holding(part)]
    if not paths:
        return
    shared = 0
    while all(len(path) > shared + 1 for path in paths) and len({path[shared + 1].id for path in paths}) == 1:
        shared += 1
    anchor = paths[0][shared - 1 if len(paths) == 1 and shared else shared]
    root = part.task_tree
    if anchor is root:
        return
    kept, stack = {root.id}, [anchor]
    while stack:
        task = stack.pop()
        kept.add(task.id)
        stack.extend(task.children)
    anchor.parent = root
    root._children = [anchor.id]
    _keep(part, kept)


def _cut_links(part: Any) -> None:
    """Below it, finished dead ends go and finished links with one child are bridged, away from joins, boundaries and multi-instances."""
    above: set[str] = set()
    for task in part.tasks.values():
        step = task if task.state & TaskState.NOT_FINISHED_MASK else None
        while step is not None and step.id not in above:
            above.add(step.id)
            step = step.parent
    gone: set[str] = set()
    for task in list(part.tasks.values()):
        parent = task.parent
        if parent is None or not task.state & TaskState.FINISHED_MASK or _looked_at(task):
            continue
        if task.id not in above and not task._children:
            parent._children.remove(task.id)
            gone.add(task.id)
        elif task.id in above and len(task._children) == 1 and parent.state & TaskState.FINISHED_MASK:
            child = task.children[0]
            child.parent = parent
            parent._children[parent._children.index(task.id)] = child.id
            gone.add(task.id)
    _keep(part, set(part.tasks) - gone)


def _looked_at(task: Token) -> bool:
    """Something alive may still ask for this finished task: a join for its parents, a boundary for its host, a loop for its instances."""
    return (
        task.triggered
        or isinstance(task.task_spec, UnstructuredJoin)
        or any(isinstance(child.task_spec, UnstructuredJoin) for child in task.children)
        or any(isinstance(spec, EventSplit | LoopTask) for spec in (task.task_spec, task.parent.task_spec))
    )
