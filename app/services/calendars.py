"""Calendars, zones and settings as rows give them. Read in one statement, and built once for the same content.

What is kept between acts is found again by the very text of the rows, so that nothing has to be told when somebody changes a
holiday, an hour or a setting: the next act reads other text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import ColumnElement, String, bindparam, cast, func, literal_column, or_, select
from sqlalchemy.orm import Session

from app.db.posts import CalendarRow, Holiday, Post, Setting
from app.services.policy import ANY_STATION, CENTRAL
from workflows import feel_calendar
from workflows.calendar import Calendar, Pause
from workflows.facts import unpack

CENTRAL_CALENDAR, STATION_CALENDAR = "ML-CENTRAL", "ANTENNES"
PLACES = {CENTRAL: CENTRAL_CALENDAR, ANY_STATION: STATION_CALENDAR}
"""Calendars of places that are no post."""
NAMED = {"central": CENTRAL_CALENDAR, "antennes": STATION_CALENDAR}
"""Places that expressions name."""
DEFAULT_ZONE = "Africa/Bamako"
PART, LINE = "\x1f", "\x1e"
"""Unit and record separators: signs that no text of a row holds."""
KEPT = 256
WORKING_DAY = ((dt.time(8), dt.time(16)),)


@dataclass(frozen=True, eq=False)
class Counting:
    """A calendar, and the functions by which expressions count in it."""

    calendar: Calendar
    functions: Mapping[str, Any]
    elsewhere: feel_calendar.Elsewhere

    def paused(self, pauses: Iterable[Pause]) -> Mapping[str, Any]:
        """The functions for a case whose working days stood, or stand, still."""
        return feel_calendar.functions(self.calendar, self.elsewhere, pauses)


@dataclass(frozen=True)
class Surroundings:
    """What holds at a place: its zone and calendar, and what administrators changed of the settings."""

    zone: str
    code: str
    calendars: Mapping[str, Counting]
    settings: Mapping[str, Any]


# ------------------------------------------------------------------ reading
def _lines(*columns: ColumnElement[Any]) -> ColumnElement[Any]:
    """Rows as one text: a line a row, its columns as written."""
    line: ColumnElement[Any] = cast(columns[0], String)
    for column in columns[1:]:
        line = line.concat(_written(PART)).concat(cast(column, String))
    return func.aggregate_strings(line, LINE)


def _written(text: str) -> ColumnElement[str]:
    """A constant of ours as it stands in the statement: a parameter would be sent with every act."""
    return literal_column(f"'{text}'", String)


def columns(code: ColumnElement[Any]) -> tuple[ColumnElement[Any], ...]:
    """Sub-selects that bring a calendar, by its code, with any statement: `from_row` reads them. Those of the central services and of
    the stations, and the settings, come along."""
    calendar, holiday, setting = CalendarRow.__table__.c, Holiday.__table__.c, Setting.__table__.c
    usual = [_written(CENTRAL_CALENDAR), _written(STATION_CALENDAR)]
    weeks = _lines(calendar.code, calendar.zone, calendar.weekend, calendar.hours, calendar.fixed)
    days = _lines(holiday.calendar_code, holiday.day, holiday.extent)
    return (
        select(weeks).where(or_(calendar.code.in_(usual), calendar.code == code)).scalar_subquery().label("place_weeks"),
        select(days).where(or_(holiday.calendar_code.in_(usual), holiday.calendar_code == code)).scalar_subquery().label("place_days"),
        select(_lines(setting.name, setting.value)).scalar_subquery().label("changed_settings"),
    )


_POST = Post.__table__.c
_PLACE = _POST.code == bindparam("place", type_=String)
_OF_PLACE = select(
    select(_POST.zone).where(_PLACE).scalar_subquery().label("place_zone"),
    select(_POST.calendar_code).where(_PLACE).scalar_subquery().label("place_calendar"),
    *columns(select(_POST.calendar_code).where(_PLACE).scalar_subquery()),
)
_OF_CODE = select(*columns(bindparam("code", type_=String)))
WITH_POST = (_POST.zone.label("place_zone"), _POST.calendar_code.label("place_calendar"), *columns(_POST.calendar_code))
"""The same in a statement that joins the post."""


def from_row(session: Session, place: str, row: Any) -> Surroundings:
    """What such a statement brought; for the rest of the session this is what holds at the place."""
    found = Surroundings(
        row.place_zone or DEFAULT_ZONE,
        PLACES.get(place) or row.place_calendar or CENTRAL_CALENDAR,
        _calendars(row.place_weeks or "", row.place_days or ""),
        _settings(row.changed_settings or ""),
    )
    session.info.setdefault("surroundings", {})[place] = found
    session.info.setdefault("calendars", {}).update(found.calendars)
    return found


def surroundings(session: Session, place: str) -> Surroundings:
    """What holds at a place: one read per session and place; `forget` after a change."""
    known: dict[str, Surroundings] = session.info.get("surroundings", {})
    if place not in known and place in PLACES and known:
        held = next(iter(known.values()))  # their calendars came along
        known[place] = Surroundings(DEFAULT_ZONE, PLACES[place], held.calendars, held.settings)
    return known.get(place) or from_row(session, place, session.execute(_OF_PLACE, {"place": place}).one())


def anywhere(session: Session) -> Surroundings:
    """Those of any place that was read already, for what is the same everywhere."""
    known = session.info.get("surroundings")
    return next(iter(known.values())) if known else surroundings(session, CENTRAL)


def forget(session: Session) -> None:
    """After a change of holidays, hours or settings."""
    session.info.pop("surroundings", None)
    session.info.pop("calendars", None)


# ------------------------------------------------------------------ asking
def of_place(session: Session, place: str) -> Calendar:
    """The calendar of a place."""
    return counting(session, place).calendar


def load(session: Session, code: str) -> Calendar:
    """The calendar of a code; that of the central services when there is none."""
    known = session.info.get("calendars", {})
    if code in known:
        return known[code].calendar
    row = session.execute(_OF_CODE, {"code": code}).one()
    found = _calendars(row.place_weeks or "", row.place_days or "")
    session.info.setdefault("calendars", {}).update(found)
    return (found.get(code) or found.get(CENTRAL_CALENDAR) or _unknown(code)).calendar


def functions_of(session: Session, place: str) -> Mapping[str, Any]:
    """The functions of working days that expressions may call at a place."""
    return counting(session, place).functions


def counting(session: Session, place: str) -> Counting:
    """Calendar and functions of a place; of the central services when its own calendar is missing."""
    held = surroundings(session, place)
    return held.calendars.get(held.code) or held.calendars.get(CENTRAL_CALENDAR) or _unknown(held.code)


def zone_of(session: Session, place: str) -> str:
    """IANA zone of a place; Bamako's for the central services."""
    return surroundings(session, place).zone


