"""for, some, every."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..errors import FeelError
from ..kinds import MAX_LEN, Range
from ..tree import Node
from .tests import uses

if TYPE_CHECKING:
    from ..walk import Scope, Walk

Binds = tuple[tuple[str, Node, Node | None], ...]
NO_SEQUENCE = "une suite va d'un nombre entier à un autre, ou d'une date à une autre"


class NoListError(Exception):
    """A loop over a missing value: its result is missing too."""


def bindings(walk: Walk, scope: Scope, binds: Binds, extra: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Scope]]:
    """One scope for each combination."""
    (var, low, high), rest = binds[0], binds[1:]
    items = sequence(walk, low, high, scope)
    if items is None:
        raise NoListError
    for x in items:
        walk.spend(1)
        inner = ({**extra, var: x}, scope)
        if rest:
            yield from bindings(walk, inner, rest, extra)
        else:
            yield inner


def sequence(walk: Walk, low: Node, high: Node | None, scope: Scope) -> list[Any] | None:
    """The elements of a list, of an interval or of « low..high »; None when missing."""
    a = walk.walk(low, scope)
    if high is None:
        if type(a) is not Range:
            return a if type(a) is list or a is None else [a]
        a, b = inner_end(a.lo, a.lo_in, 1), inner_end(a.hi, a.hi_in, -1)
    else:
        b = walk.walk(high, scope)
    if not is_sequence(a, b):
        walk.trouble(low, NO_SEQUENCE)
        return None
    n = abs((b - a).days) if type(a) is dt.date else abs(int(b - a))
    if n >= MAX_LEN:
        raise FeelError("suite trop longue", low.at, walk.source)
    walk.spend(n // 4)
    step = 1 if a <= b else -1
    return [later(a, step * i) for i in range(n + 1)]


def is_sequence(a: Any, b: Any) -> bool:
    if type(a) is Decimal and type(b) is Decimal:
        return a == int(a)
    return type(a) is dt.date and type(b) is dt.date


def inner_end(bound: Any, included: bool, step: int) -> Any:
    return bound if included or bound is None else later(bound, step)


def later(v: Any, n: int) -> Any:
    if type(v) is Decimal:
        return v + n
    return v + dt.timedelta(days=n) if type(v) is dt.date else v


def for_each(walk: Walk, node: Node, scope: Scope, binds: Binds, body: Node) -> list[Any] | None:
    """The results in order; « partial » is the list so far."""
    out: list[Any] = []
    partial = uses_partial(body)
    try:
        for inner in bindings(walk, scope, binds, {"partial": None}):
            if partial:
                walk.spend(len(out))
                inner[0]["partial"] = list(out)
            out.append(walk.walk(body, inner))
            if len(out) > MAX_LEN:
                raise FeelError("liste trop longue", node.at, walk.source)
    except NoListError:
        return None
    return out


def some(walk: Walk, node: Node, scope: Scope, binds: Binds, cond: Node) -> bool | None:
    return quantified(walk, scope, binds, cond, True)


def every(walk: Walk, node: Node, scope: Scope, binds: Binds, cond: Node) -> bool | None:
    return quantified(walk, scope, binds, cond, False)


def quantified(walk: Walk, scope: Scope, binds: Binds, cond: Node, wanted: bool) -> bool | None:
    unknown = False
    try:
        for inner in bindings(walk, scope, binds, {}):
            out = walk.truth(cond, inner)
            if out is wanted:
                return wanted
            unknown = unknown or out is None
    except NoListError:
        return None
    return None if unknown else not wanted


@functools.lru_cache(4096)
def uses_partial(node: Node) -> bool:
    return uses(node, "partial")
