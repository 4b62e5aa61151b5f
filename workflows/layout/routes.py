"""Which way flows run through the grid: A* over row middles, column middles and the channels between them.

A vertex (i, j): even i is the channel left of column i/2, odd i the middle of a column; the same for j and rows.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from .model import DOWN, LEFT, RIGHT, UP, Flow, Node, Step

Edge = tuple[Step, Step]


class Router:
    """Routes of all flows. `ports`: (node, side, "in" or "out") -> flows; the places of names read it."""

    def __init__(self, nodes: Sequence[Node], flows: Sequence[Flow], cols: int, rows: int):
        self.cols, self.rows = cols, rows
        self.at = {(2 * n.col + 1, 2 * n.row + 1): n for n in nodes}
        self.used: dict[Edge, list[Flow]] = {}
        self.through: dict[tuple[Step, bool], list[Flow]] = {}
        self.bends: dict[Step, list[Flow]] = {}
        self.ports: dict[tuple[Node, Step, str], list[Flow]] = {}
        self.order = sorted(flows, key=lambda f: (f.back, f.src.row != f.dst.row, abs(f.src.col - f.dst.col) + abs(f.src.row - f.dst.row)))

    def route(self, turns: int) -> float:
        """Searches all routes `turns` times, each time knowing the others; the price of the last turn comes back."""
        price: float = 0
        for turn in range(turns):
            price = 0
            for flow in self.order:
                if turn:
                    self._mark(flow, adding=False)
                cost, flow.path = Search(self, flow).run()
                self._mark(flow, adding=True)
                price += cost
        return price

    def _mark(self, flow: Flow, adding: bool) -> None:
        for table, key in self._keys(flow):
            there = table.setdefault(key, [])
            if adding:
                there.append(flow)
            else:
                there.remove(flow)

    def _keys(self, flow: Flow) -> Iterator[tuple[dict[Any, list[Flow]], Any]]:
        """Every place that a route takes up."""
        steps, path = flow.steps(), flow.path
        for a, b in list(pairwise(path))[flow.aside :]:
            yield self.used, (min(a, b), max(a, b))
        for vertex, before, after in zip(path[1:], steps, steps[1:], strict=False):
            for axis in {before[0] != 0, after[0] != 0}:
                yield self.through, (vertex, axis)
            if before != after:
                yield self.bends, vertex
        yield self.ports, (flow.dst, (-steps[-1][0], -steps[-1][1]), "in")
        if not flow.aside:
            yield self.ports, (flow.src, steps[0], "out")


class Search:
    """The cheapest route of one flow, the others being as they are."""

    def __init__(self, router: Router, flow: Flow):
        self.router, self.flow = router, flow
        self.goal = (2 * flow.dst.col + 1, 2 * flow.dst.row + 1)
        self.heap: list[tuple] = []
        self.count = 0

    def run(self) -> tuple[float, list[Step]]:
        came: dict[tuple[Step, Step], tuple | None] = {}
        self._begin()
        while self.heap:
            cost, _, vertex, step, previous = heapq.heappop(self.heap)
            if vertex == self.goal and previous:
                return cost, self._back(previous, came)
            if (vertex, step) in came:
                continue
            came[vertex, step] = previous
            self._go(cost - self._far(vertex), vertex, step, bool(previous))
        raise ValueError(f"no route for {self.flow.id}")

    def _push(self, cost: float, vertex: Step, step: Step, previous: tuple | None) -> None:
        self.count += 1
        heapq.heappush(self.heap, (cost, self.count, vertex, step, previous))

    def _far(self, at: Step) -> float:
        """What is left at least."""
        return 0.8 * abs(at[0] - self.goal[0]) + 0.56 * abs(at[1] - self.goal[1])

    def _back(self, previous: tuple | None, came: dict) -> list[Step]:
        path = [self.goal]
        while previous:
            path.append(previous[0])
            previous = came[previous]
        return path[::-1]

    def _begin(self) -> None:
        flow, ports = self.flow, self.router.ports
        source = (2 * flow.src.col + 1, 2 * flow.src.row + 1)
        for step in [DOWN] if flow.aside else [RIGHT, DOWN, UP]:
            if step == DOWN and flow.src.boundary and not flow.aside:
                continue
            price: float = 0 if step == RIGHT else 0.4 if flow.src.gateway or flow.aside else 3.5
            share = _sharing(flow, step)
            price += share * len(ports.get((flow.src, step, "out"), ()))
            price += 6 if ports.get((flow.src, step, "in")) else 0
            self._push(price + self._far(source), source, step, None)

    def _go(self, cost: float, vertex: Step, step: Step, on_way: bool) -> None:
        """One step on from a vertex; then straight on, or a turn."""
        router, flow = self.router, self.flow
        there = (vertex[0] + step[0], vertex[1] + step[1])
        inside = 0 <= there[0] <= 2 * router.cols and 0 <= there[1] <= 2 * router.rows
        if not inside or (there in router.at and there != self.goal):
            return
        others = [f for f in router.used.get((min(vertex, there), max(vertex, there)), ()) if f is not flow]
        strangers = sum(not f.related(flow, there[0]) for f in others)
        if strangers and (vertex[1] if step[0] else vertex[0]) % 2 and (on_way or not flow.aside):
            return  # the middle of a row or column is for one flow, or for related ones
        shared = 0.55 if any(f.dst is flow.dst for f in others) else 1
        cost += (1.0 if step[0] else 0.7) * shared + 0.5 * strangers
        if there == self.goal:
            self._arrive(cost, there, step, vertex)
            return
        for turn in (step, (step[1], step[0]), (-step[1], -step[0])):
            self._push(cost + self._turning(there, step, turn) + self._far(there), there, turn, (vertex, step))

    def _arrive(self, cost: float, there: Step, step: Step, vertex: Step) -> None:
        """From the left is best; not from above over the name of a gateway, nor from below among boundary events."""
        dst = self.flow.dst
        if step == UP and dst.boundary:
            return
        cost += {RIGHT: 0, LEFT: 7}.get(step, 1.6) + 9 * (step == UP and dst.outside and bool(dst.text))
        cost += 6 if self.router.ports.get((dst, (-step[0], -step[1]), "out")) else 0
        self._push(cost, there, step, (vertex, step))

    def _turning(self, there: Step, step: Step, turn: Step) -> float:
        flow = self.flow
        crossing = sum(not f.related(flow, there[0]) for f in self.router.through.get((there, turn[0] == 0), ()))
        if turn == step:
            return 2.2 * crossing
        more = 1.1 + 0.8 * crossing
        on_middle = there[0] % 2 or there[1] % 2
        if on_middle and any(not f.related(flow, there[0]) for f in self.router.bends.get(there, ())):
            more += 6  # two flows that bend on one middle line would look like one
        return more


def _sharing(flow: Flow, step: Step) -> float:
    """What it costs to leave where another flow leaves. Two answers of a gateway on one line are hard to tell apart; with three or more
    a common stem above or below is still better than a way round the gateway."""
    if not (flow.src.gateway and flow.name):
        return 0.3
    return 5 if step == RIGHT or len(flow.src.outs) < 3 else 2.2
