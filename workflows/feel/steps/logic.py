"""Three-valued logic: what is missing stays unknown until the rest decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..tree import Node

if TYPE_CHECKING:
    from ..walk import Scope, Walk


def conjunction(walk: Walk, node: Node, scope: Scope, _: str, a: Node, b: Node) -> bool | None:
    x = walk.truth(a, scope)
    if x is False:
        return False
    y = walk.truth(b, scope)
    if y is False:
        return False
    return None if x is None or y is None else True


def disjunction(walk: Walk, node: Node, scope: Scope, _: str, a: Node, b: Node) -> bool | None:
    x = walk.truth(a, scope)
    if x is True:
        return True
    y = walk.truth(b, scope)
    if y is True:
        return True
    return None if x is None or y is None else False


def conditional(walk: Walk, node: Node, scope: Scope, cond: Node, yes: Node, no: Node) -> Any:
    return walk.walk(yes if walk.truth(cond, scope) is True else no, scope)
