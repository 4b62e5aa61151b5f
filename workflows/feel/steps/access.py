"""Fields and filters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..arithmetic import seconds
from ..hints import suggestion
from ..kinds import FRENCH, kind
from ..tree import Node

if TYPE_CHECKING:
    from ..walk import Scope, Walk


def part(size: int, modulo: int) -> Callable[[dt.timedelta], Decimal]:
    """A part of a duration, with its sign."""
    return lambda v: Decimal(int(abs(seconds(v)) // size % modulo) * (-1 if v < dt.timedelta(0) else 1))


DAY: dict[str, Callable[[Any], Any]] = {
    "year": lambda v: Decimal(v.year),
    "month": lambda v: Decimal(v.month),
    "day": lambda v: Decimal(v.day),
    "weekday": lambda v: Decimal(v.isoweekday()),
}
CLOCK: dict[str, Callable[[Any], Any]] = {
    "hour": lambda v: Decimal(v.hour),
    "minute": lambda v: Decimal(v.minute),
    "second": lambda v: Decimal(v.second) + Decimal(v.microsecond) / 1_000_000,
    "time offset": lambda v: v.utcoffset(),
    "timezone": lambda v: getattr(v.tzinfo, "key", None),
}
PROPERTIES: dict[str, dict[str, Callable[[Any], Any]]] = {
    "date": DAY,
    "time": CLOCK,
    "date and time": {**DAY, **CLOCK},
    "years and months duration": {"years": lambda v: Decimal(v.years), "months": lambda v: Decimal(v.n - v.years * 12)},
    "days and time duration": {"days": part(86400, 10**9), "hours": part(3600, 24), "minutes": part(60, 60), "seconds": part(1, 60)},
    "range": {
        "start": lambda v: v.lo,
        "end": lambda v: v.hi,
        "start included": lambda v: v.lo_in,
        "end included": lambda v: v.hi_in,
    },
}


def path(walk: Walk, node: Node, scope: Scope, a: Node, key: str) -> Any:
    v = walk.walk(a, scope)
    if type(v) is list:
        walk.spend(len(v) // 4)
        return [member(walk, node, x, key) for x in v]
    return member(walk, node, v, key)


def member(walk: Walk, node: Node, v: Any, key: str) -> Any:
    if type(v) is dict:
        if key in v:
            return v[key]
        return walk.trouble(node, f"champ inconnu : « {key} ».{suggestion(key, v)}")
    if v is None:
        return None if walk.strict else walk.trouble(node, "champ d'une valeur absente")
    get = PROPERTIES.get(kind(v), {}).get(key)
    if get is None:
        return walk.trouble(node, f"{FRENCH[kind(v)]} n'a pas de « {key} »")
    return get(v)


def filtered(walk: Walk, node: Node, scope: Scope, a: Node, cond: Node) -> Any:
    """The elements for which the condition holds, or the one at a position."""
    v = walk.walk(a, scope)
    items = v if type(v) is list else [] if v is None else [v]
    if cond.op in ("value", "negate"):
        n = walk.walk(cond, scope)
        if type(n) is Decimal:
            return at_position(items, n)
    out = []
    for x in items:
        answer = walk.walk(cond, (names_of(x), scope))
        if type(answer) is Decimal:  # the position was computed
            return at_position(items, answer)
        if answer is True:
            out.append(x)
        elif answer is not False and answer is not None:
            walk.trouble(cond, f"le filtre doit être un oui/non, ici {FRENCH[kind(answer)]}")
    return out


def names_of(x: Any) -> dict[str, Any]:
    """What a condition sees of an element: its fields, and itself as « item » unless a field has that name."""
    if type(x) is not dict:
        return {"item": x}
    return x if "item" in x else {**x, "item": x}


def at_position(items: list[Any], n: Decimal) -> Any:
    i = int(n)
    if n != i or not 1 <= abs(i) <= len(items):
        return None
    return items[i - 1 if i > 0 else i]
