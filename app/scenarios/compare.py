"""Comparing, and telling a difference in few words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.db.tasks import NO_DEADLINE
from app.scenarios.stage import Unexpected


def same(what: str, wanted: Any, seen: Any) -> None:
    """Unexpected when they differ."""
    if wanted != seen:
        raise Unexpected(f"{what} : attendu {_short(wanted)}, vu {_short(seen)}{_first_difference(wanted, seen)}")


def holds(what: str, wanted: list[Any], seen: list[Any]) -> None:
    """Unexpected when something wanted is not among what is seen."""
    missing = [one for one in wanted if one not in seen]
    if missing:
        raise Unexpected(f"{what} : « {missing[0]} » n’y est pas ; vus : {', '.join(map(str, seen)) or 'aucun'}")


def listed(value: Any) -> list[Any]:
    """One thing or several, as several."""
    return list(value) if isinstance(value, (list, tuple)) else [value]


def at_text(moment: dt.datetime) -> str:
    """A moment as files write it."""
    return "aucune" if moment == NO_DEADLINE else moment.strftime("%Y-%m-%dT%H:%MZ")


def _first_difference(wanted: Any, seen: Any) -> str:
    if not isinstance(wanted, list) or not isinstance(seen, list):
        return ""
    for place, (a, b) in enumerate(zip(wanted, seen, strict=False)):
        if a != b:
            return f" (à la place {place + 1} : {a} ≠ {b})"
    return f" ({len(wanted)} ≠ {len(seen)} éléments)"


def _short(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "rien"
    return "rien" if value is None else str(value)
