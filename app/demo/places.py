"""Posts, their calendars and announced holidays."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.db.posts import CalendarRow, Holiday, Post
from app.db.sheets import CountrySheet
from app.demo.reading import day, read
from app.services.calendars import CENTRAL_CALENDAR, STATION_CALENDAR

WEEKDAYS = {"lun": 0, "mar": 1, "mer": 2, "jeu": 3, "ven": 4, "sam": 5, "dim": 6}
EXTENTS = {"journee": "whole", "matin": "morning", "apres_midi": "afternoon"}
STATUSES = {"confirme": "confirmed", "estime": "estimated"}
CENTRAL_HOURS = {"lun-jeu": ["07:30-16:00"], "ven": ["07:30-12:30", "14:30-17:30"]}
STATION_HOURS = {"tous": ["06:00-22:00"]}
EMBASSIES = {"ambassade", "consulat_general"}


def load(session: Session, now: dt.datetime) -> None:
    """Calendars first, then places, then holidays."""
    session.add_all(calendars())
    session.flush()
    session.add_all(_post(post) for post in read("posts")["postes"])
    session.add_all(holidays(now))
    session.add_all(CountrySheet(country=code, facts=facts, changed_at=now) for code, facts in read("countries")["pays"].items())
    session.flush()


def calendars() -> list[CalendarRow]:
    """The calendars of the demonstration."""
    posts = {post["code"]: post for post in read("posts")["postes"]}
    return [_calendar(entry, posts.get(entry["code"])) for entry in read("holidays")["calendriers"]]


def holidays(now: dt.datetime) -> list[Holiday]:
    """The days off of the demonstration's calendars."""
    return [_holiday(entry, now) for entry in read("holidays")["jours"]]


def _calendar(entry: dict[str, Any], post: dict[str, Any] | None) -> CalendarRow:
    written = post["heures"] if post else STATION_HOURS if entry["code"] == STATION_CALENDAR else CENTRAL_HOURS
    return CalendarRow(
        code=entry["code"],
        zone=post["fuseau"] if post else "Africa/Bamako",
        weekend=[WEEKDAYS[name] for name in entry["week_end"]],
        hours=_hours(written),
        fixed=entry["fixes"],
    )


def _hours(written: dict[str, list[str]]) -> dict[str, list[list[str]]]:
    """{"lun-jeu": ["08:30-16:30"]} -> {"0": [["08:30", "16:30"]], ...}"""
    hours: dict[str, list[list[str]]] = {}
    for names, spans in written.items():
        first, _, last = ("lun-dim" if names == "tous" else names).partition("-")
        for weekday in range(WEEKDAYS[first], WEEKDAYS[last or first] + 1):
            hours[str(weekday)] = [span.split("-") for span in spans]
    return hours


def _post(entry: dict[str, Any]) -> Post:
    kind = entry["genre"]
    calendar = entry["code"] if kind in EMBASSIES else STATION_CALENDAR if kind == "antenne" else CENTRAL_CALENDAR
    return Post(
        code=entry["code"],
        kind=kind,
        name_fr=entry["nom_fr"],
        name_en=entry["nom_en"],
        country=entry["pays"],
        city=entry["ville"] or "",
        zone=entry["fuseau"],
        currency=entry["devise"],
        jurisdiction=entry["juridiction"],
        languages=entry["langues"],
        calendar_code=calendar,
    )


def _holiday(entry: dict[str, Any], now: dt.datetime) -> Holiday:
    when = day(entry["date"])
    assert when is not None
    return Holiday(
        calendar_code=entry["calendrier"],
        day=when,
        label=entry["libelle_fr"],
        status=STATUSES[entry["statut"]],
        extent=EXTENTS[entry["etendue"]],
        source=entry.get("source") or "",
        changed_at=now,
    )
