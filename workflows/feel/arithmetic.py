"""Arithmetic on numbers, texts, dates and durations."""

from __future__ import annotations

import datetime as dt
import operator
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from typing import Any

from .compare import utc
from .kinds import MATH, Months, kind

MAX_EXPONENT = 1000
MILLION = Decimal(1_000_000)
SOME_DAY = dt.date(2000, 1, 2)
STAMPS = ("date", "date and time", "time")
SIGNS: dict[str, Callable[[Any, Any], Any]] = {"+": operator.add, "-": operator.sub}
ON_NUMBERS = {"+": MATH.add, "-": MATH.subtract, "*": MATH.multiply, "/": MATH.divide, "**": MATH.power}


def add_months(day: Any, n: int) -> Any:
    """A date or a moment n months later; the last day of a shorter month. OverflowError outside the years 1 to 9999."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return day.replace(year=year, month=month + 1, day=min(day.day, last))
        except ValueError:
            continue
    raise OverflowError


def shift(v: Any, delta: dt.timedelta) -> Any:
    """Real elapsed time: one day is 24 hours, also over a change of clocks."""
    match v:
        case dt.datetime() if v.tzinfo:
            return (v.astimezone(dt.UTC) + delta).astimezone(v.tzinfo)
        case dt.datetime():
            return v + delta
        case dt.time():
            return (dt.datetime.combine(SOME_DAY, v) + delta % dt.timedelta(days=1)).timetz()
    return (dt.datetime.combine(v, dt.time()) + delta).date()


def moment(v: Any, other: Any) -> Any:
    """For subtraction a date is its midnight, in UTC against a date-time."""
    if type(v) is dt.date:
        return dt.datetime.combine(v, dt.time(tzinfo=dt.UTC if type(other) is dt.datetime else None))
    if type(v) is dt.time:
        return dt.datetime.combine(SOME_DAY, v)
    return v


def seconds(delta: dt.timedelta) -> Decimal:
    return MATH.divide(Decimal(delta // dt.timedelta(microseconds=1)), MILLION)


def from_seconds(n: Decimal) -> dt.timedelta:
    return dt.timedelta(microseconds=int(MATH.multiply(n, MILLION).to_integral_value(ROUND_HALF_EVEN)))


def arithmetic(op: str, a: Any, b: Any) -> Any:
    """The result, or None when the two kinds do not go together. ArithmeticError or OverflowError for the impossible."""
    if type(a) is Decimal and type(b) is Decimal:
        if op == "**" and abs(b) > MAX_EXPONENT:
            raise OverflowError
        return ON_NUMBERS[op](a, b)
    ka, kb = kind(a), kind(b)
    if op in SIGNS:
        return added(op, ka, kb, a, b)
    return multiplied(op, ka, kb, a, b)


def added(op: str, ka: str, kb: str, a: Any, b: Any) -> Any:
    """« + » and « - » of anything but two numbers."""
    match op, ka, kb:
        case "+", "string", "string":
            return a + b
        case _, "days and time duration", "days and time duration":
            return SIGNS[op](a, b)
        case _, "years and months duration", "years and months duration":
            return Months(SIGNS[op](a.n, b.n))
        case "+", "days and time duration", k if k in STAMPS:
            return shift(b, a)
        case _, k, "days and time duration" if k in STAMPS:
            return shift(a, b if op == "+" else -b)
        case "+", "years and months duration", "date" | "date and time":
            return add_months(b, a.n)
        case _, "date" | "date and time", "years and months duration":
            return add_months(a, b.n if op == "+" else -b.n)
        case "-", k, j if k in STAMPS and j in STAMPS and (k == "time") == (j == "time"):
            x, y = moment(a, b), moment(b, a)
            return utc(x) - utc(y) if bool(x.tzinfo) == bool(y.tzinfo) else None
    return None


def multiplied(op: str, ka: str, kb: str, a: Any, b: Any) -> Any:
    """« * » and « / » with durations."""
    match op, ka, kb:
        case "*" | "/", "days and time duration", "number":
            return from_seconds(ON_NUMBERS[op](seconds(a), b))
        case "*" | "/", "years and months duration", "number":
            return Months(int(ON_NUMBERS[op](Decimal(a.n), b).to_integral_value(ROUND_DOWN)))
        case "*", "number", "days and time duration" | "years and months duration":
            return multiplied("*", kb, ka, b, a)
        case "/", "days and time duration", "days and time duration":
            return MATH.divide(seconds(a), seconds(b))
        case "/", "years and months duration", "years and months duration":
            return MATH.divide(Decimal(a.n), Decimal(b.n))
    return None
