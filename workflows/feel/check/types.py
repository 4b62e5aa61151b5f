"""What is known of a value before a case runs, and what a check says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Type:
    """kind      one of FEEL's kinds, or any
    optional  the form does not require it: it may be null
    values    a closed list of codes
    item      of a list or an interval
    fields    of a context: ((name, Type), ...)
    whole     a number without decimals (francs): nothing lies between 250000 and 250001
    """

    kind: str = "any"
    optional: bool = False
    values: tuple[Any, ...] = ()
    item: Type | None = None
    fields: tuple[tuple[str, Type], ...] = ()
    whole: bool = False

    @property
    def unknown(self) -> bool:
        return self.kind in ("any", "null")

    def maybe(self, optional: bool) -> Type:
        return self if optional == self.optional else replace(self, optional=optional)


ANY = Type()


@dataclass(frozen=True)
class Finding:
    """level: error or warning; the message is French; `at` is a position in the text, when there is one."""

    level: str
    message: str
    at: int | None = None
