"""State <-> bytes, without the definition and without what is finished.

Own format: SpiffWorkflow's own keeps the definition, the wall clock, every finished task, and writes dates of multi-instance items as
texts. A task is [id, place of its parent, state, name, triggered, internal data, data]; children follow from the order.
"""
from __future__ import annotations

import zlib
from collections.abc import Iterator
from uuid import UUID

import orjson
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.specs.control import EventSplit, _EndJoin
from SpiffWorkflow.bpmn.specs.defaults import ExclusiveGateway
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.bpmn.util.subworkflow import BpmnBaseWorkflow, BpmnSubWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from workflows.facts import pack, unpack

FORMAT = 1
LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


def parts(workflow: BpmnWorkflow) -> list[BpmnBaseWorkflow]:
    """The process and its subprocesses, callers first."""
    return [workflow, *sorted(workflow.subprocesses.values(), key=lambda p: p.depth)]


def dump(workflow: BpmnWorkflow) -> bytes:
    out = []
    for part in parts(workflow):
        place: dict[UUID, int] = {}
        rows = []
        for task in _walk(part):
            place[task.id] = len(rows)
            rows.append([str(task.id), place.get(task._parent, -1), task.state, task.task_spec.name, int(task.triggered),
                         pack({k: v for k, v in task.internal_data.items() if k != "seen_events"}), pack(task.data)])
        out.append([str(part.parent_task_id or ""), int(part.completed), rows])
    return zlib.compress(orjson.dumps([FORMAT, out]), 1)


def load(blob: bytes, spec, subprocesses, engine) -> BpmnWorkflow:
    version, rows = orjson.loads(zlib.decompress(blob))
    if version != FORMAT:
        raise ValueError(f"state of format {version}")
    top = BpmnWorkflow(spec, subprocesses, script_engine=engine, deserializing=True)
    for caller_id, completed, tasks in rows:
        part = top
        if caller_id:
            caller = top.get_task_from_id(UUID(caller_id))
            part = top.subprocesses[caller.id] = BpmnSubWorkflow(subprocesses[caller.task_spec.spec], caller.id, top, deserializing=True)
            part.completed_event.connect(caller.task_spec._on_subworkflow_completed, caller)
        part.completed = bool(completed)
        _fill(part, tasks)
    return top


def _fill(part: BpmnBaseWorkflow, rows: list) -> None:
    made: list[Task] = []
    for id_, parent, state, name, triggered, internal, data in rows:
        task = Task(part, part.spec.task_specs[name], made[parent] if parent >= 0 else None, state, UUID(id_))
        task.triggered, task.internal_data, task.data = bool(triggered), unpack(internal), unpack(data)
        if state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            part.top_workflow.event_manager.add_task(task)
        made.append(task)
    part.task_tree = made[0]


def _walk(part: BpmnBaseWorkflow) -> Iterator[Task]:
    """All tasks of one part, parents first, siblings in order; without recursion and without a limit of depth."""
    stack = [part.task_tree]
    while stack:
        task = stack.pop()
        yield task
        stack.extend(reversed(task.children))


def depth(workflow: BpmnWorkflow) -> int:
    """Of the deepest task: SpiffWorkflow overlooks what is deeper than 1 000."""
    deepest = 0
    for part in parts(workflow):
        at: dict[UUID, int] = {}
        for task in _walk(part):
            at[task.id] = at.get(task._parent, -1) + 1
        deepest = max(deepest, *at.values())
    return deepest


# ---------------------------------------------------------------- forgetting
def prune(workflow: BpmnWorkflow) -> int:
    """Forgets finished calls, finished side branches, and in each part the finished trunk above everything alive."""
    before = sum(len(p.tasks) for p in parts(workflow))
    tasks = {t.id: t for part in parts(workflow) for t in part.tasks.values()}
    ended = {i for i in workflow.subprocesses if tasks[i].state & TaskState.FINISHED_MASK}
    while more := {i for i, sub in workflow.subprocesses.items() if i not in ended and sub.parent_workflow.parent_task_id in ended}:
        ended |= more
    for task_id in ended:
        del workflow.subprocesses[task_id]
    for part in parts(workflow):
        _cut_guesses(part)
        _cut_sides(part)
        _cut_trunk(part)
        _cut_links(part)
    return before - sum(len(p.tasks) for p in parts(workflow))


