"""Places of the names of flows: where each covers no node and no other name, few lines, and stands near no sister flow."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .model import Box, Flow, Node, meet

Place = tuple[float, float, bool]  # left, top, longer than its piece of the flow
FAR = 9e3


class Names:
    """`nodes`: all of one plan; `borders`: of its lanes; `w` and `h`: its size."""

    def __init__(self, nodes: Sequence[Node], flows: Sequence[Flow], borders: list[float], w: float, h: float):
        self.flows = flows
        self.lines_of = {f: f.lines() for f in flows}
        self.lines: list[Box] = [line for f in flows for line in self.lines_of[f]] + [(0, border, w, 0) for border in borders]
        self.boxes: list[Box] = [n.box() for n in nodes] + [n.label for n in nodes if n.label]
        self.boxes += [(-FAR, -FAR, 10 * FAR, FAR), (-FAR, h, 10 * FAR, FAR)]  # not outside the pool

    def place(self) -> None:
        """Gives each named flow its label, those with a place of their own first."""
        for flow in sorted((f for f in self.flows if f.name), key=lambda f: not f.at_start):
            places = _places(flow)
            _, best = min((self._badness(flow, place, places.index(place)), n) for n, place in enumerate(places))
            flow.label = (*places[best][:2], flow.tw, flow.th)
            self.boxes.append(flow.label)

    def _badness(self, flow: Flow, place: Place, rank: int) -> float:
        x, y, short = place
        box = (x + 1, y + 1, flow.tw - 2, flow.th - 2)
        around = (x - 8, y - 6, flow.tw + 16, flow.th + 12)
        siblings = (g for g in self.flows if g is not flow and g.start is flow.start)
        sisters = sum(any(meet(around, line) for line in self.lines_of[g]) for g in siblings)
        covered = 50 * sum(meet(box, other) for other in self.boxes) + 12 * sum(meet(box, line) for line in self.lines)
        return covered + 3 * short + 30 * sisters + 1.5 * rank


def _places(flow: Flow) -> list[Place]:
    """Beside each piece: at its start, in its middle, at its end; above and below, or right and left."""
    found: list[Place] = []
    last = len(flow.points) - 2
    for k, (a, b) in enumerate(pairwise(flow.points)):
        axis = 0 if a[1] == b[1] else 1
        near, away = (10, 4)[axis] if k == 0 else 12, 14 if k == last else 4
        size = (flow.tw, flow.th)[axis]
        ahead = b[axis] > a[axis]
        begin = a[axis] + near if ahead else a[axis] - near - size
        end = b[axis] - away - size if ahead else b[axis] + away
        along = (begin, (a[axis] + b[axis] - size) / 2, end)
        short = abs(a[axis] - b[axis]) < size
        if axis == 0:
            found += [(p, q, short) for p in along for q in (a[1] - flow.th - 3, a[1] + 3)]
        else:
            found += [(q, p, short) for p in along for q in (a[0] + 6, a[0] - 6 - flow.tw)]
    return found
