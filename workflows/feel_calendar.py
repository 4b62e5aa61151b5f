"""The working-day functions that expressions may call, for the calendar of one place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from .calendar import Pause, due
from .feel import Refused, Signature
from .working_time import Calendar, CalendarError, add_working_days, working_days_between

Moment = dt.date | dt.datetime
Elsewhere = Callable[[str], Calendar | None]
"""The calendar of « central » (the services in Bamako) or « antennes » (the reception stations)."""
PLACES = ("central", "antennes")


def functions(calendar: Calendar, elsewhere: Elsewhere = lambda place: None, pauses: Iterable[Pause] = ()) -> dict[str, Signature]:
    """Host functions by name. Moments come back in the zone of the place, so that `.hour` says what its clock says.

    échéance ouvrable(depuis, jours, lieu)   n-th working day after `depuis`: of a moment the closing hour, of a date the date
    jours ouvrables entre(début, fin, lieu)  working days after `début` up to `fin`, included
    jour ouvrable(jour)                      whether the place works that day
    fin de journée(jour)                     23:59 of that day: the end of a deadline in calendar days

    `lieu`, which may be left out, counts in the calendar of another place: "central" or "antennes". Given by `elsewhere`; a place
    without a calendar of its own counts like this one.

    pauses: times during which working days stand still. A moment counted forwards leaves them out; it is null while one lasts.
    """
    still = tuple(pauses)

    def there(place: str | None) -> Calendar:
        if place is not None and place not in PLACES:
            raise Refused(f"lieu inconnu : « {place} » ; lieux possibles : {', '.join(PLACES)}")
        return (elsewhere(place) if place else None) or calendar

    def count_from(start: Moment, days: Decimal, place: str | None = None) -> Moment | None:
        used = there(place)
        day = _later(used, zoned(start), whole(days), still)
        return day.astimezone(used.tz) if isinstance(day, dt.datetime) else day

    def count_between(start: Moment, end: Moment, place: str | None = None) -> int:
        return guarded(working_days_between, there(place), zoned(start), zoned(end))

    def end_of_day(day: dt.date) -> dt.datetime:
        return calendar.end_of_day(day).astimezone(calendar.tz)

    count = Signature("échéance ouvrable(depuis: date and time, jours: number, lieu: string?) -> date and time", count_from)
    count.add("échéance ouvrable(depuis: date, jours: number, lieu: string?) -> date", count_from)
    either = "date | date and time"
    made = [
        count,
        Signature(f"jours ouvrables entre(début: {either}, fin: {either}, lieu: string?) -> number", count_between),
        Signature("jour ouvrable(jour: date) -> boolean", calendar.works),
        Signature("fin de journée(jour: date) -> date and time", end_of_day),
    ]
    return {signature.name: signature for signature in made}


def _later(calendar: Calendar, start: Moment, days: int, pauses: tuple[Pause, ...]) -> Moment | None:
    if pauses and days > 0 and isinstance(start, dt.datetime):
        return guarded(due, calendar, start, f"{days} jo", pauses)
    return guarded(add_working_days, calendar, start, days)


def whole(days: Decimal) -> int:
    if days != days.to_integral_value() or abs(days) > 5000:
        raise Refused("un nombre entier de jours est attendu, de 5 000 au plus")
    return int(days)


def zoned(moment: Moment) -> Moment:
    if isinstance(moment, dt.datetime) and moment.tzinfo is None:
        raise Refused("la date-heure n'a pas de fuseau")
    return moment


def guarded(count: Any, *given: Any) -> Any:
    try:
        return count(*given)
    except CalendarError as refusal:
        raise Refused(str(refusal)) from None