def code_of(session: Session, place: str) -> str:
    """Code of the calendar by which work at a place is counted."""
    return surroundings(session, place).code


# ------------------------------------------------------------------ building
@lru_cache(KEPT)
def _calendars(weeks: str, days: str) -> Mapping[str, Counting]:
    free: dict[str, dict[dt.date, Any]] = {}
    for line in filter(None, days.split(LINE)):
        code, day, extent = line.split(PART)
        free.setdefault(code, {})[dt.date.fromisoformat(day)] = extent
    found: dict[str, Counting] = {}
    for line in filter(None, weeks.split(LINE)):
        code, zone, weekend, hours, fixed = line.split(PART)
        calendar = Calendar(code, zone, frozenset(orjson.loads(weekend)), _hours(hours), free.get(code, {}), _yearly(fixed))
        found[code] = _counting(calendar, found)
    return found


def _counting(calendar: Calendar, known: Mapping[str, Counting] = MappingProxyType({})) -> Counting:
    """`known`: other calendars, in which expressions may count too."""

    def elsewhere(place: str) -> Calendar | None:
        found = known.get(NAMED[place])
        return found.calendar if found else None

    return Counting(calendar, feel_calendar.functions(calendar, elsewhere), elsewhere)


def _hours(text: str) -> dict[int, tuple[tuple[dt.time, dt.time], ...]]:
    return {
        int(day): tuple((dt.time.fromisoformat(begin), dt.time.fromisoformat(end)) for begin, end in spans)
        for day, spans in orjson.loads(text).items()
    }


def _yearly(text: str) -> frozenset[tuple[int, int]]:
    return frozenset((int(day[:2]), int(day[3:])) for day in orjson.loads(text))


@lru_cache(KEPT)
def _settings(text: str) -> Mapping[str, Any]:
    pairs = (line.split(PART) for line in text.split(LINE) if line)
    return {name: unpack(orjson.loads(value)) for name, value in pairs}


@lru_cache(KEPT)
def _unknown(code: str) -> Counting:
    return _counting(Calendar(code, DEFAULT_ZONE, frozenset({5, 6}), dict.fromkeys(range(5), WORKING_DAY)))
