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
    """A scenario: {title, given, steps, expect}; one with variants gives the first of them. BadScenario with the missing part."""
    return next(iter(read_all(path).values()))


def read_all(path: Path) -> dict[str, dict[str, Any]]:
    """The scenarios of a file by name: one, named as the file, or one a variant, « file/variant »: the beginning that they share, and
    what the variant says besides. BadScenario with the missing part."""
    try:
        found = yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadScenario(f"{path.name} : {error}") from None
    shared = found.get("variants") if isinstance(found, dict) else None
    if not shared:
        return {path.stem: _whole(found, path.name)}
    if not isinstance(shared, dict) or not all(isinstance(variant, dict) for variant in shared.values()):
        raise BadScenario(f"{path.name} : « variants » est une suite de « nom: {{steps, expect}} »")
    return {f"{path.stem}/{name}": _whole(_varied(found, variant), f"{path.name}, variante {name}") for name, variant in shared.items()}


def _varied(shared: dict[str, Any], variant: dict[str, Any]) -> dict[str, Any]:
    """The beginning that variants share, then one of them: its `given` over the shared one, its lines after the shared ones."""
    both = [one.get(part) or {} for part in ("given", "expect") for one in (shared, variant)]
    if not all(isinstance(part, dict) for part in both):
        raise BadScenario("« given » et « expect » sont des suites de « clé: valeur »")
    steps = [*(shared.get("steps") or ()), *(variant.get("steps") or ())]
    title = variant.get("title", shared.get("title"))
    return {"title": title, "given": {**both[0], **both[1]}, "steps": steps, "expect": {**both[2], **both[3]}}


def _whole(found: Any, where: str) -> dict[str, Any]:
    for part in ("title", "given", "steps", "expect"):
        if not isinstance(found, dict) or part not in found:
            raise BadScenario(f"{where} : il manque « {part} »")
    for part in ("at", "post"):
        if not isinstance(found["given"], dict) or part not in found["given"]:
            raise BadScenario(f"{where} : il manque « given.{part} »")
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
