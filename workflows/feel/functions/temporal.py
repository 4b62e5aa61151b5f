"""Dates, times, durations, and the clock, which the application lends: its day is that of the place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ..arithmetic import moment
from ..dates import UNREADABLE, read_date, read_duration, read_moment, read_time
from ..errors import Refused
from ..kinds import Months
from .registry import define

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def reader(read: Callable[..., Any], why: str) -> Callable[..., Any]:
    """A function that gives the value or refuses with that sentence."""

    def go(*given: Any) -> Any:
        try:
            out = read(*given)
        except UNREADABLE:
            out = None
        if out is None:
            raise Refused(why)
        return out

    return go


def day_of(v: Any) -> dt.date:
    return v.date() if type(v) is dt.datetime else v


def make_date(year: Decimal, month: Decimal, day: Decimal) -> dt.date:
    return dt.date(int(year), int(month), int(day))


def make_time(hour: Decimal, minute: Decimal, second: Decimal, offset: dt.timedelta | None = None) -> dt.time:
    zone = dt.timezone(offset) if offset is not None else None
    return dt.time(int(hour), int(minute), int(second), int(second % 1 * 1_000_000), zone)


def time_of(v: Any) -> dt.time:
    if type(v) is dt.datetime:
        return v.timetz()
    return v if type(v) is dt.time else dt.time(tzinfo=dt.UTC)


def months_between(a: Any, b: Any) -> Months:
    """Whole months from one day to the other."""
    sign = 1
    if day_of(a) > day_of(b):
        a, b, sign = b, a, -1
    first, last = moment(a, b), moment(b, a)
    n = (last.year - first.year) * 12 + last.month - first.month
    if last.day < first.day:
        n -= 1
    return Months(sign * max(n, 0))


def last_day_of_month(day: dt.date) -> dt.date:
    following = day.replace(day=28) + dt.timedelta(days=4)
    return following.replace(day=1) - dt.timedelta(days=1)


EITHER = "date | date and time"
define("date(from: string) -> date", reader(read_date, "date illisible : écrire AAAA-MM-JJ"))
define(f"date(from: {EITHER}) -> date", day_of)
define("date(year: number, month: number, day: number) -> date", reader(make_date, "date impossible"))
define("date and time(from: string) -> date and time", reader(read_moment, "date-heure illisible : écrire AAAA-MM-JJThh:mm:ss"))
define(f"date and time(date: {EITHER}, time: time) -> date and time", lambda day, time: dt.datetime.combine(day_of(day), time))
define("date and time(from: date and time) -> date and time", lambda v: v)
define("time(from: string) -> time", reader(read_time, "heure illisible : écrire hh:mm:ss"))
define(f"time(from: {EITHER} | time) -> time", time_of)
define("time(hour: number, minute: number, second: number, offset: days and time duration?) -> time", reader(make_time, "heure impossible"))
define("duration(from: string) -> duration", reader(read_duration, "durée illisible : écrire P5D, PT12H, P1Y ou P2M"))
define("duration(from: days and time duration | years and months duration) -> duration", lambda v: v)
define(f"years and months duration(from: {EITHER}, to: {EITHER}) -> years and months duration", months_between)
define(f"day of year(date: {EITHER}) -> number", lambda day: day.timetuple().tm_yday)
define(f"day of week(date: {EITHER}) -> string", lambda day: DAYS[day.weekday()])
define(f"month of year(date: {EITHER}) -> string", lambda day: MONTHS[day.month - 1])
define(f"week of year(date: {EITHER}) -> number", lambda day: day.isocalendar()[1])
define(f"last day of month(date: {EITHER}) -> date", last_day_of_month)
define("now() -> date and time", lambda walk, node: walk.host.now(), walk=True)
define("today() -> date", lambda walk, node: walk.host.now().date(), walk=True)
