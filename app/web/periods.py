"""Periods typed into the filters of lists: days on the reader's calendar, from midnight to midnight."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple
from zoneinfo import ZoneInfo

from app.web import dates
from app.web.language import say, zone

PARTS = tuple(f"{name}.{part}" for name in ("du", "au") for part in ("jour", "mois", "annee"))
"""Names of the fields."""


class Period(NamedTuple):
    """From the beginning of a day to the end of another; None where none is typed. `errors`: by field, what is no day."""

    since: dt.datetime | None
    until: dt.datetime | None
    errors: dict[str, str]


def read(given: Mapping[str, str]) -> Period:
    """The period of a form with the days `du` and `au`."""
    found, errors = {}, {}
    for name in ("du", "au"):
        text = dates.typed_day(given, name)
        try:
            found[name] = _midnight(dt.date.fromisoformat(text)) if text else None
        except (ValueError, OverflowError):
            errors[name] = say("Écrivez un jour, un mois et une année, par exemple 24 11 2026.")
    last = found.get("au")
    return Period(found.get("du"), last + dt.timedelta(days=1) if last else None, errors)


def _midnight(day: dt.date) -> dt.datetime:
    if not 1900 < day.year < 2200:
        raise ValueError(day)
    return dt.datetime.combine(day, dt.time(), ZoneInfo(zone())).astimezone(dt.UTC)
