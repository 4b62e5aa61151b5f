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
    passages = found.get("passages") or {} if isinstance(found, dict) else {}
    if not shared:
        return {path.stem: _whole(found, path.name, passages)}
    if not isinstance(shared, dict) or not all(isinstance(variant, dict) for variant in shared.values()):
        raise BadScenario(f"{path.name} : « variants » est une suite de « nom: {{steps, expect}} »")
    named = ((name, _varied(found, variant), f"{path.name}, variante {name}") for name, variant in shared.items())
    return {f"{path.stem}/{name}": _whole(varied, where, passages) for name, varied, where in named}


def _varied(shared: dict[str, Any], variant: dict[str, Any]) -> dict[str, Any]:
    """The beginning that variants share, then one of them: its `given` over the shared one, its lines after the shared ones."""
    both = [one.get(part) or {} for part in ("given", "expect") for one in (shared, variant)]
    if not all(isinstance(part, dict) for part in both):
        raise BadScenario("« given » et « expect » sont des suites de « clé: valeur »")
    steps = [*(shared.get("steps") or ()), *(variant.get("steps") or ())]
    title = variant.get("title", shared.get("title"))
    return {"title": title, "given": {**both[0], **both[1]}, "steps": steps, "expect": {**both[2], **both[3]}}


def _whole(found: Any, where: str, passages: Any) -> dict[str, Any]:
    for part in ("title", "given", "steps", "expect"):
        if not isinstance(found, dict) or part not in found:
            raise BadScenario(f"{where} : il manque « {part} »")
    for part in ("at", "post"):
        if not isinstance(found["given"], dict) or part not in found["given"]:
            raise BadScenario(f"{where} : il manque « given.{part} »")
    return {**found, "steps": [told for line in found["steps"] for told in _passed(line, passages, where)]}


def _passed(line: Any, passages: Any, where: str, within: tuple[str, ...] = ()) -> list[Any]:
    """A line, or those of the passage that it names, with the values that it gives or that the passage has."""
    if not isinstance(line, dict) or "passage" not in line:
        return [line]
    passage = passages.get(line["passage"]) if isinstance(passages, dict) else None
    if not isinstance(passage, dict) or not isinstance(passage.get("lines"), list) or set(line) - {"passage", "values"}:
        raise BadScenario(f"{where} : passage « {line['passage']} » inconnu, ou sans « lines », ou dit avec autre chose que « values »")
    if line["passage"] in within:
        raise BadScenario(f"{where} : le passage « {line['passage']} » se contient lui-même")
    values = {**(passage.get("values") or {}), **(line.get("values") or {})}
    inner = (*within, line["passage"])
    return [one for told in passage["lines"] for one in _passed(_filled(told, values, where), passages, where, inner)]


def _filled(told: Any, values: dict[str, Any], where: str) -> Any:
    """« $name » replaced by its value."""
    match told:
        case str() if told.startswith("$"):
            if told[1:] not in values:
                raise BadScenario(f"{where} : « {told} » n’a pas de valeur")
            return values[told[1:]]
        case dict():
            return {key: _filled(part, values, where) for key, part in told.items()}
        case list():
            return [_filled(part, values, where) for part in told]
    return told


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


def written(at: dt.datetime) -> str:
    """A moment in UTC as a file says it."""
    return at.isoformat(timespec="microseconds" if at.microsecond else "seconds").replace("+00:00", "Z")


def when(line: dict[str, Any], now: dt.datetime) -> dt.datetime:
    """The moment of a line: « at: +1h » after the line before, « at: moment », « wait: 2d », or now."""
    at = f"+{line['wait']}" if "wait" in line else line.get("at")
    if at is None:
        return now
    return now + span(at) if isinstance(at, str) and at.startswith("+") else moment(at)
