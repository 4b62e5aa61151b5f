"""Filters and globals of the templates: thin bindings of the pure modules to the reader's language and zone."""

from datetime import UTC, date, datetime

from flask import Flask, g

from app.services import clock
from app.web import dates, icons, texts, words
from app.web.language import chosen, zone
from workflows.checks.english import both
from workflows.translations import ENGLISH

LEAP_YEAR = 2028
"""Any year that has every day."""


def now() -> datetime:
    """The moment of this request, the same for everything the page says."""
    if "now" not in g:
        g.now = clock.now()
    return g.now


def typo(text: object) -> str:
    """A text of the procedures or of a person, typeset when the page is French."""
    plain = "" if text is None else str(text)
    return texts.typeset(plain) if chosen() == "fr" else plain


def grouped(number: int | None) -> str:
    """A whole number by thousands in the reader's notation."""
    return texts.grouped(number, chosen())


def day(value: date | datetime) -> str:
    """« mardi 24 novembre 2026 »; a moment is taken on the reader's calendar."""
    return dates.long_date(_local_day(value), chosen())


def short_day(value: date | datetime, weekday: bool = False) -> str:
    """« 24 nov. », with the year when it is not this one."""
    local = _local_day(value)
    return dates.short_date(local, chosen(), local.year != dates.local(now(), zone()).year, weekday)


def moment(value: datetime) -> str:
    """« 24 nov., 16 h 20 », « aujourd’hui, 16 h 20 »."""
    return dates.moment_words(value, now(), zone(), chosen())


def hour(value: datetime) -> str:
    """« 16 h 20 » of the reader's clock."""
    return dates.clock(dates.local(value, zone()), chosen())


def iso(value: datetime) -> str:
    """The attribute `datetime` of a moment."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def since(value: datetime) -> str:
    """How long something has lasted, in one unit."""
    return dates.since(value, now(), chosen())


def brief(value: datetime) -> str:
    """A moment in the narrow column of a timeline: its hour today, else its day."""
    here = dates.local(value, zone())
    return hour(value) if here.date() == dates.local(now(), zone()).date() else short_day(value)


def first_upper(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def size(octets: int) -> str:
    """« 412 ko », « 1,8 Mo »."""
    return texts.size_words(octets, chosen())


def in_words(amount: int) -> str:
    """The amount in words of the reader's language."""
    return words.amount_in_words(amount, chosen())


def partial_day(text: str) -> str:
    """« 1985 », « juin 1985 », « 17 juin 1985 » for a partial date; a text that is none stays as it is."""
    return dates.partial_words(text, chosen())


def yearly(text: str) -> str:
    """« 22 sept. » for « 09-22 », a day of each year."""
    month, _, number = text.partition("-")
    return dates.short_date(date(LEAP_YEAR, int(month), int(number)), chosen())


def _local_day(value: date | datetime) -> date:
    return dates.local(value, zone()).date() if isinstance(value, datetime) else value


def of_procedure(message: str) -> str:
    """What the engine said of a procedure, in the language of the page: it speaks French."""
    return both(message).en if chosen() == ENGLISH else message


def init_app(app: Flask) -> None:
    """Give the templates their filters."""
    app.jinja_env.filters.update(
        typo=typo,
        grouped=grouped,
        pc=texts.pc,
        day=day,
        short_day=short_day,
        moment=moment,
        hour=hour,
        iso=iso,
        brief=brief,
        first_upper=first_upper,
        since=since,
        size=size,
        in_words=in_words,
        partial_day=partial_day,
        yearly=yearly,
        of_procedure=of_procedure,
        initials=texts.initials,
    )
    app.jinja_env.globals.update(use_icon=icons.use_icon, sprite=icons.sprite, now=now)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
