"""The smallest processes: written in a line, run in a few."""

from __future__ import annotations

import datetime as dt
import itertools

from tests.engine.case import BEGIN
from workflows.engine import runtime
from workflows.engine.dialect import Definition
from workflows.facts import Change, merge
from workflows.outcome import Message, Outcome

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="x">'
)
FORM = '<zeebe:userTask/><zeebe:formDefinition formId="f"/>'
FIELDS = {"f": ["x", "le"]}


def box(inside: str) -> str:
    """Extension elements."""
    return f"<extensionElements>{inside}</extensionElements>"


def user(id_: str, more: str = "", inside: str = "") -> str:
    """A step of a person with the form of all small processes; `more`: further extension elements."""
    return f'<userTask id="{id_}">{box(FORM + more)}{inside}</userTask>'


def flow(a: str, b: str, condition: str | None = None) -> str:
    inner = f"<conditionExpression>={condition}</conditionExpression>" if condition else ""
    return f'<sequenceFlow id="{a}_{b}" sourceRef="{a}" targetRef="{b}">{inner}</sequenceFlow>'


def path(*nodes: str) -> str:
    """Flows from each to the next."""
    return "".join(flow(a, b) for a, b in itertools.pairwise(nodes))


def gateway(id_: str, kind: str = "exclusive", default: str | None = None) -> str:
    given = f' default="{id_}_{default}"' if default else ""
    return f'<{kind}Gateway id="{id_}"{given}/>'


def process(id_: str, body: str, start: str = "s", end: str = "e") -> str:
    return f'<process id="{id_}" isExecutable="true"><startEvent id="{start}"/>{body}<endEvent id="{end}"/></process>'


def call(id_: str, process: str, shared: bool = False, mapping: str = "", inside: str = "") -> str:
    """A call of a process; `shared`: a phase, which shares the facts of its caller; `mapping`: zeebe:input and zeebe:output elements."""
    given = f"<zeebe:ioMapping>{mapping}</zeebe:ioMapping>" if mapping else ""
    called = f'<zeebe:calledElement processId="{process}" propagateAllChildVariables="{str(shared).lower()}"/>'
    return f'<callActivity id="{id_}">{box(called + given)}{inside}</callActivity>'


def takes(target: str, source: str) -> str:
    return f'<zeebe:input source="{source}" target="{target}"/>'


def gives(target: str, source: str) -> str:
    return f'<zeebe:output source="{source}" target="{target}"/>'


def message(name: str, key: str | None = None) -> str:
    inside = box(f'<zeebe:subscription correlationKey="{key}"/>') if key else ""
    return f'<message id="{name}" name="{name}">{inside}</message>'


def on_message(name: str) -> str:
    return f'<messageEventDefinition messageRef="{name}"/>'


def timer(kind: str, text: str) -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def boundary(id_: str, host: str, event: str, interrupting: bool = True, more: str = "") -> str:
    given = "" if interrupting else ' cancelActivity="false"'
    return f'<boundaryEvent id="{id_}" attachedToRef="{host}"{given}>{box(more) if more else ""}{event}</boundaryEvent>'


def xml(*parts: str) -> bytes:
    return (HEAD + "".join(parts) + "</definitions>").encode()


def read(body: str, before: str = "", after: str = "", **how) -> Definition:
    """The process « main » with this body; `before`: messages, `after`: other processes."""
    return Definition.read("main", [xml(before, process("main", body), after)], how.pop("dmn", []), how.pop("forms", FIELDS), **how)


class Run:
    """A case of a small process."""

    def __init__(self, definition: Definition, prune: bool = True, facts: dict | None = None, **how):
        self.definition, self.now, self.how = definition, BEGIN, {"prune": prune, **how}
        self.facts = {"": dict(facts or {})}
        self.state = b""
        self.take(runtime.start(definition, self.facts, self.now, **self.how))

    def take(self, out: Outcome) -> Outcome:
        self.out = out
        if not out.incident:
            self.state, self.facts, self.open = out.state, merge(self.facts, out.changes, out.scopes), out.open
        return out

    def act(self, move, *given) -> Outcome:
        return self.take(move(self.definition, self.state, self.facts, self.now, *given, **self.how))

    def do(self, step: str, n: int = 0, **answers) -> Outcome:
        """Completes the n-th open step of that name."""
        task = [task for task in self.open if task.step == step][n]
        return self.act(runtime.complete, task.id, answers)

    def wait(self, **span) -> Outcome:
        self.now += dt.timedelta(**span)
        return self.act(runtime.fire_due)

    def say(self, name: str, key=None, waiter: str | None = None, **payload) -> Outcome:
        return self.act(runtime.deliver, Message("m", name, payload, key, waiter))

    def set(self, **facts) -> Outcome:
        return self.act(runtime.change, [Change("", name, value) for name, value in facts.items()])

    def look(self) -> Outcome:
        return runtime.look(self.definition, self.state, self.facts, self.now, **{k: v for k, v in self.how.items() if k != "prune"})

    @property
    def steps(self) -> list[str]:
        return sorted(task.step for task in self.out.open)

    @property
    def case(self) -> dict:
        return self.facts[""]
