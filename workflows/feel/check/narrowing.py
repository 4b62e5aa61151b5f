"""What a condition tells of the names in it: after « x != null and » x is not null."""

from __future__ import annotations

from ..tree import Node

Names = frozenset[str]
NONE: Names = frozenset()


def not_null(node: Node) -> Names:
    """Names that cannot be null where the condition is true."""
    if node.op == "and":
        return not_null(node.args[1]) | not_null(node.args[2])
    return compared_to_null(node, "!=")


def is_null(node: Node) -> Names:
    """Names that cannot be null where the condition is false."""
    if node.op == "or":
        return is_null(node.args[1]) | is_null(node.args[2])
    return compared_to_null(node, "=")


def compared_to_null(node: Node, sign: str) -> Names:
    if node.op != "compare":
        return NONE
    op, left, right = node.args
    fits = op == sign and left.op == "name" and right.op == "value" and right.args[0] is None
    return frozenset(left.args) if fits else NONE
