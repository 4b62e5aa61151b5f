"""Equality and order. A comparison between two kinds has no answer (None): who asked says whether that is a mistake."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from .kinds import ORDERED, Range, kind


def utc(v: Any) -> Any:
    """A moment with a zone, in UTC: Python compares and subtracts two moments of one zone by their clocks, wrongly when clocks change."""
    return v.astimezone(dt.UTC) if type(v) is dt.datetime and v.tzinfo else v


def equal(a: Any, b: Any) -> bool | None:
    """True, False, or None when the two kinds cannot be compared."""
    if a is None or b is None:
        return a is b
    if type(a) is type(b) and type(a) in PLAIN:
        return a == b
    ka, kb = kind(a), kind(b)
    if ka != kb:
        return None
    match ka:
        case "list":
            return len(a) == len(b) and all(equal(x, y) for x, y in zip(a, b, strict=True))
        case "context":
            return a.keys() == b.keys() and all(equal(x, b[k]) for k, x in a.items())
        case "date and time":
            return bool(a.tzinfo) == bool(b.tzinfo) and utc(a) == utc(b)
        case "function":
            return a is b
    return a == b


PLAIN = {str, Decimal, bool, dt.date}


def compare(a: Any, b: Any) -> int | None:
    """-1, 0, 1, or None when there is no order between the two."""
    k = kind(a)
    if k != kind(b) or k not in ORDERED:
        return None
    if k == "date and time":
        if bool(a.tzinfo) != bool(b.tzinfo):
            return None
        a, b = utc(a), utc(b)
    if k == "time" and (a.utcoffset() is None) != (b.utcoffset() is None):
        return None
    return (a > b) - (a < b)


def within(v: Any, r: Range) -> bool | None:
    """v in the range r; None when it cannot be said: a bound that is missing is not a bound that is open."""
    if r.form == "not":
        same = equal(v, r.lo)
        return None if same is None else not same
    if r.lo_in and r.hi_in and r.form:
        return equal(v, r.lo)
    out = True
    for bound, included, sign in ((r.lo, r.lo_in, 1), (r.hi, r.hi_in, -1)):
        if bound is None and r.form:
            continue
        c = compare(v, bound)
        if c is None:
            return None
        out = out and (c * sign > 0 or (included and c == 0))
    return out
