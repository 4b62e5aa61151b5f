"""Dates, times and durations: from their texts (ISO 8601, as the standard restricts it)."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from .arithmetic import from_seconds
from .errors import FeelError
from .kinds import Months, Range

ZONE = r"(?:(Z)|([+-]\d\d:\d\d(?::\d\d)?)|@([A-Za-z_]+(?:/[A-Za-z0-9_+-]+)*))?"
READ_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
READ_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?" + ZONE, re.ASCII)
READ_DURATION = re.compile(r"(-)?P(?:(?:(\d+)Y)?(?:(\d+)M)?|(?:(\d+)D)?(T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?)", re.ASCII)
READ_PARTIAL = re.compile(r"\d{4}(-\d\d){0,2}", re.ASCII)
MAX_DURATION = 40  # characters
UNREADABLE = (ValueError, OverflowError, KeyError, OSError)


def read_date(text: str) -> dt.date | None:
    """AAAA-MM-JJ; None for another shape, ValueError for a day that does not exist."""
    found = READ_DATE.fullmatch(text)
    return dt.date(int(found[1]), int(found[2]), int(found[3])) if found else None


def partial_date(text: str) -> Range:
    """1985, 1985-06 or 1985-06-15: the days that it may be. « né vers 1985 » is never forced to a day. FeelError when unreadable."""
    if not READ_PARTIAL.fullmatch(text):
        raise FeelError("date partielle illisible : écrire AAAA, AAAA-MM ou AAAA-MM-JJ")
    parts = [int(part) for part in text.split("-")]
    try:
        first = dt.date(*[*parts, 1, 1][:3])
    except ValueError:
        raise FeelError("date partielle impossible : ce jour ou ce mois n'existe pas") from None
    month = parts[1] if len(parts) > 1 else 12
    last = first.day if len(parts) == 3 else calendar.monthrange(first.year, month)[1]
    return Range(first, True, dt.date(first.year, month, last), True)


def read_time(text: str) -> dt.time | None:
    """hh:mm:ss, with a fraction, a shift or a zone; None for another shape, ValueError or KeyError for the impossible."""
    found = READ_TIME.fullmatch(text)
    if not found:
        return None
    hour, minute, second, fraction, z, shift, zone = found.groups()
    tz: dt.tzinfo | None = dt.UTC if z else read_offset(shift) if shift else ZoneInfo(zone) if zone else None
    return dt.time(int(hour), int(minute), int(second), int((fraction or "0").ljust(6, "0")[:6]), tz)


def read_offset(text: str) -> dt.timezone:
    parts = [int(part) for part in text[1:].split(":")] + [0]
    delta = dt.timedelta(hours=parts[0], minutes=parts[1], seconds=parts[2])
    if delta > dt.timedelta(hours=14):
        raise ValueError
    return dt.timezone(-delta if text[0] == "-" else delta)


def read_moment(text: str) -> dt.datetime | None:
    """AAAA-MM-JJThh:mm:ss, or a date alone (its midnight); 24:00:00 is the next day."""
    day, _, clock = text.partition("T")
    date = read_date(day)
    if date is None or (not clock and "T" in text):
        return None
    if clock.startswith("24:00:00"):
        date, clock = date + dt.timedelta(days=1), "00" + clock[2:]
    time = read_time(clock) if clock else dt.time()
    return dt.datetime.combine(date, time) if time is not None else None


def read_duration(text: str) -> dt.timedelta | Months | None:
    """P5D, PT12H, P1Y2M; None for another shape."""
    found = READ_DURATION.fullmatch(text)
    if not found or text.endswith(("P", "T")) or len(text) > MAX_DURATION:
        return None
    sign, years, months, days, _, hours, minutes, secs = found.groups()
    if years or months:
        n = int(years or 0) * 12 + int(months or 0)
        return Months(-n if sign else n)
    delta = dt.timedelta(days=int(days or 0), hours=int(hours or 0), minutes=int(minutes or 0)) + from_seconds(Decimal(secs or 0))
    return -delta if sign else delta


def read_any(text: str) -> Any:
    """What @"..." means; None when nothing."""
    for read in (read_date, read_time, read_moment, read_duration):
        try:
            v = read(text)
        except UNREADABLE:
            v = None
        if v is not None:
            return v
    return None
