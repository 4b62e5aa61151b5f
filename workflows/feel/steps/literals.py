"""Values, names, lists, groups of fields, intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..compare import compare
from ..errors import FeelError
from ..hints import suggestion
from ..kinds import FRENCH, Range, kind, lift
from ..tree import Node

if TYPE_CHECKING:
    from ..walk import Scope, Walk


def value(walk: Walk, node: Node, scope: Scope, v: Any) -> Any:
    return v


def anything(walk: Walk, node: Node, scope: Scope) -> bool:
    return True


def trouble(walk: Walk, node: Node, scope: Scope, message: str) -> Any:
    return walk.trouble(node, message)


def name(walk: Walk, node: Node, scope: Scope, name: str) -> Any:
    """From the innermost scope outwards, then the data (taken in once an evaluation), then the functions."""
    while scope is not None:
        if name in scope[0]:
            return scope[0][name]
        scope = scope[1]
    if name in walk.lifted:
        return walk.lifted[name]
    if name in walk.data:
        try:
            out = walk.lifted[name] = lift(walk.data[name], walk.spend)
        except FeelError as error:
            raise FeelError(f"donnée « {name} » : {error.message}", node.at, walk.source) from None
        return out
    functions = walk.host.functions
    if name in functions:
        return functions[name]
    return walk.trouble(node, f"nom inconnu : « {name} ».{suggestion(name, [*walk.data, *functions])}")


def listed(walk: Walk, node: Node, scope: Scope, items: tuple[Node, ...]) -> list[Any]:
    return [walk.walk(item, scope) for item in items]


def context(walk: Walk, node: Node, scope: Scope, pairs: tuple[tuple[str, Node], ...]) -> dict[str, Any]:
    """A field sees the fields before it."""
    out: dict[str, Any] = {}
    for key, expr in pairs:
        out[key] = walk.walk(expr, (out, scope))
    return out


def interval(walk: Walk, node: Node, scope: Scope, low: Node, low_in: bool, high: Node, high_in: bool) -> Any:
    a, b = walk.walk(low, scope), walk.walk(high, scope)
    if a is None and b is None:
        return walk.trouble(node, "un intervalle a besoin d'au moins une borne")
    if a is not None and b is not None:
        c = compare(a, b)
        if c is None:
            return walk.trouble(node, f"intervalle entre {FRENCH[kind(a)]} et {FRENCH[kind(b)]}")
        if c > 0:
            return walk.trouble(node, "la fin de l'intervalle vient avant son début")
    return Range(a, low_in and a is not None, b, high_in and b is not None)
