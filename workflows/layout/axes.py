"""From the grid to lengths: where each column, row, channel and lane border lies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .model import DOWN, GAP_X, GAP_Y, LINE, MARGIN, RIGHT, TRACK, UP, Flow, Node, Step
from .tracks import Tracks

Band = tuple[float, float]  # where a line of the grid begins, and how wide it is


@dataclass
class Room:
    """What the names of flows need: in channels, and around nodes."""

    channels: list[tuple[int, Node, float]] = field(default_factory=list)
    kept: list[tuple[int, Node, float]] = field(default_factory=list)  # channels that no other flow may run through so near to a node
    nodes: dict[Node, tuple[float, float, float]] = field(default_factory=dict)


@dataclass
class Axes:
    """`x` and `y`: line of the grid -> band. `borders`: tops of the lanes, and the bottom."""

    x: dict[int, Band]
    y: dict[int, Band]
    borders: list[float]
    w: float
    h: float


def measure(
    nodes: Sequence[Node], flows: Sequence[Flow], tracks: Tracks, cols: int, rows: int, first_rows: list[int], lanes: Sequence[str]
) -> Axes:
    """Widths and heights that follow from nodes, tracks and names."""
    room = _room(flows)
    size = {n: tuple(map(max, n.extents(), room.nodes.get(n, (0, 0, 0)))) for n in nodes}
    x, width = _across(nodes, size, tracks, room, cols)
    y, borders = _down(nodes, size, tracks, rows, first_rows, lanes)
    return Axes(x, y, borders, width, borders[-1])


def _room(flows: Sequence[Flow]) -> Room:
    """Which end of a flow its name stands at, and the room that this takes."""
    room = Room()
    leaving: dict[tuple[Node, Step], int] = {}
    arriving: dict[tuple[Node, Step], int] = {}
    for flow in flows:
        begins, ends = (flow.start, flow.steps()[0]), (flow.dst, flow.steps()[-1])
        leaving[begins] = leaving.get(begins, 0) + 1
        arriving[ends] = arriving.get(ends, 0) + 1
    for flow in flows:
        out, into = flow.steps()[0], flow.steps()[-1]
        flow.at_start = leaving[flow.start, out] == 1 and not flow.aside
        if not flow.name:
            continue
        if flow.at_start and out == RIGHT:
            (room.kept if flow.crowded else room.channels).append((2 * flow.src.col + 2, flow.src, flow.tw + 18))
        elif flow.at_start:
            x, up, down = room.nodes.get(flow.src, (0, 0, 0))
            side = flow.src.h / 2 + flow.th + 6
            room.nodes[flow.src] = (max(x, flow.tw + 8), max(up, side * (out == UP)), max(down, side * (out == DOWN)))
        elif into == RIGHT and arriving[flow.dst, into] == 1:
            room.channels.append((2 * flow.dst.col, flow.dst, flow.tw + 22))
    return room


def _across(nodes: Sequence[Node], size: dict, tracks: Tracks, room: Room, cols: int) -> tuple[dict[int, Band], float]:
    x: dict[int, Band] = {}
    at: float = 0
    for c in range(cols + 1):
        half = {k: max((size[n][0] for n in nodes if n.col == k), default=0) for k in (c - 1, c)}
        named, kept = (
            max((need - half.get(node.col, 0) + node.w / 2 for channel, node, need in needs if channel == 2 * c), default=0)
            for needs in (room.channels, room.kept)
        )
        parallel = (len(tracks.get((True, 2 * c), ())) + 1) * TRACK
        width = max(kept + parallel, MARGIN if c in (0, cols) else GAP_X, named)
        x[2 * c], x[2 * c + 1] = (at + kept, width - kept), (at + width + half[c], 0)
        at += width + 2 * half[c]
    return x, at


def _down(
    nodes: Sequence[Node], size: dict, tracks: Tracks, rows: int, first_rows: list[int], lanes: Sequence[str]
) -> tuple[dict[int, Band], list[float]]:
    y: dict[int, Band] = {}
    borders: list[float] = []
    at: float = 0
    for r in range(rows + 1):
        height = max((len(tracks.get((False, 2 * r), ())) + 1) * TRACK, GAP_Y) + 10 * ((False, 2 * r) in tracks and r == 0)
        if r == rows:
            at += height
        if r in first_rows or r == rows:  # a border between lanes, not too near to the one before
            least = max(LINE * 3, min(9, 0.6 * len(lanes[len(borders) - 1])) * 11) if r else 0
            at = max(at + (12 if 0 < r < rows else 0), borders[-1] + least if r else 0)
            borders.append(at)
        if r == rows:
            y[2 * r] = (at - height, height)
            break
        up, down = (max((size[n][k] for n in nodes if n.row == r), default=0) for k in (1, 2))
        y[2 * r], y[2 * r + 1] = (at, height), (at + height + up, 0)
        at += height + up + down
    return y, borders
