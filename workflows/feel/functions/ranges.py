"""How intervals and points lie to each other."""

from __future__ import annotations

from typing import Any

from ..compare import compare, equal
from ..kinds import Range
from .registry import define, need


def as_range(v: Any) -> Range:
    return v if type(v) is Range else Range(v, True, v, True)


def order(a: Any, b: Any) -> int:
    return need(compare(a, b), "les bornes ne se comparent pas")


def before(a: Any, b: Any) -> bool:
    a, b = as_range(a), as_range(b)
    c = order(a.hi, b.lo)
    return c < 0 or (c == 0 and not (a.hi_in and b.lo_in))


def low_reaches(a: Range, b: Range) -> bool:
    """a begins at or before b."""
    c = order(a.lo, b.lo)
    return c < 0 or (c == 0 and (a.lo_in or not b.lo_in))


def high_reaches(a: Range, b: Range) -> bool:
    """a ends at or after b."""
    c = order(a.hi, b.hi)
    return c > 0 or (c == 0 and (a.hi_in or not b.hi_in))


def strictly_lower(a: Range, b: Range) -> bool:
    return low_reaches(a, b) and not low_reaches(b, a)


def meets(a: Range, b: Range) -> bool:
    return a.hi_in and b.lo_in and order(a.hi, b.lo) == 0


def overlaps(a: Range, b: Range) -> bool:
    return not before(a, b) and not before(b, a)


def overlaps_before(a: Range, b: Range) -> bool:
    return strictly_lower(a, b) and overlaps(a, b) and high_reaches(b, a)


def overlaps_after(a: Range, b: Range) -> bool:
    return strictly_lower(b, a) and overlaps(a, b) and high_reaches(a, b)


def includes(a: Range, b: Any) -> bool:
    return low_reaches(a, as_range(b)) and high_reaches(a, as_range(b))


def starts(a: Any, b: Range) -> bool:
    a = as_range(a)
    return order(a.lo, b.lo) == 0 and a.lo_in == b.lo_in and high_reaches(b, a)


def finishes(a: Any, b: Range) -> bool:
    a = as_range(a)
    return order(a.hi, b.hi) == 0 and a.hi_in == b.hi_in and low_reaches(b, a)


def coincides(a: Any, b: Any) -> bool:
    return bool(equal(as_range(a), as_range(b)))


define("before(a: any, b: any) -> boolean", before)
define("after(a: any, b: any) -> boolean", lambda a, b: before(b, a))
define("meets(a: range, b: range) -> boolean", meets)
define("met by(a: range, b: range) -> boolean", lambda a, b: meets(b, a))
define("overlaps(a: range, b: range) -> boolean", overlaps)
define("overlaps before(a: range, b: range) -> boolean", overlaps_before)
define("overlaps after(a: range, b: range) -> boolean", overlaps_after)
define("finishes(a: any, b: range) -> boolean", finishes)
define("finished by(a: range, b: any) -> boolean", lambda a, b: finishes(b, a))
define("includes(a: range, b: any) -> boolean", includes)
define("during(a: any, b: range) -> boolean", lambda a, b: includes(b, a))
define("starts(a: any, b: range) -> boolean", starts)
define("started by(a: range, b: any) -> boolean", lambda a, b: starts(b, a))
define("coincides(a: any, b: any) -> boolean", coincides)
