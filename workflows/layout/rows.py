"""Rows inside the lanes: first that of the predecessor, then nodes and whole chains move while an estimate gets better."""

from __future__ import annotations

from collections.abc import Sequence

from .model import Flow, Node

Cell = tuple[int, int, int]  # lane, column, row of the lane
ROUNDS = 8


class Rows:
    """One placement. `crossing` is the weight of crossings against bends, distance and rows.

    `walk`: nodes as they are come to; `lanes`: how many. After `place`, rows are those of the whole grid."""

    def __init__(self, walk: Sequence[Node], flows: Sequence[Flow], lanes: int, crossing: float):
        self.walk, self.lanes, self.crossing = walk, lanes, crossing
        self.nodes = list(walk)
        self.flows = [f for f in flows if f.src is not f.dst]
        self.cell: dict[Cell, Node] = {}
        self.weight = {f: self._weight(f) for f in self.flows}
        self.spine = self._spine()
        ahead = [f for f in self.flows if not f.back]
        self.rivals = {f: [g for g in ahead if _share_columns(f, g)] for f in ahead}

    def place(self) -> tuple[int, list[int]]:
        """(number of rows, the first row of each lane)."""
        self._first_rows()
        for _ in range(ROUNDS):
            moved = sum(self._improve(node) for node in self.walk)
            if not moved:
                break
        return self._globalise()

    # what counts
    @staticmethod
    def _weight(flow: Flow) -> float:
        if flow.back:
            return 0.4
        main_out, main_in = flow.src.outs[:1] == [flow], flow.dst.ins[:1] == [flow]
        return 1 + main_out * (1 + main_in)

    def _spine(self) -> set[Flow]:
        """The first flow out of each node: the main path, straight if it can be."""
        found: set[Flow] = set()
        node = self.walk[0] if self.walk else None
        while node and node.outs and not node.outs[0].back:
            found.add(node.outs[0])
            node = node.outs[0].dst
        return found

    def _y(self, node: Node) -> int:
        return self.base[node.lane] + node.row

    def _between(self, flow: Flow) -> int:
        """Nodes in the way of a straight flow."""
        src, dst = flow.src, flow.dst
        if _level(flow):
            return sum((src.lane, c, src.row) in self.cell for c in range(*sorted((src.col, dst.col)))) - 1
        if src.col == dst.col:
            low, high = sorted((self._y(src), self._y(dst)))
            return sum(c == src.col and low < self.base[lane] + r < high for lane, c, r in self.cell)
        return 0

    def _price(self, flow: Flow) -> float:
        a, b = self._y(flow.src), self._y(flow.dst)
        if _level(flow):
            return self.weight[flow] * (4 * flow.aside + 2.5 * self._between(flow)) + flow.back
        bent = 4 * (flow in self.spine and flow.src.lane == flow.dst.lane)
        upward = 1.5 * (flow.aside and b < a)
        return self.weight[flow] * (1.5 + 0.25 * abs(a - b) + upward) + 2 * self._between(flow) + bent

    def _crossed(self, flow: Flow) -> int:
        a, b = self._y(flow.src), self._y(flow.dst)
        return sum((a - self._y(g.src)) * (b - self._y(g.dst)) < 0 for g in self.rivals.get(flow, ()))

    def _local(self, nodes: dict[Node, int], lane: int) -> float:
        """The estimate, as far as these nodes of a lane matter to it."""
        mine = [f for f in self.flows if f.src in nodes or f.dst in nodes]
        passed = set(mine)
        others = (f for f in self.flows if f.src.lane == lane and f not in passed and _level(f))
        rows = len({r for at, _, r in self.cell if at == lane})
        crossings = self.crossing * sum(map(self._crossed, mine))
        return sum(map(self._price, mine)) + crossings + 2.5 * sum(self.weight[f] * self._between(f) for f in others) + 1.2 * rows

    # moves
    def _first_rows(self) -> None:
        placed: set[Node] = set()
        rows = [1] * self.lanes
        for node in self.walk:
            near = next((f for f in node.ins if not f.back and f.src.lane == node.lane and f.src in placed), None)
            wish = near.src.row + near.aside if near else 0
            taken = {r for lane, c, r in self.cell if (lane, c) == (node.lane, node.col)}
            free = set(range(len(self.nodes) + 2)) - taken
            node.row = min((abs(row - wish), -row, row) for row in free)[2]
            self.cell[node.lane, node.col, node.row] = node
            placed.add(node)
            rows[node.lane] = max(rows[node.lane], node.row + 1)
        self.base = [sum(rows[:lane]) + 2 * lane for lane in range(len(rows))]

    def _improve(self, node: Node) -> bool:
        """Tries every row for the node, and for the chain that it begins."""
        moved, chain = False, self._chain(node)
        for nodes in ([node], chain) if len(chain) > 1 else ([node],):
            for row in range(max(r for lane, _, r in self.cell if lane == node.lane) + 2):
                if row != node.row and self._move(nodes, row - node.row):
                    moved = True
        return moved

    def _chain(self, node: Node) -> list[Node]:
        """The nodes straight ahead on the same row."""
        chain = [node]
        while following := next((f.dst for f in chain[-1].outs if _level(f) and f.dst.col > chain[-1].col), None):
            chain.append(following)
        return chain

    def _move(self, nodes: list[Node], shift: int) -> bool:
        """Moves nodes to other rows, what is there to theirs; back again unless that is better."""
        was = {n: n.row for n in nodes}
        for other in [self.cell.get((n.lane, n.col, n.row + shift)) for n in nodes]:
            if other and other not in was:
                was[other] = other.row
        lane, moving = nodes[0].lane, set(nodes)
        before = self._local(was, lane)
        self._put({n: row + shift if n in moving else row - shift for n, row in was.items()})
        if self._local(was, lane) < before - 1e-9:
            return True
        self._put(was)
        return False

    def _put(self, rows: dict[Node, int]) -> None:
        for node in rows:
            del self.cell[node.lane, node.col, node.row]
        for node, row in rows.items():
            node.row = row
            self.cell[node.lane, node.col, row] = node

    def _globalise(self) -> tuple[int, list[int]]:
        """Empty rows vanish; rows of the lanes become rows of the whole grid."""
        total, first = 0, []
        for lane in range(self.lanes):
            mine = [n for n in self.nodes if n.lane == lane]
            used = sorted({n.row for n in mine}) or [0]
            first.append(total)
            for node in mine:
                node.row = total + used.index(node.row)
            total += len(used)
        return total, first


def _level(flow: Flow) -> bool:
    return flow.src.lane == flow.dst.lane and flow.src.row == flow.dst.row


def _share_columns(f: Flow, g: Flow) -> bool:
    """Do two flows of different nodes share a stretch of columns?"""
    if g.src is f.src or g.dst is f.dst:
        return False
    return max(f.src.col, g.src.col) < min(f.dst.col, g.dst.col)
