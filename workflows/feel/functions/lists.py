"""Lists: aggregates, membership, order, rearranging."""

from __future__ import annotations

import datetime as dt
import functools
import itertools
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from ..compare import compare, equal, utc
from ..errors import Refused
from ..kinds import MATH, Months, kind
from ..tree import Node
from .registry import BUILTINS, define, numbers_only, whole

MAX_NESTED = 12
DIRECT = (Decimal, str, dt.date, dt.timedelta, Months)  # kinds that Python orders as FEEL does
NOT_COMPARABLE = "les éléments ne se comparent pas entre eux"


# -- aggregates
def extreme(sign: int) -> Callable[[list[Any]], Any]:
    def go(items: list[Any]) -> Any:
        best = items[0]
        for x in items:
            c = compare(x, best)
            if c is None:
                raise Refused(NOT_COMPARABLE)
            if c * sign > 0:
                best = x
        return best

    return go


def total(items: list[Any]) -> Any:
    if items and all(type(x) is dt.timedelta for x in items):
        return sum(items, dt.timedelta())
    if items and all(type(x) is Months for x in items):
        return Months(sum(x.n for x in items))
    return functools.reduce(MATH.add, numbers_only(items), Decimal(0))


def product(items: list[Any]) -> Decimal:
    return functools.reduce(MATH.multiply, numbers_only(items), Decimal(1))


def mean(items: list[Any]) -> Decimal:
    return MATH.divide(total(items), Decimal(len(items)))


def stddev(items: list[Any]) -> Decimal:
    if len(numbers_only(items)) < 2:
        raise Refused("il faut au moins deux nombres")
    average = mean(items)
    squares = [MATH.power(MATH.subtract(x, average), 2) for x in items]
    return MATH.sqrt(MATH.divide(total(squares), Decimal(len(items) - 1)))


def median(items: list[Any]) -> Decimal:
    ordered = sorted(numbers_only(items))
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return MATH.divide(MATH.add(ordered[middle - 1], ordered[middle]), Decimal(2))


def mode(items: list[Any]) -> list[Decimal]:
    counts = Counter(numbers_only(items))
    top = max(counts.values())
    return sorted(x for x, n in counts.items() if n == top)


def truths(wanted: bool) -> Callable[[list[Any]], bool | None]:
    """all (wanted False) and any (wanted True), in three-valued logic."""

    def go(items: list[Any]) -> bool | None:
        if any(x is wanted for x in items):
            return wanted
        if any(type(x) is not bool and x is not None for x in items):
            raise Refused("la liste doit contenir seulement des oui/non")
        return None if None in items else not wanted

    return go


def aggregate(name: str, fn: Callable[[list[Any]], Any], empty: Any = None) -> None:
    """Aggregates take one list, or the values one by one; of an empty list they give `empty`."""

    def of_list(items: list[Any]) -> Any:
        return fn(items) if items else empty

    define(f"{name}(list: list) -> any", of_list)
    BUILTINS[name].add(f"{name}(list: any...) -> any", lambda *items: of_list(list(items)))


# -- equal elements
def key(v: Any) -> Any:
    """Equal values have equal keys: what makes distinct, duplicate and union take one pass."""
    match kind(v):
        case "list":
            return ("list", *map(key, v))
        case "context":
            return ("context", frozenset((k, key(x)) for k, x in v.items()))
        case "date and time":
            return ("date and time", v.tzinfo is None, utc(v))
        case "range":
            return ("range", key(v.lo), v.lo_in, key(v.hi), v.hi_in, v.form)
        case "function":
            return ("function", id(v))
    return (kind(v), v)


def unique(items: list[Any]) -> list[Any]:
    out: dict[Any, Any] = {}
    for x in items:
        out.setdefault(key(x), x)
    return list(out.values())


def repeated(items: list[Any]) -> list[Any]:
    counts = Counter(map(key, items))
    return unique([x for x in items if counts[key(x)] > 1])


def holds(items: list[Any], wanted: Any) -> bool:
    return any(equal(x, wanted) is True for x in items)


def places(items: list[Any], wanted: Any) -> list[Decimal]:
    return [Decimal(i) for i, x in enumerate(items, 1) if equal(x, wanted) is True]


# -- rearranging
def flat(items: list[Any], depth: int = 0) -> list[Any]:
    if depth > MAX_NESTED:
        raise Refused("listes trop imbriquées")
    return [y for x in items for y in (flat(x, depth + 1) if type(x) is list else [x])]


def position(items: list[Any], n: Decimal) -> int:
    i = whole(n)
    if i == 0 or abs(i) > len(items):
        raise Refused("position hors de la liste (la première est 1)")
    return i - 1 if i > 0 else len(items) + i


def sublist(items: list[Any], start: Decimal, length: Decimal | None = None) -> list[Any]:
    i = position(items, start)
    n = None if length is None else whole(length)
    if n is not None and (n < 1 or i + n > len(items)):
        raise Refused("longueur hors de la liste")
    return items[i:] if n is None else items[i : i + n]


def inserted(items: list[Any], n: Decimal, x: Any) -> list[Any]:
    i = position(items, n)
    return [*items[:i], x, *items[i:]]


def removed(items: list[Any], n: Decimal) -> list[Any]:
    i = position(items, n)
    return items[:i] + items[i + 1 :]


def replaced(items: list[Any], n: Decimal, x: Any) -> list[Any]:
    i = position(items, n)
    return [*items[:i], x, *items[i + 1 :]]


def joined(*lists: list[Any]) -> list[Any]:
    return [x for items in lists for x in items]


def ordered(walk: Any, node: Node, items: list[Any], precedes: Any = None) -> list[Any]:
    """Sorted in the natural order, or by a function that says whether its first value comes before the second."""
    walk.spend(len(items) // 4)
    if precedes is None:
        first = type(items[0]) if items else None
        if first in DIRECT and all(type(x) is first for x in items):
            return sorted(items)
        if any(compare(a, b) is None for a, b in itertools.pairwise(items)):
            raise Refused(NOT_COMPARABLE)
        return sorted(items, key=functools.cmp_to_key(lambda a, b: compare(a, b) or 0))

    def comes_before(a: Any, b: Any) -> bool:
        return walk.apply(node, precedes, [(None, a), (None, b)]) is True

    return sorted(items, key=functools.cmp_to_key(lambda a, b: -1 if comes_before(a, b) else 1 if comes_before(b, a) else 0))


aggregate("min", extreme(-1))
aggregate("max", extreme(1))
aggregate("sum", total)
aggregate("mean", mean)
aggregate("median", median)
aggregate("stddev", stddev)
aggregate("mode", mode, [])
aggregate("product", product)
aggregate("all", truths(False), True)
aggregate("any", truths(True), False)
define("count(list: list) -> number", len)
define("list contains(list: list, element: any) -> boolean", holds)
define("append(list: list, item: any...) -> list", lambda items, *more: [*items, *more])
define("concatenate(list: list...) -> list", joined)
define("union(list: list...) -> list", lambda *lists: unique(joined(*lists)))
define("distinct values(list: list) -> list", unique)
define("duplicate values(list: list) -> list", repeated)
define("flatten(list: list) -> list", flat)
define("reverse(list: list) -> list", lambda items: items[::-1])
define("index of(list: list, match: any) -> list", places)
define("sublist(list: list, start position: number, length: number?) -> list", sublist)
define("insert before(list: list, position: number, newItem: any) -> list", inserted)
define("remove(list: list, position: number) -> list", removed)
define("list replace(list: list, position: number, newItem: any) -> list", replaced)
define("sort(list: list, precedes: function?) -> list", ordered, walk=True)
