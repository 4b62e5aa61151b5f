"""Comparisons and arithmetic."""

from __future__ import annotations

import datetime as dt
import operator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..arithmetic import arithmetic
from ..compare import compare, equal
from ..errors import FeelError
from ..kinds import FRENCH, MAX_TEXT, Months, kind, weigh
from ..tree import Node

if TYPE_CHECKING:
    from ..walk import Scope, Walk

SIGNS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "!=": operator.ne}
VERBS = {
    "+": "d'additionner",
    "-": "de soustraire",
    "*": "de multiplier",
    "/": "de diviser",
    "**": "d'élever à une puissance",
}


def compared(walk: Walk, node: Node, scope: Scope, op: str, a: Node, b: Node) -> bool | None:
    x, y = walk.walk(a, scope), walk.walk(b, scope)
    t = type(x)
    if t is type(y) and (t is Decimal or (t is bool and op in ("=", "!="))):
        return SIGNS[op](x, y)
    walk.spend(weigh(x) + weigh(y))
    if op in ("=", "!="):
        same = equal(x, y)
        if same is None:
            return clash(walk, node, "de comparer", x, y)
        return same if op == "=" else not same
    if x is None or y is None:
        return None
    c = compare(x, y)
    if c is None:
        return clash(walk, node, "de comparer", x, y)
    return SIGNS[op](c, 0)


def clash(walk: Walk, node: Node, verb: str, x: Any, y: Any) -> Any:
    """Two kinds that do not go together: a mistake, with the cure when there is a usual one."""
    return walk.trouble(node, f"impossible {verb} {FRENCH[kind(x)]} et {FRENCH[kind(y)]}{cure(kind(x), kind(y))}")


def cure(a: str, b: str) -> str:
    kinds = {a, b}
    if "range" in kinds:
        return " : pour une date partielle, écrire before(…), after(…) ou .start / .end"
    if kinds == {"date and time"}:
        return " : l'une a un fuseau, l'autre non"
    if kinds == {"number", "string"}:
        return " : écrire number(…) autour du texte"
    if kinds in ({"date", "string"}, {"date and time", "string"}):
        return " : écrire date(…) autour du texte, ou déclarer le champ comme date"
    return ""


def between(walk: Walk, node: Node, scope: Scope, a: Node, low: Node, high: Node) -> bool | None:
    x, first, last = walk.walk(a, scope), walk.walk(low, scope), walk.walk(high, scope)
    if x is None or first is None or last is None:
        return None
    c, d = compare(x, first), compare(x, last)
    if c is None or d is None:
        return clash(walk, node, "de comparer", x, first if c is None else last)
    return c >= 0 and d <= 0


def calculated(walk: Walk, node: Node, scope: Scope, op: str, a: Node, b: Node) -> Any:
    x, y = walk.walk(a, scope), walk.walk(b, scope)
    if x is None or y is None:
        return None
    if type(x) is str and type(y) is str:
        walk.spend(weigh(x) + weigh(y))
        if len(x) + len(y) > MAX_TEXT:
            raise FeelError("texte trop long", node.at, walk.source)
    try:
        out = arithmetic(op, x, y)
    except (ArithmeticError, OverflowError, ValueError):
        return walk.trouble(node, "division par zéro" if op == "/" and not y else "résultat hors limites")
    return clash(walk, node, VERBS[op], x, y) if out is None else out


def negated(walk: Walk, node: Node, scope: Scope, a: Node) -> Any:
    v = walk.walk(a, scope)
    match v:
        case None:
            return None
        case Decimal() | dt.timedelta():
            return -v if v else abs(v)
        case Months():
            return Months(-v.n)
    return walk.trouble(node, f"un signe « - » devant {FRENCH[kind(v)]}")
