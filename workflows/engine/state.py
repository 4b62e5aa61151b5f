"""State <-> bytes, without the definition.

Own format: SpiffWorkflow's own keeps the definition, the wall clock, every finished task, and writes dates of multi-instance items as
texts. A task is [id, place of its parent, state, name, triggered, internal data, data]; children follow from the order. Never keep the
state in a JSON column: the order matters.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import orjson
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.util.task import TaskState

from workflows.engine.tree import Part, Token, Tree
from workflows.facts import pack, unpack

FORMAT = 2
MAX_BYTES = 4_000_000
LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


def dump(tree: Tree) -> bytes:
    """The bytes from which `load` makes the same tree."""
    out: list[list[Any]] = []
    for part in tree.parts:
        place: dict[str, int] = {}
        rows: list[list[Any]] = []
        for task in walk(part):
            place[task.id] = len(rows)
            rows.append(
                [
                    task.id,
                    place.get(task._parent or "", -1),
                    task._state,
                    task.task_spec.name,
                    int(task.triggered),
                    pack({k: v for k, v in task.internal_data.items() if k != "seen_events"}) if task.internal_data else 0,
                    pack(task.data) if task.data else 0,
                ]
            )
        out.append([part.parent_task_id or "", int(part.completed), rows])
    return zlib.compress(orjson.dumps([FORMAT, out]), 1)


def load(blob: bytes, spec: Any, subprocesses: dict[str, Any], engine: Any) -> Tree:
    """The tree of a case. ValueError if the bytes are of another format, or name steps that the definition does not have."""
    unzip = zlib.decompressobj()
    version, rows = orjson.loads(unzip.decompress(blob, MAX_BYTES))
    if version != FORMAT:
        raise ValueError(f"état du dossier au format {version}, attendu {FORMAT}")
    tree = Tree(spec, subprocesses, engine)
    for caller_id, completed, tasks in rows:
        part: Any = tree
        if caller_id:
            caller = tree.get_task_from_id(caller_id)
            part = tree.subprocesses[caller_id] = Part(subprocesses[caller.task_spec.spec], caller, tree)
            part.completed_event.connect(caller.task_spec._on_subworkflow_completed, caller)
        part.completed = bool(completed)
        _fill(part, tasks)
    return tree


def _fill(part: Any, rows: list) -> None:
    made: list[Token] = []
    specs, manager = part.spec.task_specs, part.top_workflow.event_manager
    for id_, parent, state, name, triggered, internal, data in rows:
        if name not in specs:
            raise ValueError(f"l'étape « {name} » n'existe pas dans cette version de la procédure")
        task = Token(part, specs[name], made[parent] if parent >= 0 else None, state, id_)
        if triggered:
            task.triggered = True
        if internal:
            task.internal_data = unpack(internal)
        if data:
            task.data = unpack(data)
        if state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            manager.add_task(task)
        made.append(task)
    part.task_tree = made[0]


def walk(part: Any) -> Iterator[Token]:
    """All tasks of one part, parents first, siblings in order; without recursion and without a limit of depth."""
    tasks, stack = part.tasks, [part.task_tree]
    while stack:
        task = stack.pop()
        yield task
        stack.extend([tasks[child] for child in reversed(task._children)])


def depth(tree: Tree) -> int:
    """Of the deepest task: SpiffWorkflow overlooks what is deeper than 1 000."""
    deepest = 0
    for part in tree.parts:
        at: dict[str | None, int] = {None: -1}
        for task in walk(part):
            level = at[task.id] = at[task._parent] + 1
            deepest = max(deepest, level)
    return deepest
