"""The tree of an expression. Trees are never changed after parsing: all evaluations share them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


class Node:
    """`op`, where it starts in the text, what it holds."""

    __slots__ = ("args", "at", "op")

    def __init__(self, op: str, at: int, *args: Any) -> None:
        self.op = op
        self.at = at
        self.args = args

    def __repr__(self) -> str:
        return f"({self.op} {' '.join(map(repr, self.args))})"

    def children(self) -> Iterator[Node]:
        """The nodes right below, also those in pairs and lists."""
        return nodes_in(self.args, 2)

    def every(self) -> Iterator[Node]:
        """This node and all below it, each before those below it."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed([*node.children()])


def nodes_in(parts: Any, depth: int) -> Iterator[Node]:
    for part in parts:
        if isinstance(part, Node):
            yield part
        elif depth and isinstance(part, tuple | list):
            yield from nodes_in(part, depth - 1)
