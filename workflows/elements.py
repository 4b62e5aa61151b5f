"""What a procedure draws: its processes, steps and flows, for labels, diagrams and rules. The engine does not need it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from workflows.engine.dialect.extensions import read_extensions
from workflows.engine.dialect.reading import KEPT, NODES, B, Z, parse


@dataclass(frozen=True, slots=True)
class ProcessSpec:
    """A <process>."""

    id: str
    title: str
    file: str
    """The path of the file that draws it."""
    shared: bool
    """Whether it comes from the folder of shared processes."""


@dataclass(frozen=True, slots=True)
class StepSpec:
    """A node of a process: task, call, gateway or event."""

    id: str
    title: str
    process: str
    lane: str | None
    kind: str
    """The BPMN element: userTask, exclusiveGateway, ..."""
    form: str | None
    properties: Mapping[str, str]
    """zeebe:property values as written, « = » included; of a send or service task the headers too."""
    inputs: Mapping[str, str]
    """What a task is given, as written: name -> « =FEEL »."""
    handler: str | None = None
    called: str | None = None
    """Of a call: id of the process."""
    decision: str | None = None
    message: str | None = None
    """Of a node that waits for a message: its name."""
    host: str | None = None
    """Of a boundary event: id of the step that it watches."""


@dataclass(frozen=True, slots=True)
class FlowSpec:
    """An arrow."""

    id: str
    title: str
    process: str
    source: str
    target: str


@dataclass(frozen=True)
class Elements:
    """All that the files of a procedure draw."""

    processes: Mapping[str, ProcessSpec]
    steps: Mapping[str, StepSpec]
    """By element id, which is only unique in its process: one of those that bear it."""
    in_process: Mapping[tuple[str, str], StepSpec]
    flows: Mapping[tuple[str, str], FlowSpec]
    """By process and id: like those of steps, ids are only unique in their process."""


def read_elements(files: Mapping[str, bytes], shared: str) -> Elements:
    """Of the BPMN files; `shared`: prefix of the shared folder. BadDefinition as the engine's reader."""
    processes: dict[str, ProcessSpec] = {}
    exact: dict[tuple[str, str], StepSpec] = {}
    flows: dict[tuple[str, str], FlowSpec] = {}
    for path in sorted(files):
        if not path.endswith(".bpmn"):
            continue
        drawn = _drawn(path, files[path], path.startswith(shared))
        processes.update({one.id: one for one in drawn.processes})
        exact.update({(step.process, step.id): step for step in drawn.steps})
        flows.update({(flow.process, flow.id): flow for flow in drawn.flows})
    return Elements(processes, {step.id: step for step in exact.values()}, exact, flows)


class _Drawn(NamedTuple):
    """What one file draws."""

    processes: tuple[ProcessSpec, ...]
    steps: tuple[StepSpec, ...]
    flows: tuple[FlowSpec, ...]


@lru_cache(KEPT)
def _drawn(path: str, text: bytes, shared: bool) -> _Drawn:
    """The same file, such as one that all case types share, is read once."""
    root = parse(text, path)
    messages = {message.get("id"): message.get("name") for message in root.iter(B + "message")}
    lanes = {ref.text: lane.get("name") for lane in root.iter(B + "lane") for ref in lane.findall(B + "flowNodeRef")}
    inside = list(root.iter(B + "process"))
    return _Drawn(
        tuple(ProcessSpec(one.get("id"), one.get("name") or one.get("id"), path, shared) for one in inside),
        tuple(step for one in inside for step in _steps(one, messages, lanes)),
        tuple(flow for one in inside for flow in _flows(one)),
    )


def _steps(process: Any, messages: Mapping[str, str], lanes: Mapping[str, str]) -> Iterator[StepSpec]:
    for node in process.iter(*(B + local for local in NODES)):
        said = read_extensions(node)
        called = node.find(f".//{Z}calledElement") if node.tag == B + "callActivity" else None
        event = node.find(B + "messageEventDefinition")
        wanted = node.get("messageRef") if event is None else event.get("messageRef")
        yield StepSpec(
            id=node.get("id"),
            title=node.get("name") or node.get("id"),
            process=process.get("id"),
            lane=_lane(node, lanes),
            kind=node.tag[len(B) :],
            form=said.form,
            properties={**said.properties, **said.headers},
            inputs=said.inputs,
            handler=said.handler,
            called=None if called is None else called.get("processId"),
            decision=said.decision,
            message=messages.get(wanted) if wanted else None,
            host=node.get("attachedToRef"),
        )


def _lane(node: Any, lanes: Mapping[str, str]) -> str | None:
    """The lane that names the node, or the subprocess around it."""
    while node is not None:
        if node.get("id") in lanes:
            return lanes[node.get("id")]
        node = node.getparent()
    return None


def _flows(process: Any) -> Iterator[FlowSpec]:
    for flow in process.iter(B + "sequenceFlow"):
        yield FlowSpec(flow.get("id"), flow.get("name") or "", process.get("id"), flow.get("sourceRef"), flow.get("targetRef"))
