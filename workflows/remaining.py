"""How much time is left, or how late a step is, in the measure of its deadline and in words."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from .working_time import Calendar, working_days_between

DAYS_FROM = 48  # elapsed hours from which days say it better


class Remaining(NamedTuple):
    """Days (« j » or « jo », as `unit` says) or, with `unit` « h », hours and minutes; when `late`, since the due moment."""

    late: bool
    unit: str
    days: int = 0
    hours: int = 0
    minutes: int = 0

    def text(self, language: str = "fr") -> str:
        """« 3 jo », « 4 h 40 », « en retard de 2 j »; in English « 3 working days », « 4 h 40 », « 2 days late »."""
        if self.unit == "h":
            length = clock(self.hours, self.minutes)
        elif language == "fr":
            length = f"{self.days} {self.unit}"
        else:
            length = f"{self.days} {'working ' if self.unit == 'jo' else ''}day{'s' if self.days != 1 else ''}"
        if not self.late:
            return length
        return f"en retard de {length}" if language == "fr" else f"{length} late"


def clock(hours: int, minutes: int) -> str:
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {minutes:02}" if minutes else f"{hours} h"


def remaining(calendar: Calendar, now: dt.datetime, due: dt.datetime, unit: str) -> Remaining:
    """The time between `now` and `due`, two aware moments, in the `unit` of the deadline (« h » for a due moment that a fact gives).

    Days are those of the place: what is due today, or has been late for less than a day of its measure, is said in hours.
    """
    late = now > due
    if unit == "jo":
        days = abs(working_days_between(calendar, due, now)) if late else working_days_between(calendar, now, due)
    elif unit == "j":
        days = abs((calendar.local_day(due) - calendar.local_day(now)).days)
    else:
        days = 0
    if days:
        return Remaining(late, unit, days)
    minutes = max(int(abs(due - now) / dt.timedelta(minutes=1)), 1)
    if minutes >= DAYS_FROM * 60:
        return Remaining(late, "j", minutes // (24 * 60))
    return Remaining(late, "h", 0, minutes // 60, minutes % 60)
