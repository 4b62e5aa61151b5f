"""Plays a scenario file through the engine alone: real forms, tables, calendars and timers. What the handlers of services would answer is
made up (`handlers`), roles and four eyes are compared with the demonstration staff; money is what the handlers were asked to do.

In `expect`, `open` names the steps that people have to do, all of them; `waiting` the waits for a third party; a step's `due` is its
deadline at the place of whoever does it; `sent` what has left by now. `pause` and `resume` suspend the case: working days stand still.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import pathlib
import re
from collections.abc import Mapping
from typing import Any

import yaml

from workflows import calendar, feel_calendar
from workflows.catalog import CaseType, read_folder
from workflows.engine import runtime
from workflows.facts import merge, pack, unpack
from workflows.feel import Host
from workflows.outcome import Message, Open

from .handlers import Handlers
from .staff import calendar_of, holds, resolve

ROOT = pathlib.Path(__file__).parents[2]
SPAN = re.compile(r"(\d+)\s*(d|h|min)")
UNITS = {"d": "days", "h": "hours", "min": "minutes"}
ENDED = ("clos", "annule", "rejete", "transfere")


@functools.cache
def case_type(folder: str) -> CaseType:
    return CaseType.read(read_folder(ROOT / "bpmn" / folder))


def read(path: pathlib.Path) -> dict[str, Any]:
    return yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)


def of_one_case(folder: str) -> list[pathlib.Path]:
    """The scenarios of a folder that the engine alone can play: those of one case, told line by line (the services play all)."""
    found = {path: read(path) for path in sorted((ROOT / "bpmn" / folder / "scenarios").glob("*.yaml"))}
    alone = {path: told["steps"] for path, told in found.items() if not {"variants", "passages"} & told.keys()}
    return [path for path, lines in alone.items() if not any("case" in line for line in lines)]


def span(text: Any) -> dt.timedelta:
    """« 2d », « +1h », « 1d 3h »."""
    found = SPAN.findall(str(text))
    assert found, f"not a span: {text}"
    return sum((dt.timedelta(**{UNITS[unit]: int(number)}) for number, unit in found), dt.timedelta())


def moment(value: Any) -> dt.datetime:
    return (value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))).astimezone(dt.UTC)


class Played:
    """One scenario, step by step."""

    def __init__(self, folder: str, scenario: Mapping[str, Any]):
        self.type, self.scenario, self.given = case_type(folder), scenario, scenario["given"]
        self.now, self.post = moment(self.given["at"]), self.given["post"]
        self.handlers = Handlers()
        self.performers: dict[str, set[str]] = {}
        self.opened_at: dict[str, dt.datetime] = {}
        self.path: list[str] = []
        self.heard: list[str] = []
        self.sent: list[str] = []
        self.kept: list[Message] = []
        self.taken: set[str] = set()
        self.visited: set[tuple[str, str]] = set()
        self.state: bytes | None = None
        self.last: Any = None
        self.count = 0
        self.pauses: list[calendar.Pause] = []
        self.facts: dict[str, dict[str, Any]] = {"": self._header()}

    def _header(self) -> dict[str, Any]:
        start = {"numero": "COR-1", "type_dossier": self.type.code, "poste_id": self.post, "au_poste": True, "date_signalement": self.now}
        priority = self.given.get("priority", self.type.priority)
        head = {"priorite": priority, "confidentialite": self.type.confidentiality, "responsable": "U-32"}
        return {**start, **head, **self.given.get("header", {}), **self.given.get("facts", {})}

    # -- the engine
    @property
    def system(self) -> dict[str, Any]:
        return {"reglages": self.type.settings}

    @property
    def functions(self) -> Mapping[str, Any]:
        return feel_calendar.functions(calendar_of(self.post, self.given))

    def _apply(self, act: Any, *args: Any) -> None:
        self._go_on(act, *args)
        self.post = self.facts[""].get("poste_id") or self.post  # the case may have gone to another post

    def _go_on(self, act: Any, *args: Any) -> None:
        self._one(act, *args)
        while job := next((step for step in self.last.open if step.job), None):
            self._one(runtime.complete, job.id, self.handlers.answer(job))

    def _one(self, act: Any, *args: Any) -> None:
        facts = unpack(json.loads(json.dumps(pack(self.facts))))
        given = (self.type.definition, facts, self.now) if self.state is None else (self.type.definition, self.state, facts, self.now)
        out = act(*given, *args, kept=self.kept, functions=self.functions, system=self.system)
        assert out.incident is None, out.incident
        self.state, self.last = out.state, out
        self.facts = merge(facts, out.changes, out.scopes)
        self.taken |= set(out.taken)
        self.kept = [message for message in self.kept if message.id not in out.taken]
        self.heard += [line.element for line in out.trace if line.kind == "message"]
        self.sent += [name for effect in out.effects for name in (effect.element, effect.headers.get("template"))]
        for step in (*out.opened, *out.awaited):
            self.opened_at.setdefault(step.id, self.now)
        self._visit(out)

    def _visit(self, out: Any) -> None:
        """(process, step, event or flow) of everything that was passed or opened."""
        self.visited |= {(step.process, id_of(step)) for step in (*out.open, *out.awaited)}
        self.visited |= {(line.process, line.element) for line in (*out.trace, *out.effects)}
        self.visited |= {(line.process, flow) for line in out.trace if line.kind == "gateway" for flow in line.detail}

    # -- what a line of the file does
    def play(self) -> Played:
        for number, line in enumerate(self.scenario["steps"], 1):
            try:
                self.line(line)
                self.expect(line.get("expect", {}))
            except Exception as error:
                error.add_note(f"step {number}: {line}")
                raise
        self.end(self.scenario["expect"])
        return self

    def line(self, line: Mapping[str, Any]) -> None:
        self._clock(line)
        if "start" in line:
            self._apply(runtime.start)
        elif "do" in line:
            self._do(line["do"], line["by"], line.get("with", {}))
        elif "message" in line:
            self._message(line)
        elif "refuse" in line:
            self._refuse(line)
        elif "pause" in line:
            self.pauses.append(calendar.Pause(self.now, None))
        elif "resume" in line:
            self.pauses[-1] = calendar.Pause(self.pauses[-1].start, self.now)

    def _clock(self, line: Mapping[str, Any]) -> None:
        at = line.get("at", f"+{line['wait']}" if "wait" in line else None)
        if at is None:
            return
        until = self.now + span(at) if isinstance(at, str) and at.startswith("+") else moment(at)
        while self.state is not None and (due := [timer.at for timer in self.last.timers if timer.at and timer.at <= until]):
            self.now = max(self.now, min(due))  # each at its moment, as a scheduler does
            self._apply(runtime.fire_due)
        self.now = until

    def _open(self, step: str, by: str) -> Open:
        found = [task for task in self.last.open if task.step == step]
        assert found, f"{step} is not open: {self.steps}"
        return next((task for task in found if holds(by, self.role(task), self.post)), found[0])

    def role(self, task: Any) -> str:
        """Who does a step: its own property, else its lane's role, read in its scope."""
        lane = self.type.lane(task.process, task.lane)
        role = task.extensions.get("role") or self.type.evaluate(task, lane.role, self)
        assert role in self.type.roles, (task, role)
        return role

    def _do(self, step: str, by: str, raw: Mapping[str, Any]) -> None:
        task = self._open(step, by)
        assert holds(by, self.role(task), self.post), f"{step} is for {self.role(task)}, not {by}"
        assert not self._barred(task, by), f"{by} did one of {task.extensions.get('four_eyes')}"
        answers = self._answers(task, task.extensions.get("form"), raw)
        self.performers.setdefault(step, set()).add(by)
        self.path.append(step)
        self._apply(runtime.complete, task.id, answers)

    def _barred(self, task: Open, by: str) -> bool:
        steps = [name.strip() for name in str(task.extensions.get("four_eyes") or "").split(",")]
        return any(by in self.performers.get(name, ()) for name in steps)

    def _refuse(self, line: Mapping[str, Any]) -> None:
        step, by = line["refuse"], line["by"]
        task = self._open(step, by)
        reasons = {"not_your_role": not holds(by, self.role(task), self.post), "four_eyes": self._barred(task, by)}
        assert reasons[line["reason"]], f"{by} may do {step}"

    def _answers(self, task: Any, form_id: str | None, raw: Mapping[str, Any]) -> dict[str, Any]:
        form = self.type.forms[form_id]
        seen = self.type.definition.view(self.facts, task.chain, getattr(task, "item", None), self.system)
        lists = {
            "issues_du_type": [(code, code) for code in self.type.outcomes],
            "liste_controle_du_type": [(code, code) for code in self.type.documents],
            "etapes_du_processus": [(code, code) for code in self.type.steps],
        }
        host = Host({**self.type.definition.functions, **self.functions}, now=lambda: self.now)
        whole = {**form.defaults(seen, host, self.now, kinds=self.type.kinds), **plain(raw)}
        found = form.validate(whole, seen, host, self.now, resolve=resolve(), lists=lists, kinds=self.type.kinds)
        assert not found.errors, {name: [said.text for said in all_] for name, all_ in found.errors.items()}
        return dict(found.answers)

    def _message(self, line: Mapping[str, Any]) -> None:
        self.count += 1
        name, said = line["message"], line.get("with", {})
        payload = plain({field: self.facts[""]["numero"] if value == "{numero}" else value for field, value in said.items()})
        key = line["key"].format(**self.facts[""]) if "key" in line else self.fact(line.get("key_fact", "numero"))
        waiter = next((one for one in self.last.awaited if one.message == name), None)
        if waiter is not None and (form := waiter.extensions.get("form")):
            payload = self._answers(waiter, form, payload)
        message, before = Message(f"m{self.count}", name, payload, key), len(self.heard)
        self._apply(runtime.deliver, message)
        taken = message.id in self.taken
        if taken:
            self.path.append(self.heard[before])
        else:
            self.kept.append(message)
        assert taken == line.get("taken", True), f"{name}: taken {taken}, awaited {[one.message for one in self.last.awaited]}"

    def fact(self, name: str) -> Any:
        """A fact wherever it is known, the innermost scope first; moments in UTC."""
        value = next((facts[name] for facts in reversed(list(self.facts.values())) if facts.get(name) is not None), None)
        return value.astimezone(dt.UTC) if isinstance(value, dt.datetime) else value

    # -- what is expected
    @property
    def steps(self) -> list[str]:
        return sorted(task.step for task in self.last.open)

    @property
    def waits(self) -> list[str]:
        return sorted(one.element for one in self.last.awaited if one.kind in ("step", "gateway"))

    def due(self, step: Any) -> dt.datetime | None:
        """The deadline of an open step or a wait, by the calendar of the place where its role works."""
        deadline = step.extensions.get("deadline")
        if deadline is None or isinstance(deadline, dt.datetime):
            return deadline and deadline.astimezone(dt.UTC)
        at = self.type.roles[self.role(step)].at
        place = calendar_of(self.post if at == "post" else at, self.given)
        return calendar.due(place, self.opened_at[step.id], calendar.for_priority(deadline, self.facts[""]["priorite"]), self.pauses)

    def expect(self, expect: Mapping[str, Any]) -> None:
        if "open" in expect:
            assert self.steps == sorted(expect["open"])
        if "waiting" in expect:
            assert self.waits == sorted(expect["waiting"])
        for name, at in expect.get("due", {}).items():
            found = [self.due(one) for one in (*self.last.open, *self.last.awaited) if name in (one.id, id_of(one))]
            assert (at and moment(at)) in found, (name, found)
        for name, value in expect.get("facts", {}).items():
            assert self.fact(name) == value, (name, self.fact(name))
        for element in expect.get("sent", ()):
            assert element in self.sent, (element, self.sent)

    def end(self, expect: Mapping[str, Any]) -> None:
        assert bool(self.last.ended) == (expect["status"] in ENDED), (self.last.ended, self.steps, self.waits)
        if self.last.ended:
            assert self.facts[""].get("statut_final") == expect["status"]
            assert not self.last.open
            assert not self.last.timers
        if "outcome" in expect:
            assert self.facts[""].get("issue") == expect["outcome"]
        self.expect(expect)
        assert self.path == expect["path"], "\n" + "\n".join(self.path)
        for name, amount in expect.get("money", {}).items():
            assert self.handlers.money[name] == amount, (name, dict(self.handlers.money))


def id_of(step: Any) -> str:
    """Of an open step or a wait: the id of its element."""
    return getattr(step, "step", None) or step.element


def plain(value: Any) -> Any:
    """Answers as a browser sends them: moments as ISO texts, a document described in place as its code."""
    match value:
        case dt.datetime() | dt.date():
            return value.isoformat()
        case {"fichier": name}:
            return "D-" + str(name).removesuffix(".pdf")
        case dict():
            return {key: plain(part) for key, part in value.items()}
        case list():
            return [plain(part) for part in value]
    return value
