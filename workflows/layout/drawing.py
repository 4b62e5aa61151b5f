"""From the grid to coordinates: tracks in the channels, sizes, places of names."""
from .grid import Grid
from .model import BOXES, DOWN, EVENT, GAP_X, GAP_Y, LINE, MARGIN, NOTES, RIGHT, SLOT, TASK_W, TITLE, TRACK, UP, Flow, Node, meet, tag


class Layout(Grid):
    """One process, or the inside of one expanded subprocess."""

    def __init__(self, container, lane_of=None, lanes=("",), compress=18):
        self.lanes, self.nodes, self.flows, self.events = list(lanes), {}, [], []
        for e in container:
            kind = tag(e)
            if not kind.endswith(("ask", "Event", "Gateway", "callActivity")) and kind not in BOXES + NOTES:
                continue
            node = Node(e.get("id"), kind, e.get("name") or "".join(e.xpath("*[local-name()='text']/text()")), e)
            node.lane = (lane_of or {}).get(node.id, 0)
            if kind in BOXES:
                node.inner = Layout(e)
                node.w, node.h = max(node.inner.w + 2 * MARGIN, TASK_W), node.inner.h + MARGIN + TITLE
            if e.get("triggeredByEvent") == "true":
                self.events.append(node)
            else:
                self.nodes[node.id] = node
        for n in self.nodes.values():
            if n.kind == "boundaryEvent":
                n.host = self.nodes[n.element.get("attachedToRef")]
                n.host.boundary.append(n)
                n.host.w = max(n.host.w, SLOT * len(n.host.boundary) + 10)
        self.grid = [n for n in self.nodes.values() if not n.host]
        for e in container:
            if tag(e) in ("sequenceFlow", "association") and {e.get("sourceRef"), e.get("targetRef")} <= set(self.nodes):
                start, dst = self.nodes[e.get("sourceRef")], self.nodes[e.get("targetRef")]
                self.flows.append(Flow(e.get("id"), e.get("name") or "", e, start.host or start, start, dst.host or dst))
        self.drawn = [f for f in self.flows if tag(f.element) == "sequenceFlow"]
        for f in self.drawn:
            f.src.outs.append(f)
            f.dst.ins.append(f)
        self.rank()
        self.columns(False)
        if self.cols > compress and len(self.lanes) > 1:
            self.columns(True)
        plans = []
        for crossing in (0.8, 1.6, 3):                  # three ways to weigh crossings against the rest; the best routes win
            self.place(crossing)
            plans.append((self.route(2), crossing))
        self.place(min(plans)[1])
        self.route(4)
        self.measure()
        self.draw()

    def measure(self):
        lines = {}                                      # (vertical?, channel) -> segments
        for flow in self.drawn:
            steps = flow.steps()
            corners = [flow.path[0]] + [v for v, a, b in zip(flow.path[1:], steps, steps[1:]) if a != b] + [flow.path[-1]]
            flow.segs = []
            for k, (a, b) in enumerate(zip(corners, corners[1:])):
                axis = 0 if a[0] == b[0] else 1         # the coordinate that stays the same
                turn = [0 if k == 0 else corners[k - 1][axis] - a[axis], 0 if k + 2 == len(corners) else corners[k + 2][axis] - b[axis]]
                seg = {"flow": flow, "k": k, "vertical": axis == 0, "line": a[axis], "ends": (a[1 - axis], b[1 - axis]), "turn": turn, "track": 0.5}
                flow.segs.append(seg)
                if seg["line"] % 2 == 0:
                    lines.setdefault((seg["vertical"], seg["line"]), []).append(seg)
        self.tracks = {}
        for key, segs in sorted(lines.items(), key=lambda item: item[0]):
            tracks = self.tracks[key] = []
            for seg in sorted(segs, key=lambda s: sorted(s["ends"])):
                free = next((t for t in tracks if all(max(o["ends"]) < min(seg["ends"]) or min(o["ends"]) > max(seg["ends"])
                                                      or o["flow"].related(seg["flow"]) for o in t)), None)
                free.append(seg) if free else tracks.append([seg])
        for _ in range(3):
            for tracks in self.tracks.values():
                self.sort_tracks(tracks)
        self.name_room()
        self.axes()

    def sort_tracks(self, tracks):
        """Swap neighbours while that takes crossings away."""
        def number():
            for k, track in enumerate(tracks):
                for seg in track:
                    seg["track"] = (k + 1) / (len(tracks) + 1)

        def spot(seg, end):                             # where it ends, with the fraction that its neighbour's track gives
            k = seg["k"] + (1 if end else -1)
            return seg["ends"][end] + (seg["flow"].segs[k]["track"] - 0.5 if 0 <= k < len(seg["flow"].segs) else 0)

        def crossings(first, second):
            total = 0
            for s in first:
                for t in second:
                    if not s["flow"].related(t["flow"]):
                        a, b = (spot(s, 0), spot(s, 1)), (spot(t, 0), spot(t, 1))
                        total += sum(t["turn"][e] < 0 and min(a) < b[e] < max(a) for e in (0, 1))
                        total += sum(s["turn"][e] > 0 and min(b) < a[e] < max(b) for e in (0, 1))
            return total

        number()
        for _ in tracks:
            for k in range(len(tracks) - 1):
                if crossings(tracks[k + 1], tracks[k]) < crossings(tracks[k], tracks[k + 1]):
                    tracks[k], tracks[k + 1] = tracks[k + 1], tracks[k]
        number()

    def name_room(self):
        """Which end of a flow its name stands at, and the room that this takes."""
        self.need, self.extra, leaving, arriving = [], {}, {}, {}
        for f in self.drawn:
            leaving.setdefault((f.start, f.steps()[0]), []).append(f)
            arriving.setdefault((f.dst, f.steps()[-1]), []).append(f)
        for f in self.drawn:
            out, into = f.steps()[0], f.steps()[-1]
            f.at_start = len(leaving[f.start, out]) == 1 and not f.aside
            if not f.name:
                continue
            if f.at_start and out == RIGHT:
                self.need.append((2 * f.src.col + 2, f.src, f.tw + 18))
            elif f.at_start:
                x, up, down = self.extra.get(f.src, (0, 0, 0))
                side = f.src.h / 2 + f.th + 6
                self.extra[f.src] = (max(x, f.tw + 8), max(up, side * (out == UP)), max(down, side * (out == DOWN)))
            elif into == RIGHT and len(arriving[f.dst, into]) == 1:
                self.need.append((2 * f.dst.col, f.dst, f.tw + 22))

    def axes(self):
        size = {n: list(map(max, n.extents(), self.extra.get(n, (0, 0, 0)))) for n in self.grid}
        self.x, self.y, self.lane_y, at = {}, {}, [], 0
        for c in range(self.cols + 1):
            half = {k: max((size[n][0] for n in self.grid if n.col == k), default=0) for k in (c - 1, c)}
            named = [need - half.get(node.col, 0) + node.w / 2 for channel, node, need in self.need if channel == 2 * c]
            room = (len(self.tracks.get((True, 2 * c), ())) + 1) * TRACK
            width = max(room, MARGIN if c in (0, self.cols) else GAP_X, *named, 0)
            self.x[2 * c], self.x[2 * c + 1] = (at, width), (at + width + half[c], 0)
            at += width + 2 * half[c]
        self.w, at = at, 0
        for r in range(self.rows + 1):
            height = max((len(self.tracks.get((False, 2 * r), ())) + 1) * TRACK, GAP_Y) + 10 * ((False, 2 * r) in self.tracks and r == 0)
            if r == self.rows:
                at += height
            if r in self.first_rows or r == self.rows:  # a border between lanes, not too near to the one before
                least = max(LINE * 3, min(9, 0.6 * len(self.lanes[len(self.lane_y) - 1])) * 11) if r else 0
                at = max(at + (12 if 0 < r < self.rows else 0), self.lane_y[-1] + least if r else 0)
                self.lane_y.append(at)
            if r == self.rows:
                self.y[2 * r] = (at - height, height)
                break
            up, down = (max((size[n][k] for n in self.grid if n.row == r), default=0) for k in (1, 2))
            self.y[2 * r], self.y[2 * r + 1] = (at, height), (at + height + up, 0)
            at += height + up + down
        self.h = self.lane_y[-1]

    def draw(self):
        for n in self.grid:
            n.cx, n.cy = self.x[2 * n.col + 1][0], self.y[2 * n.row + 1][0]
            for k, b in enumerate(sorted(n.boundary, key=lambda b: -next((f.dst.row for f in n.outs if f.start is b and f.dst.row >= n.row), 0))):
                b.cx, b.cy = n.cx - n.w / 2 + (k + 0.25) * n.w / len(n.boundary), n.cy + n.h / 2
                b.label = (b.cx + 4, b.cy + EVENT / 2 + 1, b.text_w, LINE * len(b.text)) if b.text else None
            if n.outside and n.text:
                height = LINE * len(n.text)
                busy = n.gateway and (self.ports.get((n, UP, "out")) or self.ports.get((n, UP, "in")))
                n.label = (n.cx - n.text_w - 4 if busy else n.cx - n.text_w / 2,
                           n.cy - n.h / 2 - height - 2 if n.gateway else n.cy + n.h / 2 + 4, n.text_w, height)
        for f in self.flows:
            if f not in self.drawn:                     # an association: straight
                way = 1 if f.dst.cy > f.start.cy else -1
                f.points = [(f.start.cx, f.start.cy + way * f.start.h / 2), (f.dst.cx, f.dst.cy - way * f.dst.h / 2)]
                continue
            values = []
            for seg in f.segs:
                start, room = (self.x if seg["vertical"] else self.y)[seg["line"]]
                values.append(start + room * seg["track"])
            if f.aside:
                values[0] = f.start.cx
            (ax, ay), (bx, by) = f.steps()[0], f.steps()[-1]
            f.points = [(f.start.cx + f.start.w / 2 * ax, f.start.cy + f.start.h / 2 * ay)]
            f.points += [(u, v) if seg["vertical"] else (v, u) for seg, u, v in zip(f.segs, values, values[1:])]
            f.points += [(f.dst.cx - f.dst.w / 2 * bx, f.dst.cy - f.dst.h / 2 * by)]
        self.name_flows()
        x, top, tallest, limit = MARGIN, self.h + MARGIN, 0, max(self.w, 1100)
        for n in self.events:                           # event subprocesses: a strip below the lanes
            if x > MARGIN and x + n.w > limit:
                x, top, tallest = MARGIN, top + tallest + MARGIN, 0
            n.cx, n.cy = x + n.w / 2, top + n.h / 2
            x, tallest = x + n.w + MARGIN, max(tallest, n.h)
            self.w = max(self.w, x)
            self.h = top + tallest + MARGIN

    def name_flows(self):
        """Each name where it covers no node and no other name, few lines, and stands near no sister flow."""
        boxes = [n.box() for n in self.nodes.values()] + [n.label for n in self.nodes.values() if n.label]
        for f in self.drawn:
            f.lines = [(min(a[0], b[0]), min(a[1], b[1]), abs(a[0] - b[0]), abs(a[1] - b[1])) for a, b in zip(f.points, f.points[1:])]
        lines = [line for f in self.drawn for line in f.lines] + [(0, border, self.w, 0) for border in self.lane_y]
        boxes += [(-9e3, -9e3, 9e4, 9e3), (-9e3, self.h, 9e4, 9e3)]   # not outside the pool
        for f in sorted((f for f in self.drawn if f.name), key=lambda f: not f.at_start):
            places = []                                 # (x, y, longer than its segment)
            for k, (a, b) in enumerate(zip(f.points, f.points[1:])):
                axis = 0 if a[1] == b[1] else 1
                near, away, size = (10, 4)[axis] if k == 0 else 4, 14 if k == len(f.points) - 2 else 4, (f.tw, f.th)[axis]
                ahead = b[axis] > a[axis]
                along = (a[axis] + near if ahead else a[axis] - near - size, (a[axis] + b[axis] - size) / 2,
                         b[axis] - away - size if ahead else b[axis] + away)
                short = abs(a[axis] - b[axis]) < size
                places += [(p, q, short) for p in along for q in (a[1] - f.th - 3, a[1] + 3)] if axis == 0 else \
                    [(q, p, short) for p in along for q in (a[0] + 6, a[0] - 6 - f.tw)]

            def badness(place):
                box = (place[0] + 1, place[1] + 1, f.tw - 2, f.th - 2)
                around = (place[0] - 8, place[1] - 6, f.tw + 16, f.th + 12)
                sisters = sum(any(meet(around, line) for line in g.lines) for g in self.drawn if g is not f and g.start is f.start)
                return (50 * sum(meet(box, other) for other in boxes) + 12 * sum(meet(box, line) for line in lines) + 3 * place[2]
                        + 10 * sisters + 1.5 * places.index(place))

            x, y, _ = min(places, key=badness)
            f.label = (x, y, f.tw, f.th)
            boxes.append(f.label)
