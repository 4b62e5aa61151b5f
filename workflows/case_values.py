"""The small values of a case type: who, what is said, what an expression needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

Texts = Mapping[str, str]
"""The same in both languages: {"fr": ..., "en": ...}."""


@dataclass(frozen=True, slots=True)
class Lane:
    """Who does the steps of a lane."""

    role: str
    """Code of a role, or « =FEEL » that gives one in the scope of the step."""
    at: str
    """post | central | station | external."""
    place: str | None = None
    """For `station`: « =FEEL » that gives its code; None: any station."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the ministry or a partner."""

    code: str
    name: Texts
    at: str
    sees: str


@dataclass(frozen=True, slots=True)
class MessageSpec:
    """A message that comes from outside."""

    name: str
    title: Texts
    key: str | None
    """The fact whose value the sender must know."""
    form: str | None
    record: tuple[str, ...]
    """Roles that may record it for its sender."""
    opened_on: str | None = None
    """Sent by the application when the budget line that the key names opens: the field of its form that takes the day."""


class Evaluating(Protocol):
    """What an expression of a case needs: an act of the services."""

    facts: Any

    @property
    def now(self) -> dt.datetime: ...
    @property
    def functions(self) -> Mapping[str, Any]: ...
    @property
    def system(self) -> Mapping[str, Any]: ...
