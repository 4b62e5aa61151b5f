"""Who holds which role in the demonstration data, and by which calendar a place works."""

from __future__ import annotations

import datetime as dt
import functools
import json
import pathlib
from collections.abc import Callable, Mapping
from typing import Any

from workflows.working_time import Calendar

DATA = pathlib.Path(__file__).parents[2] / "app" / "demo" / "data"
DAYS = ("lun", "mar", "mer", "jeu", "ven", "sam", "dim")
STATION = {"lun-dim": ["06:00-22:00"]}
CENTRAL = {"lun-jeu": ["07:30-16:00"], "ven": ["07:30-12:30", "14:30-17:30"]}


@functools.cache
def read(name: str) -> dict[str, Any]:
    return json.loads((DATA / f"{name}.json").read_text("utf-8"))


@functools.cache
def users() -> dict[str, dict[str, Any]]:
    return {user["id"]: user for user in read("users")["utilisateurs"]}


def holds(by: str, role: str, post: str) -> bool:
    """Whether somebody (a user's code, or a role) may do what is for a role at a post."""
    if not by.startswith("U-"):
        return by == role
    return any(grant["role"] == role and post in grant["perimetre"].get("postes", [post]) for grant in users()[by]["roles"])


def calendar_of(place: str, given: Mapping[str, Any]) -> Calendar:
    """The calendar of a post, of the central services ("central") or of the stations ("station"), with a scenario's own holidays and free
    days of the week."""
    code = {"central": "ML-CENTRAL", "station": "ANTENNES"}.get(place, place)
    post = next((one for one in read("posts")["postes"] if one["code"] == code), None)
    if post and post["genre"] == "direction_centrale":
        code = "ML-CENTRAL"
    kept = next(one for one in read("holidays")["calendriers"] if one["code"] == code)
    days = {dt.date.fromisoformat(one["date"]): one["etendue"] for one in read("holidays")["jours"] if one["calendrier"] == code}
    days |= {dt.date.fromisoformat(str(one["date"])): "whole" for one in given.get("holidays", ()) if one["calendar"] == code}
    extents = {"journee": "whole", "matin": "morning", "apres_midi": "afternoon"}
    return Calendar(
        code,
        post["fuseau"] if post else "Africa/Bamako",
        frozenset(given.get("calendars", {}).get(code, {}).get("weekend", [DAYS.index(day) for day in kept["week_end"]])),
        hours(post["heures"] if post else STATION if code == "ANTENNES" else CENTRAL),
        {day: extents.get(extent, extent) for day, extent in days.items()},
        frozenset((int(text[:2]), int(text[3:])) for text in kept["fixes"]),
    )


def hours(written: Mapping[str, list[str]]) -> dict[int, tuple]:
    """{"lun-jeu": ["08:30-16:30"]} -> {0: ((08:30, 16:30),), ...}"""
    found: dict[int, tuple] = {}
    for days, spans in written.items():
        first, _, last = days.partition("-")
        times = tuple(tuple(dt.time.fromisoformat(end) for end in one.split("-")) for one in spans)
        found |= dict.fromkeys(range(DAYS.index(first), DAYS.index(last or first) + 1), times)
    return found


@functools.cache
def records() -> dict[str, dict[str, Any]]:
    persons = {one["id"]: one for one in read("persons")["personnes"]}
    bodies = {one["id"]: one for name in ("suppliers", "structures") for one in next(v for v in read(name).values() if isinstance(v, list))}
    lines = {one["code"]: one for one in read("budget_lines")["lignes"]}
    return {"person": persons, "structure": bodies, "person-or-structure": persons | bodies, "budget-line": lines, "user": users()}


def resolve() -> Callable[[str, str], Mapping[str, Any] | None]:
    """The registers, for forms: a code of a known kind must exist."""

    def find(kind: str, code: str) -> Mapping[str, Any] | None:
        known = records().get(kind)
        return {"code": code} if known is None else known.get(code)

    return find
