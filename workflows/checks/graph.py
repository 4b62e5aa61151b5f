"""Small graph questions: which nodes lie on a cycle."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def cycles(nodes: Iterable[T], after: Callable[[T], Iterable[T]]) -> list[list[T]]:
    """Groups of nodes that lead to each other, and nodes that lead to themselves; in the order of `nodes` (Tarjan, without recursion)."""
    found: list[list[T]] = []
    index: dict[T, int] = {}
    low: dict[T, int] = {}
    on_stack: set[T] = set()
    stack: list[T] = []
    known = list(nodes)
    inside = set(known)
    for root in known:
        if root in index:
            continue
        work = [(root, iter([n for n in after(root) if n in inside]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            step = next(rest, None)
            if step is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    found.append(_component(node, stack, on_stack))
            elif step not in index:
                index[step] = low[step] = len(index)
                stack.append(step)
                on_stack.add(step)
                work.append((step, iter([n for n in after(step) if n in inside])))
            elif step in on_stack:
                low[node] = min(low[node], index[step])
    order = {node: place for place, node in enumerate(known)}
    return [sorted(group, key=order.__getitem__) for group in found if len(group) > 1 or group[0] in set(after(group[0]))]


def _component(root: T, stack: list[T], on_stack: set[T]) -> list[T]:
    group = []
    while True:
        node = stack.pop()
        on_stack.discard(node)
        group.append(node)
        if node == root:
            return group
