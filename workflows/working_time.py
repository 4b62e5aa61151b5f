"""When a place works: its weekdays, its opening hours, its days off. Pure: all that is known is in the Calendar that is given.

Source of the rules: the ministry's conventions on time. Working days (« jours ouvrables », jo) are counted in the calendar of the place
where the step is done: the day of opening is not counted, each later working day counts one, half a day off counts as worked.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, overload
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

Span = tuple[dt.time, dt.time]
Extent = Literal["whole", "morning", "afternoon"]
Skip = Callable[[dt.date], bool]

NOON = dt.time(12, fold=1)
DAY_END = dt.time(23, 59, fold=1)
WEEK = range(7)
ONE_DAY = dt.timedelta(days=1)
FARTHEST = 40 * 366  # days looked at before a calendar is said to have no working day left


class CalendarError(ValueError):
    """A calendar, a deadline or a count that makes no sense. The text is French; `code` and `params` let a caller say it otherwise."""

    def __init__(self, code: str, message: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(message)


@dataclass(frozen=True)
class Calendar:
    """The working calendar of one place.

    code      name of the calendar, as people know it (a post's code, ML-CENTRAL)
    zone      IANA time zone
    weekend   weekdays never worked, Monday = 0
    hours     opening hours by weekday, local time; a worked weekday without an entry takes those of the first weekday that has some
              (posts whose weekend is Friday and Saturday often list Sunday nowhere)
    days_off  days that are not worked, wholly or by half (a half that leaves no opening hour is the whole day)
    yearly    (month, day) of the days off that come back each year
    """

    code: str
    zone: str
    weekend: frozenset[int]
    hours: Mapping[int, tuple[Span, ...]]
    days_off: Mapping[dt.date, Extent] = field(default_factory=dict)
    yearly: frozenset[tuple[int, int]] = frozenset()

    def __post_init__(self) -> None:
        object.__setattr__(self, "weekend", frozenset(self.weekend))
        object.__setattr__(self, "hours", {day: in_order(spans) for day, spans in self.hours.items() if spans})
        object.__setattr__(self, "days_off", dict(self.days_off))
        object.__setattr__(self, "yearly", frozenset(self.yearly))
        check(self)

    @cached_property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def spans(self, day: dt.date) -> tuple[Span, ...]:
        """The opening hours of that day; empty when the place does not work."""
        if day.weekday() in self.weekend or (day.month, day.day) in self.yearly:
            return ()
        extent = self.days_off.get(day)
        if extent == "whole":
            return ()
        usual = self.hours.get(day.weekday()) or self.hours[min(self.hours)]
        return usual if extent is None else half(usual, extent)

    def works(self, day: dt.date) -> bool:
        return bool(self.spans(day))

    def local_day(self, moment: dt.datetime) -> dt.date:
        """The day it is at this place at an aware moment."""
        if moment.tzinfo is None:
            raise CalendarError("naive_moment", "la date-heure n'a pas de fuseau")
        return moment.astimezone(self.tz).date()

    def at(self, day: dt.date, clock: dt.time) -> dt.datetime:
        """A local clock time as an aware UTC moment; with fold=1 an hour that comes twice (clocks go back) is the second one."""
        return dt.datetime.combine(day, clock, self.tz).astimezone(dt.UTC)

    def closing(self, day: dt.date) -> dt.datetime:
        """The closing hour of a worked day, UTC."""
        spans = self.spans(day)
        if not spans:
            raise CalendarError("not_worked", f"le {day:%d/%m/%Y} n'est pas ouvrable ({self.code})", day=day, calendar=self.code)
        return self.at(day, spans[-1][1])

    def end_of_day(self, day: dt.date) -> dt.datetime:
        """23:59 local, UTC: the end of a deadline in calendar days."""
        return self.at(day, DAY_END)


def in_order(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    """Spans by their beginning; each edge is the second of two equal clock times, should the clocks go back then."""
    return tuple((opens.replace(fold=1), closes.replace(fold=1)) for opens, closes in sorted(spans))


def check(calendar: Calendar) -> None:
    try:
        ZoneInfo(calendar.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CalendarError("zone", f"fuseau inconnu : {calendar.zone}", zone=calendar.zone) from None
    days = {*calendar.weekend, *calendar.hours}
    if not days <= set(WEEK):
        raise CalendarError("weekday", "un jour de la semaine va de 0 (lundi) à 6 (dimanche)")
    if calendar.weekend >= set(WEEK):
        raise CalendarError("no_working_day", f"le calendrier {calendar.code} n'a aucun jour ouvrable", calendar=calendar.code)
    if not calendar.hours:
        raise CalendarError("no_hours", f"le calendrier {calendar.code} n'a aucune heure d'ouverture", calendar=calendar.code)
    for spans in calendar.hours.values():
        if any(opens >= closes for opens, closes in spans) or any(a[1] > b[0] for a, b in itertools.pairwise(spans)):
            raise CalendarError("hours", "les heures d'ouverture se suivent sans se recouvrir, chacune de l'ouverture à la fermeture")
    if not set(calendar.days_off.values()) <= {"whole", "morning", "afternoon"}:
        raise CalendarError("extent", "un jour chômé l'est en entier (whole), le matin (morning) ou l'après-midi (afternoon)")


def half(spans: tuple[Span, ...], off: Extent) -> tuple[Span, ...]:
    """What stays of a day when half of it is off: split at the midday break, or at noon when there is none."""
    if len(spans) == 1 and spans[0][0] < NOON < spans[0][1]:
        spans = ((spans[0][0], NOON), (NOON, spans[0][1]))
    return tuple(span for span in spans if (span[0] < NOON) == (off == "afternoon"))


def never(day: dt.date) -> bool:
    return False


def days_from(day: dt.date, step: int) -> Iterator[dt.date]:
    """The days after (step 1) or before (step -1) this one, nearest first, as far as a calendar reaches."""
    try:
        for _ in range(FARTHEST):
            day += step * ONE_DAY
            yield day
    except OverflowError:
        return


def count_days(calendar: Calendar, day: dt.date, count: int, skip: Skip = never) -> dt.date:
    """The `count`-th working day after `day` (before it when negative); days that `skip` names are not counted."""
    left = abs(count)
    if not left:
        return day
    for other in days_from(day, 1 if count > 0 else -1):
        left -= calendar.works(other) and not skip(other)
        if not left:
            return other
    raise CalendarError("too_far", f"pas assez de jours ouvrables dans le calendrier {calendar.code}", calendar=calendar.code)


@overload
def add_working_days(calendar: Calendar, start: dt.datetime, count: int) -> dt.datetime: ...


@overload
def add_working_days(calendar: Calendar, start: dt.date, count: int) -> dt.date: ...


def add_working_days(calendar: Calendar, start: dt.date, count: int) -> dt.date:
    """The `count`-th working day after `start`, before it when negative.

    From a date comes a date; from an aware moment the closing hour of that day, UTC. Zero is the day itself (from a moment: the
    first worked day from that day on).
    """
    if not isinstance(start, dt.datetime):
        return count_days(calendar, start, count)
    day = calendar.local_day(start)
    if not count:
        day, count = day - ONE_DAY, 1
    return calendar.closing(count_days(calendar, day, count))


def working_days_between(calendar: Calendar, start: dt.date, end: dt.date) -> int:
    """How many working days come after `start` up to `end`, included; negative when `end` comes before.

    Moments count by their local day.
    """
    first = calendar.local_day(start) if isinstance(start, dt.datetime) else start
    last = calendar.local_day(end) if isinstance(end, dt.datetime) else end
    step = 1 if first <= last else -1
    count = 0
    for _ in range(abs((last - first).days)):
        first += step * ONE_DAY
        count += calendar.works(first)
    return step * count


def opening_hours(calendar: Calendar, start: dt.datetime, skip: Skip) -> Iterator[tuple[dt.datetime, dt.datetime]]:
    """The stretches of working time from `start` on, UTC."""
    today = calendar.local_day(start)
    for day in days_from(today - ONE_DAY, 1):
        if skip(day):
            continue
        for opens, closes in calendar.spans(day):
            a, b = max(calendar.at(day, opens), start), calendar.at(day, closes)
            if a < b:
                yield a, b


def working_time(calendar: Calendar, start: dt.datetime, end: dt.datetime, skip: Skip = never) -> dt.timedelta:
    """The opening hours that lie between two moments, days that `skip` names left out."""
    total = dt.timedelta()
    for a, b in opening_hours(calendar, start, skip):
        if a >= end:
            break
        total += min(b, end) - a
    return total


def working_shares(
    calendar: Calendar, start: dt.datetime, end: dt.datetime, percents: Iterable[int], skip: Skip = never
) -> dict[int, dt.datetime]:
    """The moments, UTC, at which that many per cent of the working time from `start` to `end` have passed; beyond 100 it goes on."""
    stretches: list[tuple[dt.datetime, dt.datetime]] = []
    whole = dt.timedelta()
    coming = opening_hours(calendar, start, skip)
    for a, b in coming:
        stretches.append((a, b))
        if a >= end:
            break
        whole += min(b, end) - a
    out, passed = {}, dt.timedelta()
    wanted = sorted(percents, reverse=True)
    for a, b in itertools.chain(stretches, coming):
        while wanted and whole * wanted[-1] / 100 <= passed + (b - a):
            out[wanted[-1]] = a + max(whole * wanted[-1] / 100 - passed, dt.timedelta())
            wanted.pop()
        if not wanted:
            return out
        passed += b - a
    raise CalendarError("too_far", f"pas assez de jours ouvrables dans le calendrier {calendar.code}", calendar=calendar.code)
