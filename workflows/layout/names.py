"""Places of names: that of an event or gateway where no flow, node or other name is; that of a flow where it covers no node and no other
name, few lines, and stands near no sister flow."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from .model import LINE, NARROW, Box, Flow, Node, meet, text_width, wrap

Place = tuple[float, float, bool]  # left, top, longer than its piece of the flow
Side = tuple[bool, int]  # below?; -1 to the left, 0 centred, 1 to the right
FAR = 9e3
ABOVE: list[Side] = [(False, 0), (False, -1), (False, 1)]
BELOW: list[Side] = [(True, 0), (True, 1), (True, -1)]


class Names:
    """`nodes`: all of one plan; `borders`: of its lanes; `w` and `h`: its size."""

    def __init__(self, nodes: Sequence[Node], flows: Sequence[Flow], borders: list[float], w: float, h: float):
        self.nodes, self.flows = nodes, flows
        self.lines_of = {f: f.lines() for f in flows}
        self.lines: list[Box] = [line for f in flows for line in self.lines_of[f]] + [(0, border, w, 0) for border in borders]
        self.boxes: list[Box] = [n.box() for n in nodes]
        self.boxes += [(-FAR, -FAR, 10 * FAR, FAR), (-FAR, h, 10 * FAR, FAR)]  # not outside the pool

    def place(self) -> None:
        """Gives each event and gateway with a name its label, then each named flow, those with a place of their own first."""
        self._place_nodes([n for n in self.nodes if n.outside and n.text])
        for flow in sorted((f for f in self.flows if f.name), key=lambda f: not f.at_start):
            places = _places(flow)
            _, best = min((self._badness(flow, place, places.index(place)), n) for n, place in enumerate(places))
            flow.label = (*places[best][:2], flow.tw, flow.th)
            self.boxes.append(flow.label)

    def crossed(self) -> list[Node | Flow]:
        """Whose name a line still crosses."""
        owners: list[Node | Flow] = [*self.nodes, *self.flows]
        return [owner for owner in owners if owner.label and any(meet(owner.label, line) for line in self.lines)]

    def _place_nodes(self, named: Sequence[Node]) -> None:
        """Who is free at the first place stays there; the others take the first free one of theirs, or the least covered."""
        around = {n: _around(n) for n in named}
        crossed = {n: self._covered(around[n][0]) > 0 for n in named}
        for node in sorted(named, key=lambda n: crossed[n]):
            node.label = min(around[node], key=self._covered)
            self.boxes.append(node.label)

    def _covered(self, label: Box) -> float:
        """How much a name covers at this place; 0 for a free one."""
        x, y, w, h = label
        inside = (x + 1, y + 1, w - 2, h - 2)
        return 5 * sum(meet(inside, box) for box in self.boxes) + sum(meet(label, line) for line in self.lines)

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


def _around(node: Node) -> list[Box]:
    """Places of the name of an event or gateway, the usual one first; each with lines of the usual length, then with short ones."""
    usual = [(True, 1), (True, -1)] if node.host else [*ABOVE, *BELOW] if node.gateway else [*BELOW, *ABOVE]
    if node.beside:
        usual = [(False, -1), *BELOW, (False, 1), (False, 0)]
    return [_beside(node, side, text) for side in usual for text in (node.text, wrap(node.name, NARROW))]


def _beside(node: Node, side: Side, text: list[str]) -> Box:
    w, h = text_width(text), LINE * len(text)
    below, across = side
    near = 4 if node.host else 8
    x = node.cx + (-w / 2, near, -near - w)[across]
    if below:
        return x, node.cy + node.h / 2 + (1 if node.host else 2 if node.gateway else 4), w, h
    return x, node.cy - node.h / 2 - h - 2 - node.lift, w, h
