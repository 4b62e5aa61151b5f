"""A case kept between acts as an application would keep it: bytes, facts as JSON, messages that nobody awaited, a clock set by hand."""

from __future__ import annotations

import datetime as dt
import functools
import json
import pathlib
import time

from workflows.engine import runtime
from workflows.engine.dialect import Definition
from workflows.facts import Change, merge, pack, unpack
from workflows.outcome import Message, Traced

MODELS = pathlib.Path(__file__).parent / "models"
BEGIN = dt.datetime(2026, 2, 9, 7, tzinfo=dt.UTC)
HEADER = ("numero", "priorite")


def forms(folder: str = "cor") -> dict[str, dict]:
    return json.loads((MODELS / folder / "forms.json").read_text())


@functools.cache
def read(folder: str = "cor") -> Definition:
    """The definition that all tests of a process share, as all cases of a worker do."""
    return fresh(folder)


def fresh(folder: str = "cor") -> Definition:
    """Another reading of the same files: another worker."""
    home = MODELS / folder
    fields = {name: list(kinds) for name, kinds in forms(folder).items()}
    bpmn = {path.name: path.read_bytes() for path in home.glob("*.bpmn")}
    dmn = {path.name: path.read_bytes() for path in home.glob("*.dmn")}
    return Definition.read(folder, bpmn, dmn, fields, facts=HEADER)


class Case:
    def __init__(self, definition: Definition, prune: bool = True, **header):
        self.definition, self.prune, self.now = definition, prune, BEGIN
        self.facts = {"": {"numero": "COR-1", "priorite": "P2", **header}}
        self.state, self.last = None, None
        self.kept: list[Message] = []
        self.log: list[Traced] = []
        self.ms: list[float] = []
        self.count = 0
        self.apply(runtime.start)

    def apply(self, act, *args, **how):
        """Carries an act out; the facts go through JSON, the state through bytes. AssertionError on an incident."""
        facts = unpack(json.loads(json.dumps(pack(self.facts))))
        begin = time.perf_counter()
        given = (self.definition, facts, self.now) if self.state is None else (self.definition, self.state, facts, self.now)
        out = act(*given, *args, prune=self.prune, kept=self.kept, **how)
        self.ms.append((time.perf_counter() - begin) * 1000)
        if out.incident:
            raise AssertionError(f"incident: {out.incident}")
        self.state, self.last = out.state, out
        self.facts = merge(facts, out.changes, out.scopes)
        self.kept = [message for message in self.kept if message.id not in out.taken]
        self.log += out.trace
        return out

    # -- what a person, the outside or time does
    def do(self, step: str, **answers):
        """Completes the first open step of that name."""
        task = next((task for task in self.last.open if task.step == step), None)
        assert task, f"{step} is not open: {self.steps}"
        return self.apply(runtime.complete, task.id, answers)

    def say(self, name: str, key="COR-1", **payload) -> bool:
        """A message from outside; False if nobody waits: then it is kept."""
        self.count += 1
        message = Message(f"m{self.count}", name, payload, key)
        out = self.apply(runtime.deliver, message)
        if message.id not in out.taken:
            self.kept.append(message)
        return message.id in out.taken

    def wait(self, **span):
        self.now += dt.timedelta(**span)
        return self.apply(runtime.fire_due)

    def set(self, **facts):
        return self.apply(runtime.change, [Change("", name, value) for name, value in facts.items()])

    # -- what is seen
    @property
    def steps(self) -> list[str]:
        return sorted(task.step for task in self.last.open)

    @property
    def case(self) -> dict:
        return self.facts[""]

    @property
    def sent(self) -> list[str]:
        """Elements of the effects of the last act."""
        return [effect.element for effect in self.last.effects]

    def due(self, title: str) -> list[dt.datetime | None]:
        return [timer.at for timer in self.last.timers if timer.title == title]

    def passed(self, element: str) -> int:
        """How often the trace names an element."""
        return sum(line.element == element for line in self.log)
