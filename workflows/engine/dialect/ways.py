"""Which node of a file a task stands for, and by which flow it leads to which other: what is passed is told in the words of the files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from workflows.engine.dialect.reading import NODES, B
from workflows.outcome import Passed


class Way(NamedTuple):
    """What a task says of itself once it has run."""

    element: Passed | None
    """None for the task that holds the instances of a repeated step: each instance is a task of its own."""
    flows: Mapping[str, Passed]
    """Task that it leads to -> the arrow between them."""


def mark(root: Any, specs: Mapping[str, Any]) -> None:
    """Gives each task that a file draws its `way`; others (joins, splits) have none. `specs`: by process or subprocess of the file."""
    for process in root.iter(B + "process"):
        for level in (process, *process.iter(B + "subProcess")):
            if level.get("id") in specs:
                _mark(level, process.get("id"), specs[level.get("id")].task_specs)


def _mark(level: Any, process: str, tasks: Mapping[str, Any]) -> None:
    flows: dict[str, dict[str, Passed]] = {}
    for flow in level.findall(B + "sequenceFlow"):
        target = f"{flow.get('targetRef')}.BoundaryEventSplit"
        entered = target if target in tasks else flow.get("targetRef")
        flows.setdefault(flow.get("sourceRef"), {}).setdefault(entered, Passed(process, flow.get("id")))
    for node in (child for child in level if child.tag in {B + local for local in NODES}):
        name = node.get("id")
        element, several = Passed(process, name), tasks.get(f"{name} [child]")
        if several is not None:
            several.way = Way(element, {})
        if name in tasks:
            tasks[name].way = Way(None if several is not None else element, flows.get(name, {}))
