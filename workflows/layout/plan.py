"""The plan of one process, or of the inside of an expanded subprocess: from its elements to coordinates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..xmlfile import local_name
from . import columns
from .axes import Axes, measure
from .model import BOXES, GAP_X, GATEWAY, MARGIN, NOTES, SLOT, TASK_H, TASK_W, TITLE, UP, WIDER, Flow, Node, wrap
from .names import Names
from .routes import Router
from .rows import Rows
from .tracks import Tracks, lay

CROSSINGS = (0.8, 1.6, 3)  # ways to weigh crossings against the rest; the cheapest routes win


class Plan:
    """`nodes` by id and `flows` with their places, `events` (event subprocesses) in a strip below; `w`, `h` and the tops of the lanes."""

    def __init__(self, container: Any, lane_of: Mapping[str, int] | None = None, lanes: Sequence[str] = ("",), compress: int = 18):
        self.lanes = list(lanes)
        self.nodes: dict[str, Node] = {}
        self.events: list[Node] = []
        self._read_nodes(container, lane_of or {})
        self.grid = [n for n in self.nodes.values() if not n.host]
        self.flows = self._read_flows(container)
        self.drawn = [f for f in self.flows if local_name(f.element) == "sequenceFlow"]
        for flow in self.drawn:
            flow.src.outs.append(flow)
            flow.dst.ins.append(flow)
        self._lay_out(compress)

    # reading
    def _read_nodes(self, container: Any, lane_of: Mapping[str, int]) -> None:
        for element in container:
            kind = local_name(element)
            if not kind.endswith(("ask", "Event", "Gateway", "callActivity")) and kind not in BOXES + NOTES:
                continue
            text = "".join(element.xpath("*[local-name()='text']/text()"))
            node = Node(element.get("id"), kind, element.get("name") or text, element)
            node.lane = lane_of.get(node.id, 0)
            if kind in BOXES:
                node.inner = Plan(element)
                node.w, node.h = max(node.inner.w + 2 * MARGIN, TASK_W), node.inner.h + MARGIN + TITLE
            if element.get("triggeredByEvent") == "true":
                self.events.append(node)
            else:
                self.nodes[node.id] = node
        for node in self.nodes.values():
            if node.kind == "boundaryEvent":
                node.host = self.nodes[node.element.get("attachedToRef")]
                node.host.boundary.append(node)
                long = WIDER if len(wrap(node.host.name, 17)) > 2 and not node.host.inner else 0  # else events would cover the third line
                node.host.w = max(node.host.w, TASK_W + long, SLOT * len(node.host.boundary) + 10)

    def _read_flows(self, container: Any) -> list[Flow]:
        found = []
        for element in container:
            ends = (element.get("sourceRef"), element.get("targetRef"))
            if local_name(element) in ("sequenceFlow", "association") and {*ends} <= set(self.nodes):
                start, dst = (self.nodes[end] for end in ends)
                found.append(Flow(element.get("id"), element.get("name") or "", element, start.host or start, start, dst.host or dst))
        return found

    # laying out
    def _lay_out(self, compress: int) -> None:
        walk, topological = columns.order(self.grid)
        self.cols = columns.assign(topological, self.flows, stack=False)
        if self.cols > compress and len(self.lanes) > 1:
            self.cols = columns.assign(topological, self.flows, stack=True)
        tried = [(self._route(walk, crossing, 2)[0], crossing) for crossing in CROSSINGS]
        _, router = self._route(walk, min(tried)[1], 4)
        self._raise_names(router)
        tracks = lay(self.drawn)
        for owner in self._place(tracks):
            owner.crowded = True
        self._place(tracks)
        self._put_events()

    def _place(self, tracks: Tracks) -> list[Node | Flow]:
        """Coordinates of everything but event subprocesses; whose name is crossed comes back."""
        axes = measure(self.grid, self.drawn, tracks, self.cols, self.rows, self.first_rows, self.lanes)
        self.lane_y = axes.borders
        for node in self.grid:
            self._put_node(node, axes)
        for flow in self.flows:
            if flow in self.drawn:
                self._put_flow(flow, axes)
            else:
                _put_association(flow)
        self.w, self.h = axes.w, axes.h
        names = Names(list(self.nodes.values()), self.drawn, self.lane_y, self.w, self.h)
        names.place()
        return names.crossed()

    def _route(self, walk: list[Node], crossing: float, turns: int) -> tuple[float, Router]:
        self.rows, self.first_rows = Rows(walk, self.flows, len(self.lanes), crossing).place()
        router = Router(self.grid, self.drawn, self.cols, self.rows)
        return router.route(turns), router

    def _raise_names(self, router: Router) -> None:
        """The name of a gateway that a flow leaves or enters above stands to the left, and above a neighbour that it would cover."""
        tall = {(n.col, n.row) for n in self.grid if n.h > GATEWAY}
        for node in self.grid:
            node.beside = bool(node.gateway and (router.ports.get((node, UP, "out")) or router.ports.get((node, UP, "in"))))
            covers = node.text_w + 8 > node.w / 2 + GAP_X
            node.lift = (TASK_H - node.h) / 2 if node.beside and covers and (node.col - 1, node.row) in tall else 0

    # coordinates
    def _put_node(self, node: Node, axes: Axes) -> None:
        node.cx, node.cy = axes.x[2 * node.col + 1][0], axes.y[2 * node.row + 1][0]
        for k, event in enumerate(sorted(node.boundary, key=lambda b: _depth(node, b))):
            event.cx = node.cx - node.w / 2 + (k + 0.25) * node.w / len(node.boundary)
            event.cy = node.cy + node.h / 2

    def _put_flow(self, flow: Flow, axes: Axes) -> None:
        values = []
        for seg in flow.segs:
            begin, room = (axes.x if seg.vertical else axes.y)[seg.line]
            values.append(begin + room * seg.track)
        if flow.aside:
            values[0] = flow.start.cx
        (ax, ay), (bx, by) = flow.steps()[0], flow.steps()[-1]
        start, dst = flow.start, flow.dst
        flow.points = [(start.cx + start.w / 2 * ax, start.cy + start.h / 2 * ay)]
        for seg, u, v in zip(flow.segs, values, values[1:], strict=False):
            flow.points.append((u, v) if seg.vertical else (v, u))
        flow.points.append((dst.cx - dst.w / 2 * bx, dst.cy - dst.h / 2 * by))

    def _put_events(self) -> None:
        """Event subprocesses: a strip below the lanes."""
        x, top, tallest, limit = float(MARGIN), self.h + MARGIN, 0.0, max(self.w, 1100)
        for node in self.events:
            if x > MARGIN and x + node.w > limit:
                x, top, tallest = MARGIN, top + tallest + MARGIN, 0
            node.cx, node.cy = x + node.w / 2, top + node.h / 2
            x, tallest = x + node.w + MARGIN, max(tallest, node.h)
            self.w = max(self.w, x)
            self.h = top + tallest + MARGIN


def _depth(node: Node, event: Node) -> int:
    """Boundary events whose flows lead furthest down come first, so that their flows nest."""
    return -next((f.dst.row for f in node.outs if f.start is event and f.dst.row >= node.row), 0)


def _put_association(flow: Flow) -> None:
    """Straight between a note and what it is about."""
    way = 1 if flow.dst.cy > flow.start.cy else -1
    flow.points = [(flow.start.cx, flow.start.cy + way * flow.start.h / 2), (flow.dst.cx, flow.dst.cy - way * flow.dst.h / 2)]
