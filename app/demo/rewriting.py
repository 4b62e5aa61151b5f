"""Making the data of the demonstration a case's own: its dates, references and numbers. Whole values change, never parts of a sentence."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
INVENTED = "FIC-"
MIDDLE = 15
"""The day of a month by which a date without a day is moved."""


def moved(value: Any, by: dt.timedelta) -> Any:
    """The same value, every date in it later by `by`: dates, moments, days and months as texts, in lists and mappings."""
    match value:
        case dt.datetime() | dt.date():
            return value + by
        case str():
            return _text(value, by)
        case Mapping():
            return {name: moved(part, by) for name, part in value.items()}
        case list() | tuple():
            return [moved(part, by) for part in value]
    return value


def _text(value: str, by: dt.timedelta) -> str:
    if MOMENT.fullmatch(value):
        return (dt.datetime.fromisoformat(value) + by).isoformat()
    if DAY.fullmatch(value):
        return (dt.date.fromisoformat(value) + by).isoformat()
    if MONTH.fullmatch(value):
        return (dt.date.fromisoformat(f"{value}-{MIDDLE}") + by).strftime("%Y-%m")
    return value


def replaced(value: Any, codes: Mapping[str, Any]) -> Any:
    """The same value, each code that `codes` names replaced by its own."""
    match value:
        case str():
            return codes.get(value, value)
        case Mapping():
            return {name: replaced(part, codes) for name, part in value.items()}
        case list() | tuple():
            return [replaced(part, codes) for part in value]
    return value


def numbered(value: Any, number: int) -> Any:
    """The same value, each invented number (« FIC-… ») made the case's own: registers refuse one that was already used."""
    match value:
        case str():
            return f"{value}-{number:02}" if value.startswith(INVENTED) else value
        case Mapping():
            return {name: numbered(part, number) for name, part in value.items()}
        case list() | tuple():
            return [numbered(part, number) for part in value]
    return value
