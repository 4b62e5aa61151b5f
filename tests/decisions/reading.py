"""The decision tables of a case type and their cases, read from its folder.

A case file `bpmn/<type>/tests/<decision>.json`: {"decision", "cas": [{"n", "entrees", "attendu", "lignes"}]}. In its values « @… » is a
date, a moment or a duration, « ~1985-06 » a partial date; `maintenant` sets the clock, `reglages` overrides settings.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from workflows.feel import Host, partial_date, tables
from workflows.feel.values import read_any, read_moment

BPMN = Path(__file__).parents[2] / "bpmn"
SHARED = BPMN / "_shared"
NOW = "2026-11-16T09:00:00Z"  # the day of the demonstration data, a Monday

Decisions = dict[str, tables.Decision]


def folders() -> list[Path]:
    """The folders that hold decision tables."""
    return sorted(path.parent for path in BPMN.glob("*/decisions.dmn"))


def case_files() -> list[Path]:
    return sorted(path for folder in folders() for path in folder.glob("tests/*.json"))


def name_of(path: Path) -> str:
    return f"{path.parent.name if path.parent.name != 'tests' else path.parents[1].name}/{path.stem}"


@cache
def own_decisions(folder: Path) -> Decisions:
    return tables.read((folder / "decisions.dmn").read_bytes())


@cache
def decisions(folder: Path) -> Decisions:
    """Those of the folder, and the shared ones that they may require."""
    return {**own_decisions(SHARED), **own_decisions(folder)}


@cache
def settings(folder: Path) -> dict[str, Any]:
    """Those that all types share, and those of the folder."""
    files = [path for path in (SHARED / "settings.yaml", folder / "settings.yaml") if path.exists()]
    written = [yaml.safe_load(path.read_text())["settings"] for path in files]
    return {name: value(said["value"]) for entries in written for name, said in entries.items()}


@cache
def read_cases(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text())


def value(v: Any) -> Any:
    """A value of a case file as an expression reads it."""
    match v:
        case dict():
            return {k: value(x) for k, x in v.items()}
        case list():
            return [value(x) for x in v]
        case float():
            return Decimal(str(v))
        case str() if v.startswith("~"):
            return partial_date(v[1:])
        case str() if v.startswith("@"):
            read = read_any(v[1:])
            assert read is not None, f"unreadable: {v}"
            return read
    return v


def plain(v: Any) -> Any:
    """A result as a case file writes it."""
    match v:
        case Decimal():
            return int(v) if v == int(v) else float(v)
        case dict():
            return {k: plain(x) for k, x in v.items()}
        case list():
            return [plain(x) for x in v]
        case dt.datetime() | dt.date():
            return "@" + v.isoformat()
    return v


def decide(folder: Path, name: str, facts: dict[str, Any], rules: dict[str, Any] | None = None, now: str = NOW) -> tuple[Any, list[int]]:
    """(plain result, rows of this decision that fired)."""
    moment = read_moment(now)
    data = {"reglages": {**settings(folder), **value(rules or {})}, **value(facts)}
    known = decisions(folder)
    out, trace = known[name].decide(known, Host(now=lambda: moment), data)
    return plain(out), trace.get(name, [])


def tried(path: Path) -> Iterator[tuple[dict[str, Any], Any, list[int]]]:
    """Each case of a file with what the tables give for it."""
    spec = read_cases(path)
    for case in spec["cas"]:
        got = decide(path.parents[1], spec["decision"], case["entrees"], case.get("reglages"), case.get("maintenant", NOW))
        yield case, *got
