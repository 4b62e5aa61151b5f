"""What one act of the engine did and what the case waits for afterwards: frozen values, safe to keep and to compare."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from workflows.facts import Change


@dataclass(frozen=True, slots=True)
class Message:
    """Something that comes from outside.

    `id` identifies it for whoever keeps it until somebody waits; `key` is compared with the correlation value of the waiter. An officer who
    records an answer names the waiter instead: `waiter` is an `Awaited.id`, and then no correlation value is asked for.
    """

    id: str
    name: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    key: Any = None
    waiter: str | None = None


class ScopeRef(NamedTuple):
    """A scope of facts and the process whose declared names belong to it."""

    id: str
    process: str


@dataclass(frozen=True, slots=True)
class Open:
    """A step that somebody has to do, or (`job`) a handler of ours in the same transaction."""

    id: str
    step: str
    """Id of the BPMN element."""
    title: str
    lane: str | None
    process: str
    """Id of the process that draws the step (a phase or a shared process as well as the frame)."""
    scope: str
    """Where its answers become facts: "" for the case, else the id of the calling task."""
    extensions: Mapping[str, Any]
    """`form` and the zeebe:property values; a value written « =FEEL » arrives evaluated. For a job its `type` and headers too."""
    item: Mapping[str, Any]
    """In a multi-instance: the element of this instance, by its name."""
    job: str | None
    """Name of the handler of a service task; None for a person."""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    """The zeebe:input mappings, evaluated now."""
    chain: tuple[ScopeRef, ...] = ()
    """The scopes that its expressions read, innermost first; see `Definition.view`."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """Somebody waits for a message. Unique by (id, element)."""

    id: str
    """To be given back as `Message.waiter`."""
    element: str
    title: str
    lane: str | None
    process: str
    scope: str
    message: str
    kind: str
    """"step": receive task or catch event; "gateway": alternative behind an event-based gateway; "boundary"; "event": event subprocess."""
    extensions: Mapping[str, Any]
    chain: tuple[ScopeRef, ...] = ()
    host: str | None = None
    """Of a boundary event: id of the task that it watches."""


@dataclass(frozen=True, slots=True)
class Due:
    """A timer that waits. (id, event, round) identifies it from act to act."""

    id: str
    event: str
    """Id of the BPMN element."""
    at: dt.datetime | None
    """UTC; None while the fact that it depends on is unknown."""
    title: str = ""
    round: int = 0
    """How often this timer fired before on the same host."""
    process: str = ""
    scope: str = ""
    host: str | None = None
    """Of a boundary event: id of the task that it watches."""
    extensions: Mapping[str, Any] = field(default_factory=dict)
    """Of a catch event alone on its way, where the case itself waits: its zeebe:property values."""


@dataclass(frozen=True, slots=True)
class Effect:
    """Something to send after the commit; headers written « =FEEL » and inputs are evaluated."""

    type: str
    element: str
    headers: Mapping[str, Any]
    inputs: Mapping[str, Any] = field(default_factory=dict)
    title: str = ""
    lane: str | None = None
    process: str = ""
    scope: str = ""
    chain: tuple[ScopeRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Traced:
    """A line of the reason why: what was passed on the way.

    detail by kind: "gateway": ids of the flows taken; "rule": {"rows": {decision: [row numbers]}, "value": result}; "event": None;
    "message": its name.
    """

    kind: str
    element: str
    detail: Any
    process: str = ""


class Passed(NamedTuple):
    """A step, gateway or event that was done, or an arrow that was taken."""

    process: str
    """The process that draws it."""
    id: str


@dataclass(frozen=True, slots=True)
class Incident:
    """The act could not be carried out; nothing of it counts. The message is French, for an administrator."""

    step: str | None
    message: str


@dataclass(frozen=True)
class Outcome:
    """What one act did. With an incident, `state` is None and nothing else is set: keep what you had."""

    state: bytes | None
    changes: tuple[Change, ...] = ()
    """Facts that are different now."""
    opened: tuple[Open, ...] = ()
    closed: tuple[tuple[str, str], ...] = ()
    """(task id, "done" | "withdrawn") of steps that were open before."""
    open: tuple[Open, ...] = ()
    """All steps that are open now."""
    timers: tuple[Due, ...] = ()
    """All timers that wait now."""
    awaited: tuple[Awaited, ...] = ()
    """All messages that are awaited now."""
    scopes: tuple[str, ...] = ()
    """Scopes of facts that are still read: load these for the next act."""
    trace: tuple[Traced, ...] = ()
    passed: tuple[Passed, ...] = ()
    """All elements that were done and arrows that were taken, in this order; what was withdrawn is not among them."""
    effects: tuple[Effect, ...] = ()
    taken: tuple[str, ...] = ()
    """Ids of the messages that found their waiter."""
    ended: str | None = None
    """"completed" | "cancelled"."""
    incident: Incident | None = None
    size: int = field(default=0, compare=False)
    """Tasks in the state."""

    @property
    def waiting(self) -> tuple[str, ...]:
        """Names of the messages that are awaited."""
        return tuple(sorted({a.message for a in self.awaited}))
