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
from workflows.errors import Stuck
from workflows.facts import pack, unpack

FORMAT = 2
MAX_BYTES = 4_000_000
LIVE = TaskState.WAITING | TaskState.READY | TaskState.STARTED


def dump(tree: Tree) -> bytes:
    """The bytes from which `load` makes the same tree."""
    out = [[part.parent_task_id or "", int(part.completed), _rows(part)] for part in tree.parts]
    return zlib.compress(orjson.dumps([FORMAT, out]), 1)


def _rows(part: Any) -> list[list[Any]]:
    place: dict[str | None, int] = {}
    rows: list[list[Any]] = []
    for task in walk(part):
        place[task.id] = len(rows)
        internal, data = task.internal_data, task.data
        rows.append(
            [
                task.id,
                place.get(task._parent, -1),
                task._state,
                task.task_spec.name,
                int(task.triggered),
                {name: _internal(name, value) for name, value in internal.items() if name != "seen_events"} if internal else 0,
                pack(data) if data else 0,
            ]
        )
    return rows


def _internal(name: str, value: Any) -> Any:
    """Notes of timers are plain already."""
    return value if name == "timers" else pack(value)


def load(blob: bytes, spec: Any, subprocesses: dict[str, Any], engine: Any) -> Tree:
    """The tree of a case. Stuck if the bytes are damaged, of another format, or name steps that the definition does not have."""
    try:
        version, rows = orjson.loads(zlib.decompressobj().decompress(blob, MAX_BYTES))
    except (zlib.error, ValueError):
        raise Stuck("l'état du dossier est endommagé ; le reprendre d'une sauvegarde") from None
    if version != FORMAT:
        raise Stuck(f"l'état du dossier est au format {version}, attendu {FORMAT}")
    tree = Tree(spec, subprocesses, engine)
    for caller_id, completed, tasks in rows:
        part: Any = tree
        if caller_id:
            caller = tree.get_task_from_id(caller_id)
            part = tree.subprocesses[caller_id] = Part(subprocesses[caller.task_spec.spec], caller, tree)
            part.completed_event.connect(caller.task_spec._on_subworkflow_completed, caller)
        part.completed = bool(completed)
        _fill(part, tasks)
        part.touched = False
    return tree


def _fill(part: Any, rows: list) -> None:
    made: list[Token] = []
    specs, manager = part.spec.task_specs, part.top_workflow.event_manager
    for id_, parent, state, name, triggered, internal, data in rows:
        if name not in specs:
            raise Stuck(f"l'étape « {name} » n'existe pas dans cette version de la procédure")
        task = Token(part, specs[name], made[parent] if parent >= 0 else None, state, id_)
        if triggered:
            task.triggered = True
        if internal:
            task.internal_data = {key: value if key == "timers" else unpack(value) for key, value in internal.items()}
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


def depth(part: Any) -> int:
    """Of the deepest task of a part."""
    at: dict[str | None, int] = {None: -1}
    for task in walk(part):
        at[task.id] = at[task._parent] + 1
    return max(at.values())
