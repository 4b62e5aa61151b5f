"""Deadlines: when a step is due, when to remind, how much time is left. Pure functions of a calendar, a start and the pauses.

Three measures, never mixed (the ministry's conventions on time):
- « 4 h »   elapsed hours, day and night (life, liberty, bodies, minors)
- « 7 j »   calendar days, day 7 included, until 23:59 at the place
- « 2 jo »  working days of the place: the day of opening is not counted, due at the closing hour of the last one counted
Only jo stand still during a pause, from the day after it began to the day before it ended.

Everything is computed from scratch, so « what if the answer comes on Thursday » is a call with another pause, and a holiday announced
the day before is a call with another calendar.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import NamedTuple, overload

from .remaining import Remaining, remaining
from .working_time import (
    Calendar,
    CalendarError,
    Extent,
    Span,
    add_working_days,
    count_days,
    working_days_between,
    working_shares,
    working_time,
)

__all__ = [
    "THRESHOLDS",
    "Calendar",
    "CalendarError",
    "Deadline",
    "Extent",
    "Pause",
    "Remaining",
    "Span",
    "add_working_days",
    "due",
    "for_priority",
    "read_deadline",
    "remaining",
    "stage",
    "thresholds",
    "working_days_between",
    "working_time",
]

THRESHOLDS = (50, 80, 100, 150)  # per cent of the way from opening to due: reminder, copy to the supervisor, late, report
WRITTEN = re.compile(r"([1-9]\d{0,3}) ?(h|jo|j)", re.ASCII)


class Deadline(NamedTuple):
    """A length of time in one of the three measures."""

    length: int
    unit: str  # "h", "j" or "jo"

    def __str__(self) -> str:
        return f"{self.length} {self.unit}"


class Pause(NamedTuple):
    """A time during which a deadline in working days stands still: aware moments; without an end it still lasts."""

    start: dt.datetime
    end: dt.datetime | None = None


def read_deadline(text: str) -> Deadline:
    """« 4 h », « 2 jo », « 7 j ». CalendarError for anything else."""
    written = WRITTEN.fullmatch(text.strip())
    if written is None:
        raise CalendarError("deadline", f"délai illisible : « {text} ». Écrire « 4 h », « 2 jo » ou « 7 j »", text=text)
    return Deadline(int(written[1]), written[2])


def for_priority(text: str, priority: str) -> str:
    """The deadline that applies to a priority: « P1: 4 h; P2: 1 jo; *: 3 jo » gives « 1 jo » for P2. A plain deadline applies to all.

    Each part is read, so a mistake is found whatever the priority.
    """
    if ":" not in text:
        return str(read_deadline(text))
    choices: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        name, _, written = (side.strip() for side in part.partition(":"))
        if name in choices:
            raise CalendarError("twice", f"délai donné deux fois pour « {name} »", priority=name)
        choices[name] = str(read_deadline(written))
    chosen = choices.get(priority) or choices.get("*")
    if chosen is None:
        raise CalendarError("no_choice", f"aucun délai pour la priorité « {priority} » : ajouter « *: … »", priority=priority)
    return chosen


class Standstill:
    """The days that pauses take out of the count, and the day from which everything stands still because a pause still lasts."""

    def __init__(self, calendar: Calendar, pauses: Iterable[Pause]) -> None:
        self.stretches: list[tuple[dt.date, dt.date]] = []
        self.from_now_on = dt.date.max
        for pause in pauses:
            began = calendar.local_day(pause.start)
            if pause.end is None:
                self.from_now_on = min(self.from_now_on, began)
            elif pause.end < pause.start:
                raise CalendarError("pause", "une pause ne peut pas finir avant d'avoir commencé")
            else:
                self.stretches.append((began, calendar.local_day(pause.end)))

    def skips(self, day: dt.date) -> bool:
        return any(began < day < ended for began, ended in self.stretches)

    def reaches(self, day: dt.date) -> bool:
        """Whether the count gets as far as this day, or stops before it in a pause that still lasts."""
        return day <= self.from_now_on


@overload
def due(calendar: Calendar, start: dt.datetime, text: str) -> dt.datetime: ...


@overload
def due(calendar: Calendar, start: dt.datetime, text: str, pauses: Iterable[Pause]) -> dt.datetime | None: ...


def due(calendar: Calendar, start: dt.datetime, text: str, pauses: Iterable[Pause] = ()) -> dt.datetime | None:
    """When a step opened at `start` (aware) is due, UTC. None: it stands still, in a pause that has not ended."""
    count, unit = read_deadline(text)
    opened = calendar.local_day(start)
    try:
        if unit == "h":
            return start.astimezone(dt.UTC) + dt.timedelta(hours=count)
        if unit == "j":
            return calendar.end_of_day(opened + dt.timedelta(days=count))
    except OverflowError:
        raise CalendarError("too_far", "échéance trop lointaine") from None
    still = Standstill(calendar, pauses)
    day = count_days(calendar, opened, count, still.skips)
    return calendar.closing(day) if still.reaches(day) else None


def thresholds(
    calendar: Calendar,
    start: dt.datetime,
    deadline: str | dt.datetime,
    pauses: Iterable[Pause] = (),
    percents: Iterable[int] = THRESHOLDS,
) -> dict[int, dt.datetime]:
    """When that many per cent of the way from opening to due are gone, UTC; the moments that a lasting pause hides are left out.

    Hours, calendar days and due moments given as such (a fact drives them: they never pause) are measured in elapsed time, working
    days in opening hours: a reminder of a « 1 jo » comes while the place is open. 150 % goes on in the same measure after the due moment.
    """
    if isinstance(deadline, dt.datetime):
        for moment in (start, deadline):
            calendar.local_day(moment)  # refuses a moment without a zone
        return elapsed_shares(start, deadline, percents)
    pauses = tuple(pauses)
    at = due(calendar, start, deadline, pauses)
    if at is None:
        return {}
    if read_deadline(deadline).unit != "jo":
        return elapsed_shares(start, at, percents)
    still = Standstill(calendar, pauses)
    moments = working_shares(calendar, start.astimezone(dt.UTC), at, percents, still.skips)
    return {
        percent: at if percent == 100 else moment.replace(microsecond=0)
        for percent, moment in moments.items()
        if still.reaches(calendar.local_day(moment))
    }


def elapsed_shares(start: dt.datetime, at: dt.datetime, percents: Iterable[int]) -> dict[int, dt.datetime]:
    """Shares of elapsed time; of a due moment that was already past at opening, all are that moment."""
    begin, end = start.astimezone(dt.UTC), at.astimezone(dt.UTC)
    length = max(end - begin, dt.timedelta())
    begin = min(begin, end)
    return {percent: end if percent == 100 else (begin + length * percent / 100).replace(microsecond=0) for percent in percents}


def stage(now: dt.datetime, moments: dict[int, dt.datetime]) -> int:
    """The highest of the thresholds that is reached, in per cent; 0 before the first."""
    return max((percent for percent, at in moments.items() if at <= now), default=0)
