"""Calendars of places, built from rows: the yearly days, the announced ones, the working week."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.posts import CalendarRow, Holiday, Post
from app.services.policy import ANY_STATION, CENTRAL
from workflows.calendar import Calendar

CENTRAL_CALENDAR, STATION_CALENDAR = "ML-CENTRAL", "ANTENNES"


def code_of(session: Session, place: str) -> str:
    """Code of the calendar by which work at a place is counted."""
    if place == CENTRAL:
        return CENTRAL_CALENDAR
    if place == ANY_STATION:
        return STATION_CALENDAR
    return session.scalar(select(Post.calendar_code).where(Post.code == place)) or CENTRAL_CALENDAR


def load(session: Session, code: str) -> Calendar:
    """The calendar of a code. One read per session; `forget` after a change."""
    known = session.info.setdefault("calendars", {})
    if code not in known:
        known[code] = _build(session, code)
    return known[code]


def of_place(session: Session, place: str) -> Calendar:
    """The calendar of a place."""
    return load(session, code_of(session, place))


def forget(session: Session) -> None:
    """After a change of holidays or hours."""
    session.info.pop("calendars", None)


def _build(session: Session, code: str) -> Calendar:
    row = session.get(CalendarRow, code) or session.get(CalendarRow, CENTRAL_CALENDAR)
    if row is None:
        return Calendar(code, "Africa/Bamako", frozenset({5, 6}), dict.fromkeys(range(5), ((dt.time(8), dt.time(16)),)))
    days = {holiday.day: holiday.extent for holiday in session.scalars(select(Holiday).where(Holiday.calendar_code == row.code))}
    hours = {int(day): tuple((dt.time.fromisoformat(a), dt.time.fromisoformat(b)) for a, b in spans) for day, spans in row.hours.items()}
    yearly = frozenset((int(text[:2]), int(text[3:])) for text in row.fixed)
    return Calendar(row.code, row.zone, frozenset(row.weekend), hours, days, yearly)