def _path(task: Task) -> list[Task]:
    """From the root to the task."""
    path = []
    while task is not None:
        path.append(task)
        task = task.parent
    return path[::-1]


def _holding(part: BpmnBaseWorkflow) -> list[Task]:
    """Tasks with a token. The tokens that came first to an open join are finished tasks that the join still counts."""
    joins = {t.task_spec.name for t in part.tasks.values()
             if isinstance(t.task_spec, UnstructuredJoin) and not isinstance(t.task_spec, _EndJoin) and not t.state & TaskState.FINISHED_MASK}
    return [t for t in part.tasks.values() if t.state & LIVE or t.state & TaskState.FINISHED_MASK and t.task_spec.name in joins and not t._children]


def _cut_guesses(part: BpmnBaseWorkflow) -> None:
    """What may come is foretold again when it is reached: by a task that was itself only foretold, and by an exclusive gateway."""
    kept, stack = set(), [part.task_tree]
    while stack:
        task = stack.pop()
        kept.add(task.id)
        guess = task.state & TaskState.PREDICTED_MASK and not isinstance(task.task_spec, BoundaryEvent)
        if guess or task.state == TaskState.FUTURE and isinstance(task.task_spec, ExclusiveGateway):
            task._children = []
        stack.extend(task.children)
    _keep(part, kept)


def _keep(part: BpmnBaseWorkflow, kept: set[UUID]) -> None:
    part.tasks = {i: t for i, t in part.tasks.items() if i in kept}


def _cut_sides(part: BpmnBaseWorkflow) -> None:
    """A non-interrupting boundary event whose branch is over is no longer looked at by anybody."""
    counted = {i for t in _holding(part) for i in (s.id for s in _path(t))}
    gone: set[UUID] = set()
    for task in part.tasks.values():
        if isinstance(task.task_spec, BoundaryEvent) and not task.task_spec.cancel_activity and task.state & TaskState.FINISHED_MASK and task.id not in counted:
            branch = [task]
            for one in branch:
                branch.extend(one.children)
            if not any(t.state & TaskState.NOT_FINISHED_MASK for t in branch):
                task.parent._children.remove(task.id)
                gone.update(t.id for t in branch)
    _keep(part, set(part.tasks) - gone)


def _cut_trunk(part: BpmnBaseWorkflow) -> None:
    """Above the lowest task under which everything alive stands, only the root remains."""
    paths = [_path(task) for task in _holding(part)]
    if not paths:
        return
    shared = 0
    while all(len(p) > shared + 1 for p in paths) and len({p[shared + 1].id for p in paths}) == 1:
        shared += 1
    anchor, root = paths[0][shared - 1 if len(paths) == 1 and shared else shared], part.task_tree
    if anchor is root:
        return
    kept, stack = {root.id}, [anchor]
    while stack:
        task = stack.pop()
        kept.add(task.id)
        stack.extend(task.children)
    anchor.parent, root._children = root, [anchor.id]
    _keep(part, kept)


def _cut_links(part: BpmnBaseWorkflow) -> None:
    """Below it, finished dead ends go and finished links with one child are bridged, away from joins, boundaries and multi-instances."""
    above = {i for t in part.tasks.values() if t.state & TaskState.NOT_FINISHED_MASK for i in (s.id for s in _path(t))}
    gone: set[UUID] = set()
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


def _looked_at(task: Task) -> bool:
    """Something alive may still ask for this finished task: a join for its parents, a boundary for its host, a loop for its instances."""
    return (task.triggered or isinstance(task.task_spec, UnstructuredJoin) or any(isinstance(c.task_spec, UnstructuredJoin) for c in task.children)
            or any(isinstance(s, (EventSplit, LoopTask)) for s in (task.task_spec, task.parent.task_spec)))
