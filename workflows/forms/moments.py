"""Dates as day, month and year in figures, whole or partial, and moments in the zone of the post."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from .clean import UNWANTED
from .messages import Refused

YEARS = (1850, 2150)
ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
FRENCH_DAY = re.compile(r"([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})")
PARTIAL_ISO = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
PARTIAL_FRENCH = re.compile(r"(?:(?:([0-9]{1,2})[/. -])?([0-9]{1,2})[/. -])?([0-9]{4})")
CLOCK = re.compile(r"([0-9]{1,2})(?:\s*[:hH]\s*([0-9]{2})?)?(?::([0-9]{2})(?:\.[0-9]+)?)?")
OFFSET = re.compile(r"(Z|[+-][0-9]{2}:?[0-9]{2})$", re.I)
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv january jan",
            "février fevrier févr fevr february feb",
            "mars march mar",
            "avril avr april apr",
            "mai may",
            "juin june jun",
            "juillet juil july jul",
            "août aout august aug",
            "septembre sept september sep",
            "octobre oct october",
            "novembre nov november",
            "décembre decembre déc dec december",
        ),
        1,
    )
    for name in names.split()
}


def text_of(value: Any) -> str:
    """A part as text; Refused(shape) when it is not a plain answer."""
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if value.bit_length() < 32 else "x"
    if not isinstance(value, str):
        raise Refused("shape")
    return UNWANTED.sub("", value[:64]).strip()


def parts_of(value: Mapping[str, Any], allowed: tuple[str, ...]) -> dict[str, str]:
    """The parts jour, mois, annee (and heure) of a date typed in several fields."""
    if set(value) - set(allowed):
        raise Refused("shape")
    return {name: text_of(value.get(name)) for name in allowed}


def figures(year: str, month: str, day: str) -> tuple[int, int | None, int | None]:
    """Year, month and day as numbers; a month may be a word. Refused: date, year, date_missing."""
    for name, part, after in (("annee", year, month or day), ("mois", month, day)):
        if not part and after:
            raise Refused("date_missing", part=name)
    m = MONTHS.get(month.rstrip(".").casefold(), month)
    if not all(re.fullmatch("[0-9]{1,4}", str(part)) for part in (year, m, day) if part):
        raise Refused("date")
    if not YEARS[0] <= int(year) <= YEARS[1]:
        raise Refused("year", min=YEARS[0], max=YEARS[1])
    return int(year), int(m) if month else None, int(day) if day else None


def real_day(year: int, month: int, day: int) -> dt.date:
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise Refused("date_unreal") from None


def read_date(value: Any) -> dt.date:
    """{jour, mois, annee}, « 2026-06-15 » or « 15/06/2026 » -> a day."""
    if isinstance(value, Mapping):
        parts = parts_of(value, ("jour", "mois", "annee"))
        for name in ("annee", "mois", "jour"):
            if not parts[name]:
                raise Refused("date_missing", part=name)
        year, month, day = figures(parts["annee"], parts["mois"], parts["jour"])
        return real_day(year, month or 0, day or 0)
    text = text_of(value)
    if match := ISO_DAY.fullmatch(text):
        year, month, day = figures(*match.groups())
    elif match := FRENCH_DAY.fullmatch(text):
        year, month, day = figures(*reversed(match.groups()))
    else:
        raise Refused("date")
    return real_day(year, month or 0, day or 0)


def read_clock(text: str) -> dt.time:
    """« 16:20 », « 16 h 20 », « 16h »."""
    match = CLOCK.fullmatch(text)
    if match is None:
        raise Refused("time")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    try:
        return dt.time(hours, minutes, seconds)
    except ValueError:
        raise Refused("time") from None


def read_moment(value: Any, zone: dt.tzinfo) -> dt.datetime:
    """{jour, mois, annee, heure}, « 2026-06-15T16:20 » (zone of the post) or with its offset -> a moment in UTC."""
    if isinstance(value, Mapping):
        parts = parts_of(value, ("jour", "mois", "annee", "heure"))
        day = read_date({name: parts[name] for name in ("jour", "mois", "annee")})
        if not parts["heure"]:
            raise Refused("date_missing", part="heure")
        return dt.datetime.combine(day, read_clock(parts["heure"]), zone).astimezone(dt.UTC)
    text = text_of(value)
    day_text, mark, clock = text.partition("T") if "T" in text else text.partition(" ")
    if not mark or not clock:
        raise Refused("date_missing", part="heure") if ISO_DAY.fullmatch(text) or FRENCH_DAY.fullmatch(text) else Refused("date")
    offset = OFFSET.search(clock)
    place = offset_of(offset[0]) if offset else zone
    return dt.datetime.combine(read_date(day_text), read_clock(OFFSET.sub("", clock).strip()), place).astimezone(dt.UTC)


def offset_of(text: str) -> dt.tzinfo:
    """« Z », « +02:00 » -> a fixed zone."""
    if text in "Zz":
        return dt.UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 14 or minutes > 59:
        raise Refused("time")
    delta = dt.timedelta(hours=hours, minutes=minutes)
    return dt.timezone(-delta if text[0] == "-" else delta)


def read_partial(value: Any, zone: dt.tzinfo, clock: bool = False) -> str:
    """What is known of a date: « 1985 », « 1985-06 », « 1985-06-15 » and, with `clock`, « 1985-06-15T22:00+00:00 »."""
    if isinstance(value, Mapping):
        parts = parts_of(value, ("jour", "mois", "annee", "heure") if clock else ("jour", "mois", "annee"))
        hour = parts.get("heure", "")
        year, month, day = figures(parts["annee"], parts["mois"], parts["jour"])
    else:
        text = text_of(value)
        text, _, hour = text.partition("T") if clock else (text, "", "")
        if match := PARTIAL_ISO.fullmatch(text):
            year, month, day = figures(*(part or "" for part in match.groups()))
        elif match := PARTIAL_FRENCH.fullmatch(text):
            year, month, day = figures(*(part or "" for part in reversed(match.groups())))
        else:
            raise Refused("partial_date")
    if hour and day is None:
        raise Refused("date_missing", part="jour")
    if hour:
        day_text = real_day(year, month or 0, day or 0).isoformat()
        moment = read_moment(f"{day_text}T{hour}", zone)
        return moment.astimezone(zone).isoformat(timespec="minutes")
    real_day(year, month or 1, day or 1)
    return f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")
