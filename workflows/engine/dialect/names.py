"""Which facts belong to the scope of which process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workflows.engine.dialect.extensions import Extensions, read_extensions
from workflows.engine.dialect.reading import NODES, B, Z

Forms = Mapping[str, Sequence[str]]


def declared(roots: Iterable[Any], forms: Forms) -> dict[str, dict[str, None]]:
    """process -> names: fields of its forms, its results, what is given to it, what messages bring; of its phases too."""
    own: dict[str, dict[str, None]] = {}
    phases: dict[str, list[str]] = {}
    for process in (process for root in roots for process in root.iter(B + "process")):
        mine = own.setdefault(process.get("id"), {})
        for node in process.iter(*(B + local for local in NODES)):
            said = read_extensions(node)
            mine.update(dict.fromkeys(_of_node(node, said, forms)))
            if node.tag != B + "callActivity":
                continue
            called = node.get("calledElement")
            if node.find(f".//{Z}calledElement").get("propagateAllChildVariables") == "true":
                phases.setdefault(process.get("id"), []).append(called)
            own.setdefault(called, {}).update(dict.fromkeys(said.inputs))
    return {process: _whole(process, own, phases, frozenset()) for process in own}


def _of_node(node: Any, said: Extensions, forms: Forms) -> Iterable[str]:
    names = list(said.outputs)
    if said.variable:
        names.append(said.variable)
    if said.form and not (said.outputs and node.tag not in (B + "userTask", B + "startEvent")):
        names.extend(forms.get(said.form, ()))
    loop = node.find(f"{B}multiInstanceLoopCharacteristics")
    if loop is not None and loop.get("collects"):
        names.append(loop.get("collects").split(" ", 1)[0])
    return names


def _whole(process: str, own: Mapping[str, dict], phases: Mapping[str, list[str]], seen: frozenset[str]) -> dict[str, None]:
    names = dict(own.get(process, {}))
    for phase in phases.get(process, ()):
        if phase not in seen:
            names.update(_whole(phase, own, phases, seen | {process}))
    return names
