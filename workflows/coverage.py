"""Which elements and arrows of procedures are passed while scenarios are played, and the record of it that lies with a case type.

Passed means done: a step that was opened and withdrawn again, or a call that was broken off, is not passed, though the arrow into it is.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.engine.dialect.reading import NODES, B
from workflows.outcome import Passed

RECORD, EXCUSED = "scenarios/coverage.json", "tests/uncovered.yaml"
"""Where in a folder the record lies, and what it says that no scenario passes, with the reason."""
SHORT = 16
"""Hexadecimal digits of a digest: enough to see a change."""
_NAMED = {B + local for local in (*NODES, "sequenceFlow", "process")}
_SAID = {B + local for local in ("documentation", "textAnnotation", "association", "group")}

Counts = Counter[Passed]


@dataclass(frozen=True)
class Drawn:
    """What a process draws that can be passed. Both in the order of the file."""

    process: str
    elements: tuple[str, ...]
    flows: Mapping[str, tuple[str, str]]
    """arrow -> the elements from which and to which it leads."""
    digest: str

    @property
    def ids(self) -> tuple[str, ...]:
        return (*self.elements, *self.flows)

    def telling(self, passed: Container[str], excused: Container[str] = ()) -> list[str]:
        """What was not passed and is not excused, without the arrows of which that is plain: those from or to an element that was not
        passed either."""
        flows = [id_ for id_, ends in self.flows.items() if all(end in passed for end in ends)]
        return [id_ for id_ in (*self.elements, *flows) if id_ not in passed and id_ not in excused]


def drawn(root: Any) -> dict[str, Drawn]:
    """The processes of a BPMN file by id; `root`: its definitions."""
    found = {}
    for process in root.iter(B + "process"):
        elements = tuple(node.get("id") or "" for node in process.iter(*(B + local for local in sorted(NODES))))
        arrows = process.iter(B + "sequenceFlow")
        flows = {flow.get("id") or "": (flow.get("sourceRef") or "", flow.get("targetRef") or "") for flow in arrows}
        found[process.get("id") or ""] = Drawn(process.get("id") or "", elements, flows, _digest_of(process))
    return found


def _digest_of(process: Any) -> str:
    """Of what decides where a case goes: titles, notes, comments, spaces and the drawing have no part in it."""
    return digest("".join(_deciding(process)).encode())


def _deciding(element: Any) -> Iterator[str]:
    kept = sorted((name, value) for name, value in element.attrib.items() if name != "name" or element.tag not in _NAMED)
    yield repr((element.tag, kept, (element.text or "").strip()))
    for child in element:
        if isinstance(child.tag, str) and child.tag not in _SAID:
            yield from _deciding(child)
    yield ">"


def digest(content: bytes) -> str:
    """A short name of a content."""
    return hashlib.sha256(content).hexdigest()[:SHORT]


@dataclass(frozen=True)
class Record:
    """What was seen when the scenarios of a folder were played last."""

    scenarios: Mapping[str, str] = field(default_factory=dict)
    """file -> digest of its content."""
    digests: Mapping[str, str] = field(default_factory=dict)
    """process -> digest of what it drew."""
    witnesses: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """process -> file -> what it passes and no file before it does."""

    def passed(self, process: str) -> frozenset[str]:
        """What some scenario passes of a process."""
        return frozenset(id_ for ids in self.witnesses.get(process, {}).values() for id_ in ids)

    def write(self) -> str:
        """As it lies in the folder: a line for each scenario and process, so that a change is seen in its place."""
        lines = ["{", ' "scenarios": {']
        lines += [f"  {json.dumps(file)}: {json.dumps(self.scenarios[file])}," for file in sorted(self.scenarios)]
        lines[-1] = lines[-1].rstrip(",")
        lines += [" },", ' "processes": {']
        for process in sorted(self.witnesses):
            lines += [f"  {json.dumps(process)}: {{", f'   "digest": {json.dumps(self.digests[process])},', '   "passed": {']
            lines += [f"    {json.dumps(file)}: {json.dumps(ids)}," for file, ids in self.witnesses[process].items()]
            lines[-1] = lines[-1].rstrip(",")
            lines += ["   }", "  },"]
        lines[-1] = lines[-1].rstrip(",")
        return "\n".join([*lines, " }", "}", ""])


def read_record(content: bytes) -> Record:
    """ValueError when it is none."""
    try:
        found = json.loads(content)
        processes = found["processes"]
        return Record(
            {str(file): str(digest) for file, digest in found["scenarios"].items()},
            {process: str(said["digest"]) for process, said in processes.items()},
            {process: {file: tuple(map(str, ids)) for file, ids in said["passed"].items()} for process, said in processes.items()},
        )
    except (AttributeError, KeyError, TypeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError(f"{type(error).__name__}: {error}") from None


def record(
    scenarios: Mapping[str, bytes], played: Mapping[str, Iterable[Passed]], known: Mapping[str, Drawn], own: Iterable[str]
) -> Record:
    """The record of a folder. `scenarios`: file -> content; `played`: file -> what it passed; `known`: every process that may be called;
    `own`: those of the folder, which are in the record even if nothing of them was passed."""
    by_file = {file: frozenset(passed) for file, passed in played.items()}
    called = {one.process for passed in by_file.values() for one in passed} | set(own)
    witnesses: dict[str, dict[str, tuple[str, ...]]] = {}
    for process in sorted(called & known.keys()):
        left = dict.fromkeys(known[process].ids)
        witnesses[process] = {}
        for file in sorted(by_file):
            first = tuple(id_ for id_ in left if (process, id_) in by_file[file])
            if first:
                witnesses[process][file] = first
            for id_ in first:
                del left[id_]
    digests = {process: known[process].digest for process in witnesses}
    return Record({file: digest(content) for file, content in scenarios.items()}, digests, witnesses)
