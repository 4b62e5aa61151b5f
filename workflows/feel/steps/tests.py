"""The tests of « in » and of the cells of decision tables, on the value « ? »."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from ..compare import equal, within
from ..kinds import Range, weigh
from ..tree import Node
from .literals import name
from .operators import clash

if TYPE_CHECKING:
    from ..walk import Scope, Walk


def open_test(walk: Walk, node: Node, scope: Scope, op: str, expr: Node) -> Range:
    """« < b » as an interval without its other end."""
    v = walk.walk(expr, scope)
    form = "not" if op == "!=" else "open"
    low = None if op[0] == "<" else v
    high = None if op[0] == ">" else v
    return Range(low, op in (">=", "=", "!="), high, op in ("<=", "=", "!="), form)


def belongs(walk: Walk, node: Node, scope: Scope, a: Node, tests: tuple[Node, ...]) -> bool | None:
    return any_test(walk, scope, tests, walk.walk(a, scope))


def one_of(walk: Walk, node: Node, scope: Scope, tests: tuple[Node, ...]) -> bool | None:
    return any_test(walk, scope, tests, name(walk, node, scope, "?"))


def none_of(walk: Walk, node: Node, scope: Scope, tests: tuple[Node, ...]) -> bool | None:
    out = one_of(walk, node, scope, tests)
    return None if out is None else not out


def any_test(walk: Walk, scope: Scope, tests: tuple[Node, ...], v: Any) -> bool | None:
    unknown = False
    for test in tests:
        out = satisfies(walk, test, v, scope)
        if out is True:
            return True
        unknown = unknown or out is None
    return None if unknown else False


def satisfies(walk: Walk, test: Node, v: Any, scope: Scope) -> Any:
    """One test against the value: an interval, a list, a value, or a condition on « ? »."""
    out = walk.walk(test, ({"?": v}, scope))
    if type(out) is str and type(v) is str:
        return out == v
    match out:
        case Range():
            return in_interval(walk, test, v, out)
        case bool() if is_condition(test, v):
            return out
        case list():
            return in_list(walk, v, out) if type(v) is not list else matches_list(walk, v, out)
        case None:
            return v is None if test.op == "value" else None
    walk.spend(weigh(v) + weigh(out))
    same = equal(v, out)
    return clash(walk, test, "de comparer", v, out) if same is None else same


def is_condition(test: Node, v: Any) -> bool:
    """A yes/no that was computed decides by itself; a bare `true` is a value to be equal to, and null does not match it."""
    return uses_question(test) or (type(v) is not bool and test.op != "value")


def in_interval(walk: Walk, test: Node, v: Any, interval: Range) -> Any:
    if type(v) is Range:
        return equal(v, interval)
    if v is None or (not interval.form and (interval.lo is None or interval.hi is None)):
        same_to_null = interval.form and interval.lo is interval.hi  # = null, != null
        return (interval.lo is None) != (interval.form == "not") if same_to_null else None
    out = within(v, interval)
    return clash(walk, test, "de comparer", v, interval.hi if interval.lo is None else interval.lo) if out is None else out


def in_list(walk: Walk, v: Any, items: list[Any]) -> bool:
    walk.spend(weigh(items))
    return any((within(v, x) if type(x) is Range and type(v) is not Range else equal(v, x)) is True for x in items)


def matches_list(walk: Walk, v: list[Any], items: list[Any]) -> bool:
    """A list matches an equal list, and a list of lists that holds it."""
    walk.spend(weigh(v) * len(items) + weigh(items))
    return bool(equal(v, items)) or any(equal(v, x) for x in items if type(x) is list)


@functools.lru_cache(4096)
def uses_question(node: Node) -> bool:
    return uses(node, "?")


def uses(node: Node, wanted: str) -> bool:
    return any(each.op == "name" and each.args[0] == wanted for each in node.every())
