"""Moments and delays in words, for the reader's language and time zone. Pure: `now` is always an argument.

Elapsed time is said in hours and days (« 4 h 40 », « 3 j »), working time in working days (« 3 jo »); the two
are never mixed, as the deadline rules of the procedures never mix them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date

from workflows.calendar import Remaining

NO_BREAK = "\u00a0"
MINUTE = 60
HOUR = 3600
DAY = 86400


def local(moment: datetime, zone: str) -> datetime:
    """The aware moment in the time zone of the reader (an IANA name)."""
    return moment.astimezone(ZoneInfo(zone))


@lru_cache(maxsize=4096)
def long_date(day: date, language: str = "fr") -> str:
    """« mardi 24 novembre 2026 », "Tuesday 24 November 2026"."""
    text = format_date(day, "EEEE d MMMM y", locale=language)
    return text.replace(" 1 ", " 1er ") if language == "fr" else text


@lru_cache(maxsize=4096)
def short_date(day: date, language: str = "fr", with_year: bool = False, weekday: bool = False) -> str:
    """« 24 nov. », « mar. 24 nov. », « 24 nov. 2026 »."""
    pattern = ("EEE " if weekday else "") + "d MMM" + (" y" if with_year else "")
    text = format_date(day, pattern, locale=language)
    if language == "fr" and day.day == 1:
        text = text.replace("1 ", "1er ", 1)
    return text.replace(" ", NO_BREAK)


def partial_words(text: str, language: str = "fr") -> str:
    """« 1985 », « juin 1985 », « 17 juin 1985 » for 1985, 1985-06, 1985-06-17; a text that is no partial date stays as it is."""
    parts = text[:10].split("-")
    if not all(part.isdecimal() for part in parts) or len(parts) > 3:
        return text
    year, *rest = (int(part) for part in parts)
    if not rest or not 1 <= rest[0] <= 12:
        return str(year)
    month = Locale(language).months["format"]["wide"][rest[0]]
    if len(rest) == 1:
        return f"{month} {year}"
    return f"{'1er' if rest[1] == 1 and language == 'fr' else rest[1]} {month} {year}"


def clock(moment: datetime, language: str = "fr") -> str:
    """« 16 h 20 », « 9 h », "16:20"; the moment is already local."""
    if language != "fr":
        return f"{moment:%H:%M}"
    return f"{moment.hour}{NO_BREAK}h" + (f"{NO_BREAK}{moment.minute:02d}" if moment.minute else "")


def moment_words(moment: datetime, now: datetime, zone: str, language: str = "fr") -> str:
    """A moment in a list: « aujourd’hui, 16 h 20 », « 24 nov., 16 h 20 », with its year when it is another one."""
    here, today = local(moment, zone), local(now, zone)
    hour = clock(here, language)
    if here.date() == today.date():
        return f"{'aujourd’hui' if language == 'fr' else 'today'}, {hour}"
    return f"{short_date(here.date(), language, here.year != today.year)}, {hour}"


def elapsed(seconds: float, language: str = "fr") -> str:
    """A span of elapsed time in its two largest units at most: « 12 min », « 4 h 40 », « 3 j 21 h »."""
    seconds = max(0, int(seconds))
    day_unit = "j" if language == "fr" else "d"
    if seconds < HOUR:
        return f"{seconds // MINUTE}{NO_BREAK}min"
    hours, minutes = seconds // HOUR, seconds % HOUR // MINUTE
    if hours < 24:
        return f"{hours}{NO_BREAK}h" + (f"{NO_BREAK}{minutes:02d}" if minutes else "")
    days, hours = divmod(hours, 24)
    if hours and days < 4:
        return f"{days}{NO_BREAK}{day_unit} {hours}{NO_BREAK}h"
    return f"{days}{NO_BREAK}{day_unit}"


def since(moment: datetime, now: datetime, language: str = "fr") -> str:
    """How long something has lasted, in one unit: « 3 h », « 10 j »."""
    seconds = max(0.0, (now - moment).total_seconds())
    if seconds >= DAY:
        return f"{int(seconds // DAY)}{NO_BREAK}{'j' if language == 'fr' else 'd'}"
    if seconds >= HOUR:
        return f"{int(seconds // HOUR)}{NO_BREAK}h"
    return f"{int(seconds // MINUTE)}{NO_BREAK}min"


@dataclass(frozen=True)
class DeadlineWords:
    """What the component `deadline` shows: `state` is late, today, soon, ok, paused or none."""

    state: str
    text: str
    at: str = ""
    iso: str = ""
    working: bool = False


NONE = DeadlineWords("ok", "–")


def deadline_words(
    left: Remaining,
    due: datetime,
    now: datetime,
    zone: str,
    language: str = "fr",
) -> DeadlineWords:
    """The deadline in words and its state. `left` comes from `workflows.calendar.remaining`; `due` and `now` are aware."""
    iso = due.strftime("%Y-%m-%dT%H:%M:%SZ")
    here, today = local(due, zone).date(), local(now, zone).date()
    at = moment_words(due, now, zone, language)
    if left.unit == "jo" and here != today:
        at = short_date(here, language, here.year != today.year, weekday=True)
    text = _left_words(left, language)
    working = left.unit == "jo" and bool(left.days)
    if left.late:
        return DeadlineWords("late", f"en retard de {text}" if language == "fr" else f"late by {text}", at, iso, working)
    if here == today:
        return DeadlineWords("today", text, at, iso, working)
    soon = left.days <= 1 if left.days else True
    return DeadlineWords("soon" if soon else "ok", text, at, iso, working)


def paused_words(since_when: datetime | None, zone: str, language: str = "fr") -> DeadlineWords:
    """A deadline that stands still, and since when if that is known."""
    french = language == "fr"
    if since_when is None:
        return DeadlineWords("paused", "en pause" if french else "paused")
    day = short_date(local(since_when, zone).date(), language)
    return DeadlineWords("paused", "en pause" if french else "paused", f"depuis le {day}" if french else f"since {day}")


def _left_words(left: Remaining, language: str) -> str:
    if left.days:
        unit = left.unit if language == "fr" else {"j": "d", "jo": "wd"}[left.unit]
        return f"{left.days}{NO_BREAK}{unit}"
    return elapsed(left.hours * HOUR + left.minutes * MINUTE, language)


def end_of_day(day: date, zone: str) -> datetime:
    """The last moment of a local day: the bound of a filter « until »."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) + timedelta(days=1) - timedelta(microseconds=1)


def typed_day(form: Mapping[str, str], name: str) -> str:
    """A day typed as day, month and year, as ISO text (« 2026-03-20 »; empty for none); one written in a single field is taken as it is."""
    day, month, year = (form.get(f"{name}.{part}", "").strip() for part in ("jour", "mois", "annee"))
    return f"{year}-{month:0>2}-{day:0>2}" if day or month or year else form.get(name, "").strip()


def typed_partial(form: Mapping[str, str], name: str) -> str:
    """The same for a date of which the year, or the month and the year, suffices."""
    day, month, year = (form.get(f"{name}.{part}", "").strip() for part in ("jour", "mois", "annee"))
    if day:
        return typed_day(form, name)
    return f"{year}-{month:0>2}" if month else year or form.get(name, "").strip()
