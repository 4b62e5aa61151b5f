"""Drives one shared process through the engine alone: a tiny frame that calls it, handlers answered by the test, a clock set by hand."""

from __future__ import annotations

import datetime as dt
import functools
import json
import pathlib
from collections.abc import Mapping
from typing import Any

import yaml

from workflows import feel_calendar
from workflows.engine import runtime
from workflows.engine.dialect import Definition
from workflows.facts import merge, pack, unpack
from workflows.outcome import Message, Traced
from workflows.working_time import Calendar

SHARED = pathlib.Path(__file__).parents[2] / "bpmn" / "_shared"
BEGIN = dt.datetime(2026, 2, 9, 7, tzinfo=dt.UTC)
"""A Monday morning in Bamako."""
FRAME = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
 id="definitions_1" targetNamespace="http://jatigi/bpmn">
<bpmn:process id="cadre" name="Cadre d'essai" isExecutable="true">
<bpmn:startEvent id="cadre_debut"/>
<bpmn:callActivity id="appel"><bpmn:extensionElements>
<zeebe:calledElement processId="{process}" propagateAllChildVariables="false"/>
<zeebe:ioMapping>{mapping}</zeebe:ioMapping></bpmn:extensionElements></bpmn:callActivity>
<bpmn:endEvent id="cadre_fin"/>
<bpmn:sequenceFlow id="f1" sourceRef="cadre_debut" targetRef="appel"/>
<bpmn:sequenceFlow id="f2" sourceRef="appel" targetRef="cadre_fin"/>
</bpmn:process></bpmn:definitions>"""


@functools.cache
def settings() -> dict[str, Any]:
    """The values of settings.yaml, as expressions read them under « reglages »."""
    read = yaml.safe_load((SHARED / "settings.yaml").read_text())
    return {name: entry["value"] for name, entry in read["settings"].items()}


@functools.cache
def header() -> list[str]:
    """The facts that every case has."""
    said = yaml.safe_load((SHARED / "shared.yaml").read_text())
    return [*said["facts"], *form_fields()[said["header"]]]


@functools.cache
def form_fields() -> dict[str, list[str]]:
    """Form id -> keys of its fields."""
    return {form["id"]: list(keys(form["components"])) for form in map(read_json, sorted(SHARED.glob("*.form")))}


def read_json(path: pathlib.Path) -> dict[str, Any]:
    return json.loads(path.read_text())


def keys(components: list[dict[str, Any]]):
    for component in components:
        if name := component.get("path") or component.get("key"):
            yield name
        elif "components" in component:
            yield from keys(component["components"])


@functools.cache
def definition(process: str, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> Definition:
    """A frame that gives its facts of these names to the process and takes these results."""
    mapping = "".join(f'<zeebe:input source="={name}" target="{name}"/>' for name in inputs)
    mapping += "".join(f'<zeebe:output source="={name}" target="rendu_{name}"/>' for name in outputs)
    files = {path.name: path.read_bytes() for path in SHARED.glob("*.bpmn")}
    frame = FRAME.format(process=process, mapping=mapping).encode()
    tables = {path.name: path.read_bytes() for path in SHARED.glob("*.dmn")}
    facts = {*header(), *inputs}
    return Definition.read("cadre", {**files, "cadre.bpmn": frame}, tables, form_fields(), facts=facts)


@functools.cache
def central() -> Mapping[str, Any]:
    """The working-day functions of the central calendar."""
    week = dict.fromkeys(range(4), ("07:30", "16:00"))
    hours = {day: ((dt.time.fromisoformat(a), dt.time.fromisoformat(b)),) for day, (a, b) in week.items()}
    hours[4] = ((dt.time(7, 30), dt.time(12, 30)), (dt.time(14, 30), dt.time(17, 30)))
    return feel_calendar.functions(Calendar("ML-CENTRAL", "Africa/Bamako", weekend=frozenset({5, 6}), hours=hours))


class Call:
    """One run of a shared process.

    `answers`: what the handlers answer, by handler or by step; a list gives one answer a time, the last one again and again.
    """

    def __init__(self, process: str, answers: Mapping[str, Any] | None = None, outputs: tuple[str, ...] = ("resultat",), **inputs: Any):
        given = {
            "numero": "COR-1",
            "type_dossier": "COR",
            "priorite": "P2",
            "au_poste": True,
            "confidentialite": "C3",
            "responsable": "U-32",
            "declarant": "P-7",
        }
        heads = {name: inputs.pop(name) for name in list(inputs) if name in header()}
        self.definition = definition(process, tuple(inputs), outputs)
        self.now = BEGIN
        self.facts: dict[str, dict[str, Any]] = {"": {**given, **heads, **inputs}}
        self.answers = dict(answers or {})
        self.state: bytes | None = None
        self.last: Any = None
        self.kept: list[Message] = []
        self.taken: set[str] = set()
        self.log: list[Traced] = []
        self.sent: list[tuple[str, Any]] = []
        self.jobs: list[tuple[str, dict[str, Any]]] = []
        self.visited: set[tuple[str, str]] = set()
        self.count = 0
        self._apply(runtime.start)

    def _apply(self, act: Any, *args: Any) -> None:
        self._one(act, *args)
        while job := next((step for step in self.last.open if step.job), None):
            self.jobs.append((job.job, dict(job.inputs)))
            self._one(runtime.complete, job.id, self._answer(job))

    def _one(self, act: Any, *args: Any) -> None:
        facts = unpack(json.loads(json.dumps(pack(self.facts))))
        given = (self.definition, facts, self.now) if self.state is None else (self.definition, self.state, facts, self.now)
        out = act(*given, *args, kept=self.kept, functions=central(), system={"reglages": settings()})
        assert out.incident is None, out.incident
        self.state, self.last = out.state, out
        self.facts = merge(facts, out.changes, out.scopes)
        self.taken |= set(out.taken)
        self.kept = [message for message in self.kept if message.id not in out.taken]
        self.log += out.trace
        self.sent += [(effect.headers["template"], effect.headers["to"]) for effect in out.effects]
        self.visited |= {(step.process, step.step) for step in out.open}
        self.visited |= {(line.process, line.element) for line in out.trace}
        self.visited |= {(effect.process, effect.element) for effect in out.effects}
        SEEN.update(self.visited)
        SEEN.update((line.process, flow) for line in out.trace if line.kind == "gateway" for flow in line.detail)

    def _answer(self, job: Any) -> dict[str, Any]:
        answer = self.answers.get(job.step, self.answers.get(job.job, {}))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        return answer

    # -- what a person, the outside or time does
    def do(self, step: str, **answers: Any) -> Call:
        """Completes the first open step of that id."""
        task = next((task for task in self.last.open if task.step == step), None)
        assert task, f"{step} is not open: {self.steps}"
        self._apply(runtime.complete, task.id, answers)
        return self

    def say(self, name: str, key: Any, **payload: Any) -> bool:
        """A message from outside; False if nobody waits: then it is kept."""
        self.count += 1
        message = Message(f"m{self.count}", name, payload, key)
        self._apply(runtime.deliver, message)
        if message.id not in self.taken:
            self.kept.append(message)
        return message.id in self.taken

    def wait(self, **span: float) -> Call:
        self.now += dt.timedelta(**span)
        self._apply(runtime.fire_due)
        return self

    # -- what is seen
    @property
    def steps(self) -> list[str]:
        return sorted(task.step for task in self.last.open)

    @property
    def awaited(self) -> list[str]:
        return sorted(one.element for one in self.last.awaited)

    def open(self, step: str) -> Any:
        return next(task for task in self.last.open if task.step == step)

    def due(self, event: str) -> dt.datetime | None:
        return next(timer.at for timer in self.last.timers if timer.event == event)

    @property
    def fact(self) -> dict[str, Any]:
        """The facts of the called process."""
        return next(facts for scope, facts in self.facts.items() if scope)

    @property
    def result(self) -> Any:
        """What the call returned; the run must be over, with nothing left open."""
        assert self.last.ended == "completed", (self.steps, self.awaited)
        return self.facts[""]["rendu_resultat"]


SEEN: set[tuple[str, str]] = set()
"""Every (process, element or flow) that any run of this session passed."""
