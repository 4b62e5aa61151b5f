"""Of what form a part of a scenario file is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class One:
    """A single value. `kind`: text, number, flag, moment, span, ..., or what it names: a step, a user, ..."""

    kind: str


@dataclass(frozen=True)
class Several:
    """A list; `alone`: or one of them without a list."""

    of: Shape
    alone: bool = False


@dataclass(frozen=True)
class Named:
    """key -> value for keys of the author's own, or that name something. `about`: keys are fields of the step that this word names."""

    of: Shape
    keys: str = "text"


@dataclass(frozen=True)
class Keys:
    """Known keys."""

    known: Mapping[str, Shape]
    required: tuple[str, ...] = ()
    empty: bool = False
    """Whether nothing at all may be said."""


@dataclass(frozen=True)
class Either:
    """One of several forms: a single value, a list or a mapping."""

    forms: tuple[Shape, ...]


@dataclass(frozen=True)
class Line:
    """A line of the scenario (a line may hold lines)."""


@dataclass(frozen=True)
class Passage:
    """Lines that several scenarios of a file tell, with values to be filled in."""


@dataclass(frozen=True)
class Word:
    """A word of a line: what it holds, and what must be said beside it."""

    holds: Shape
    beside: tuple[str, ...] = ()
    answers: str = field(default="")
    """Whether « with » holds answers to the form of the step that it names ("step"), or what a message brings ("message")."""


Shape = One | Several | Named | Keys | Either | Line | Passage
ANY, TEXT, NUMBER, FLAG = One("any"), One("text"), One("number"), One("flag")
