"""Columns: the longest path from the start, ways back left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from .model import NOTES, Flow, Node


def order(nodes: Iterable[Node]) -> tuple[list[Node], list[Node]]:
    """(nodes as they are come to, depth first; a topological order). Marks the flows that lead back."""
    state: dict[Node, str] = {}
    walk: list[Node] = []
    done: list[Node] = []
    for root in sorted(nodes, key=lambda n: (n.kind != "startEvent", bool(n.ins))):
        if root not in state:
            _visit(root, state, walk, done)
    return walk, done[::-1]


def _visit(root: Node, state: dict[Node, str], walk: list[Node], done: list[Node]) -> None:
    """Depth first without recursion: a long procedure is deep."""
    state[root] = "open"
    walk.append(root)
    stack = [(root, iter(sorted(root.outs, key=lambda f: f.aside)))]
    while stack:
        node, rest = stack[-1]
        step = None
        for flow in rest:
            if state.get(flow.dst) == "open":
                flow.back = True
            elif flow.dst not in state:
                step = flow.dst
                break
        if step is None:
            state[node] = "done"
            done.append(node)
            stack.pop()
        else:
            state[step] = "open"
            walk.append(step)
            stack.append((step, iter(sorted(step.outs, key=lambda f: f.aside))))


def assign(topological: Sequence[Node], flows: Iterable[Flow], stack: bool) -> int:
    """Sets the column of each node; the number of columns comes back.

    With `stack`, a lone flow into another lane goes straight up or down: both ends share the column."""
    stacked: set[Node] = set()
    taken: set[tuple[Node, bool]] = set()
    for node in topological:
        ins = [f for f in node.ins if not f.back]
        node.col = max((f.src.col + 1 for f in ins), default=0)
        if stack and len(ins) == 1 and node.kind != "endEvent" and not ins[0].aside:
            src = ins[0].src
            way = (src, node.lane > src.lane)
            if node.lane != src.lane and src not in stacked and way not in taken and not (src.boundary and way[1]):
                node.col = src.col
                stacked.add(node)
                taken.add(way)
    for node in reversed(topological):  # what nothing leads to moves towards what it leads to
        outs = [f.dst.col for f in node.outs if not f.back]
        if outs and all(f.back for f in node.ins):
            node.col = max(node.col, min(outs) - 1)
    for flow in flows:  # a note stands over or under what it is about
        note, about = (flow.src, flow.dst) if flow.src.kind in NOTES else (flow.dst, flow.src)
        if note.kind in NOTES:
            note.col, note.lane = about.col, about.lane
    return max((node.col for node in topological), default=0) + 1
