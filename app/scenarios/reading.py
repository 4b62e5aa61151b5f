"""Reading a scenario file: its parts, spans and moments."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import yaml

SPAN = re.compile(r"(\d+)\s*(d|h|min)")
UNITS = {"d": "days", "h": "hours", "min": "minutes"}


class BadScenario(ValueError):
    """The file does not say what a scenario says."""


def read(path: Path) -> dict[str, Any]:
    """A scenario: {title, given, steps, expect}. BadScenario with the missing part."""
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadScenario(f"{path.name} : {error}") from None
    for part in ("title", "given", "steps", "expect"):
        if not isinstance(found, dict) or part not in found:
            raise BadScenario(f"{path.name} : il manque « {part} »")
    return found


def span(text: Any) -> dt.timedelta:
    """« 2d », « +1h », « 1d 3h »."""
    found = SPAN.findall(str(text))
    if not found:
        raise BadScenario(f"durée illisible : {text}")
    return sum((dt.timedelta(**{UNITS[unit]: int(number)}) for number, unit in found), dt.timedelta())


def moment(value: Any) -> dt.datetime:
    """A moment of the file in UTC."""
    found = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))
    if found.tzinfo is None:
        found = found.replace(tzinfo=dt.UTC)
    return found.astimezone(dt.UTC)


def when(line: dict[str, Any], now: dt.datetime) -> dt.datetime:
    """The moment of a line: « at: +1h » after the line before, « at: moment », « wait: 2d », or now."""
    at = f"+{line['wait']}" if "wait" in line else line.get("at")
    if at is None:
        return now
    return now + span(at) if isinstance(at, str) and at.startswith("+") else moment(at)
