"""Calendars as an administrator keeps them: announced days are confirmed, moved, added or taken back, and open deadlines follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.posts import CalendarRow, Holiday, Post
from app.db.transaction import Unit, transaction
from app.services import administration, calendars, clock, recounting
from app.services.actor import Actor
from app.services.errors import Invalid, NotFound
from app.services.policy import ensure_administrator

EXTENTS = ("whole", "morning", "afternoon")
ESTIMATED, CONFIRMED = "estimated", "confirmed"


@dataclass(frozen=True)
class Line:
    """A calendar of the list: how many places count by it, and its next day that is only estimated."""

    calendar: CalendarRow
    places: int
    estimated: Holiday | None


def every(session: Session, actor: Actor) -> list[Line]:
    """All calendars, by code."""
    ensure_administrator(actor)
    places = {row[0]: row[1] for row in session.execute(select(Post.calendar_code, func.count()).group_by(Post.calendar_code))}
    today = clock.now().date()
    query = select(Holiday).where(Holiday.status != CONFIRMED, Holiday.day >= today).order_by(Holiday.day.desc())
    estimated = {day.calendar_code: day for day in session.scalars(query)}
    rows = session.scalars(select(CalendarRow).order_by(CalendarRow.code))
    return [Line(row, places.get(row.code, 0), estimated.get(row.code)) for row in rows]


def one(session: Session, actor: Actor, code: str) -> tuple[CalendarRow, list[Holiday], list[Post]]:
    """A calendar, its days from the beginning of this year on, and the places that count by it. NotFound."""
    ensure_administrator(actor)
    row = session.get(CalendarRow, code)
    if row is None:
        raise NotFound
    start = dt.date(clock.now().year, 1, 1)
    days = session.scalars(select(Holiday).where(Holiday.calendar_code == code, Holiday.day >= start).order_by(Holiday.day))
    places = session.scalars(select(Post).where(Post.calendar_code == code).order_by(Post.code))
    return row, list(days), list(places)


def add_day(actor: Actor, code: str, raw: Mapping[str, Any]) -> None:
    """A day off more, announced by a communiqué. Invalid, NotFound."""
    ensure_administrator(actor)

    def work(unit: Unit) -> None:
        if unit.session.get(CalendarRow, code) is None:
            raise NotFound
        values = _day(unit.session, code, raw)
        unit.session.add(Holiday(calendar_code=code, status=CONFIRMED, changed_at=unit.now, changed_by_id=actor.id, **values))
        _changed(unit, actor, code, "holiday.added", **values)

    transaction(work, clock.now)


def confirm_day(actor: Actor, code: str, day_id: int, on: dt.date | None = None) -> None:
    """The announced day is certain, on its date or on the one the communiqué gives."""
    ensure_administrator(actor)

    def work(unit: Unit) -> None:
        day = _known(unit.session, code, day_id)
        before = day.day
        if on is not None and on != before:
            if unit.session.scalar(select(Holiday.id).where(Holiday.calendar_code == code, Holiday.day == on)):
                raise Invalid({"on": "day_known"})
            day.day = on
        day.status, day.changed_at, day.changed_by_id = CONFIRMED, unit.now, actor.id
        _changed(unit, actor, code, "holiday.confirmed", label=day.label, before=before, day=day.day)

    transaction(work, clock.now)


def remove_day(actor: Actor, code: str, day_id: int) -> None:
    """A day that was announced by mistake is a working day again."""
    ensure_administrator(actor)

    def work(unit: Unit) -> None:
        day = _known(unit.session, code, day_id)
        unit.session.delete(day)
        _changed(unit, actor, code, "holiday.removed", label=day.label, day=day.day)

    transaction(work, clock.now)


def _known(session: Session, code: str, day_id: int) -> Holiday:
    day = session.get(Holiday, day_id)
    if day is None or day.calendar_code != code:
        raise NotFound
    return day


def _changed(unit: Unit, actor: Actor, code: str, kind: str, **data: Any) -> None:
    administration.record(unit, actor, kind, code, **data)
    unit.session.flush()
    calendars.forget(unit.session)
    recounting.announce(unit, code)


def _day(session: Session, code: str, raw: Mapping[str, Any]) -> dict[str, Any]:
    errors: dict[str, str] = {}
    label = str(raw.get("label") or "").strip()[:200]
    if not label:
        errors["label"] = "label_required"
    extent = str(raw.get("extent") or "whole")
    if extent not in EXTENTS:
        errors["extent"] = "extent_unknown"
    try:
        day = dt.date.fromisoformat(str(raw.get("day") or "").strip())
    except ValueError:
        errors["day"] = "day_required"
    else:
        if session.scalar(select(Holiday.id).where(Holiday.calendar_code == code, Holiday.day == day)):
            errors["day"] = "day_known"
    if errors:
        raise Invalid(errors, raw)
    return {"day": day, "label": label, "extent": extent, "source": str(raw.get("source") or "").strip()[:200]}
