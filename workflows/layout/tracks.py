"""Tracks: every channel between rows or columns gets as many parallel ones as its flows need, ordered against crossings."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from .model import Flow, Segment

Channel = tuple[bool, int]  # vertical?, line of the grid
Tracks = dict[Channel, list[list[Segment]]]


def lay(flows: Iterable[Flow]) -> Tracks:
    """Cuts the flows into segments, and gives each segment of a channel its track."""
    channels: dict[Channel, list[Segment]] = {}
    for flow in flows:
        flow.segs = _segments(flow)
        for seg in flow.segs:
            if seg.line % 2 == 0:
                channels.setdefault((seg.vertical, seg.line), []).append(seg)
    tracks: Tracks = {}
    for channel, segs in sorted(channels.items(), key=lambda item: item[0]):
        tracks[channel] = _shared(segs)
    for _ in range(3):
        for channel_tracks in tracks.values():
            _sort(channel_tracks)
    return tracks


def _segments(flow: Flow) -> list[Segment]:
    steps = flow.steps()
    bends = [v for v, a, b in zip(flow.path[1:], steps, steps[1:], strict=False) if a != b]
    corners = [flow.path[0], *bends, flow.path[-1]]
    found = []
    for k, (a, b) in enumerate(pairwise(corners)):
        axis = 0 if a[0] == b[0] else 1  # the coordinate that stays the same
        before = 0 if k == 0 else corners[k - 1][axis] - a[axis]
        after = 0 if k + 2 == len(corners) else corners[k + 2][axis] - b[axis]
        found.append(Segment(flow, k, axis == 0, a[axis], (a[1 - axis], b[1 - axis]), (before, after)))
    return found


def _shared(segs: list[Segment]) -> list[list[Segment]]:
    """As few tracks as will do: segments that do not overlap, or are related, share one."""
    tracks: list[list[Segment]] = []
    for seg in sorted(segs, key=lambda s: sorted(s.ends)):
        free = next((track for track in tracks if all(_fit(seg, other) for other in track)), None)
        if free is None:
            tracks.append([seg])
        else:
            free.append(seg)
    return tracks


def _fit(seg: Segment, other: Segment) -> bool:
    return max(other.ends) < min(seg.ends) or min(other.ends) > max(seg.ends) or other.flow.runs_with(seg.flow)


def _sort(tracks: list[list[Segment]]) -> None:
    """Swaps neighbours while that takes crossings away."""
    _number(tracks)
    for _ in tracks:
        for k in range(len(tracks) - 1):
            if _crossings(tracks[k + 1], tracks[k]) < _crossings(tracks[k], tracks[k + 1]):
                tracks[k], tracks[k + 1] = tracks[k + 1], tracks[k]
    _number(tracks)


def _number(tracks: list[list[Segment]]) -> None:
    for k, track in enumerate(tracks):
        for seg in track:
            seg.track = (k + 1) / (len(tracks) + 1)


def _spot(seg: Segment, end: int) -> float:
    """Where it ends, with the fraction that its neighbour's track gives."""
    k = seg.k + (1 if end else -1)
    return seg.ends[end] + (seg.flow.segs[k].track - 0.5 if 0 <= k < len(seg.flow.segs) else 0)


def _crossings(first: list[Segment], second: list[Segment]) -> int:
    """How often the flows cross with `first` before `second`."""
    total = 0
    for s in first:
        for t in second:
            if s.flow.related(t.flow):
                continue
            a, b = (_spot(s, 0), _spot(s, 1)), (_spot(t, 0), _spot(t, 1))
            total += sum(t.turn[e] < 0 and min(a) < b[e] < max(a) for e in (0, 1))
            total += sum(s.turn[e] > 0 and min(b) < a[e] < max(b) for e in (0, 1))
    return total
