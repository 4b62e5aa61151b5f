"""Where nodes go in a grid, and which way flows run through it."""
import heapq
import sys

from .model import DOWN, LEFT, NOTES, RIGHT, UP


class Grid:
    """Columns by longest path (back edges left out), rows inside the lanes, routes by Dijkstra's algorithm (A*).

    Uses self.grid (nodes), self.flows, self.drawn (sequence flows) and self.lanes; sets col and row of nodes and path of flows."""

    # columns
    def rank(self):
        state, done, self.walk = {}, [], []

        def visit(node):
            state[node] = "open"
            self.walk.append(node)
            for flow in sorted(node.outs, key=lambda f: f.aside):
                if state.get(flow.dst) == "open":
                    flow.back = True
                elif flow.dst not in state:
                    visit(flow.dst)
            state[node] = "done"
            done.append(node)

        sys.setrecursionlimit(10000)
        for node in sorted(self.grid, key=lambda n: (n.kind != "startEvent", bool(n.ins))):
            if node not in state:
                visit(node)
        self.order = done[::-1]

    def columns(self, stack):
        """Longest path. With stack, a lone flow into another lane goes straight up or down: both ends share the column."""
        stacked, taken = set(), set()
        for node in self.order:
            ins = [f for f in node.ins if not f.back]
            node.col = max((f.src.col + 1 for f in ins), default=0)
            if stack and len(ins) == 1 and node.kind != "endEvent" and not ins[0].aside:
                src = ins[0].src
                way = (src, node.lane > src.lane)
                if node.lane != src.lane and src not in stacked and way not in taken and not (src.boundary and way[1]):
                    node.col = src.col
                    stacked.add(node)
                    taken.add(way)
        for node in reversed(self.order):               # what nothing leads to moves towards what it leads to
            outs = [f.dst.col for f in node.outs if not f.back]
            if outs and not any(not f.back for f in node.ins):
                node.col = max(node.col, min(outs) - 1)
        for f in self.flows:                            # a note stands over or under what it is about
            note, about = (f.src, f.dst) if f.src.kind in NOTES else (f.dst, f.src)
            if note.kind in NOTES:
                note.col, note.lane = about.col, about.lane
        self.cols = max((n.col for n in self.grid), default=0) + 1

    # rows
    def place(self, crossing):
        """First the row of the predecessor, main path first; then move nodes and chains while the estimate gets better."""
        cell, placed, rows = {}, set(), [1] * len(self.lanes)
        for node in self.walk:
            near = next((f for f in node.ins if not f.back and f.src.lane == node.lane and f.src in placed), None)
            wish = near.src.row + near.aside if near else 0
            taken = {r for lane, c, r in cell if (lane, c) == (node.lane, node.col)}
            node.row = min(set(range(len(self.grid) + 2)) - taken, key=lambda r: (abs(r - wish), -r))
            cell[node.lane, node.col, node.row] = node
            placed.add(node)
            rows[node.lane] = max(rows[node.lane], node.row + 1)
        base = [sum(rows[:lane]) + 2 * lane for lane in range(len(rows))]
        flows = [f for f in self.flows if f.src is not f.dst]
        weight = {f: (0.4 if f.back else 1 + (f.src.outs[:1] == [f]) * (1 + (f.dst.ins[:1] == [f]))) for f in flows}
        node, spine = self.walk[0] if self.walk else None, []
        while node and node.outs and not node.outs[0].back:
            spine.append(node.outs[0])                  # the first flow out of each node: the main path, straight if it can be
            node = node.outs[0].dst

        ahead = [f for f in flows if not f.back]
        rivals = {f: [g for g in ahead if g.src is not f.src and g.dst is not f.dst and max(f.src.col, g.src.col) < min(f.dst.col, g.dst.col)]
                  for f in ahead}                       # flows that share a stretch of columns

        def y(node):
            return base[node.lane] + node.row

        def level(f):
            return f.src.lane == f.dst.lane and f.src.row == f.dst.row

        def between(f):                                 # nodes in the way of a straight flow
            if level(f):
                return sum((f.src.lane, c, f.src.row) in cell for c in range(*sorted((f.src.col, f.dst.col)))) - 1
            if f.src.col == f.dst.col:
                lo, hi = sorted((y(f.src), y(f.dst)))
                return sum(c == f.src.col and lo < base[lane] + r < hi for lane, c, r in cell)
            return 0

        def price(f):
            a, b = y(f.src), y(f.dst)
            if level(f):
                return weight[f] * (4 * f.aside + 2.5 * between(f)) + f.back
            bent = 4 * (f in spine and f.src.lane == f.dst.lane)
            return weight[f] * (1.5 + 0.25 * abs(a - b) + 1.5 * (f.aside and b < a)) + 2 * between(f) + bent

        def crossed(f, ys):
            a, b = ys[f.src], ys[f.dst]
            return sum((a - ys[g.src]) * (b - ys[g.dst]) < 0 for g in rivals.get(f, ()))

        def local(nodes, lane):
            mine = [f for f in flows if f.src in nodes or f.dst in nodes]
            ys = {n: y(n) for n in self.grid}
            return (sum(map(price, mine)) + crossing * sum(crossed(f, ys) for f in mine)
                    + 2.5 * sum(weight[f] * between(f) for f in flows if f.src.lane == lane and f not in mine and level(f))
                    + 1.2 * len({r for at, _, r in cell if at == lane}))

        def put(rows_of):
            for n in rows_of:
                del cell[n.lane, n.col, n.row]
            for n, row in rows_of.items():
                n.row = row
                cell[n.lane, n.col, row] = n

        for _ in range(8):
            moved = False
            for node in self.walk:
                chain = [node]
                while nxt := next((f.dst for f in chain[-1].outs if level(f) and f.dst.col > chain[-1].col), None):
                    chain.append(nxt)
                for nodes in ([node], chain)[:1 + (len(chain) > 1)]:
                    for row in range(max(r for lane, _, r in cell if lane == node.lane) + 2):
                        shift, was = row - node.row, {}
                        if not shift:
                            continue
                        for n in nodes:
                            was[n] = n.row
                        others = [cell.get((n.lane, n.col, n.row + shift)) for n in nodes]
                        was.update({o: o.row for o in others if o and o not in nodes})
                        before = local(was, node.lane)
                        put({n: r + shift if n in nodes else r - shift for n, r in was.items()})
                        if local(was, node.lane) < before - 1e-9:
                            moved = True
                        else:
                            put(was)
            if not moved:
                break
        self.rows, self.first_rows = 0, []              # empty rows vanish; rows become global
        for lane in range(len(self.lanes)):
            mine = [n for n in self.grid if n.lane == lane]
            used = sorted({n.row for n in mine}) or [0]
            self.first_rows.append(self.rows)
            for n in mine:
                n.row = self.rows + used.index(n.row)
            self.rows += len(used)

    # routes
    def route(self, turns):
        """Vertices (i, j): even i is the channel left of column i/2, odd i the middle of a column; the same for j and rows."""
        self.at = {(2 * n.col + 1, 2 * n.row + 1): n for n in self.grid}
        self.used, self.through, self.bends, self.ports = {}, {}, {}, {}
        order = sorted(self.drawn, key=lambda f: (f.back, f.src.row != f.dst.row, abs(f.src.col - f.dst.col) + abs(f.src.row - f.dst.row)))
        for turn in range(turns):
            price = 0
            for flow in order:
                if turn:
                    self.mark(flow, -1)
                cost, flow.path = self.search(flow)
                self.mark(flow, 1)
                price += cost
        return price

    def mark(self, flow, sign):
        steps, path = flow.steps(), flow.path
        keys = [(self.used, (min(a, b), max(a, b))) for a, b in list(zip(path, path[1:]))[flow.aside:]]
        for vertex, before, after in zip(path[1:], steps, steps[1:]):
            keys += [(self.through, (vertex, axis)) for axis in {before[0] != 0, after[0] != 0}]
            keys += [(self.bends, vertex)] if before != after else []
        keys.append((self.ports, (flow.dst, (-steps[-1][0], -steps[-1][1]), "in")))
        keys += [] if flow.aside else [(self.ports, (flow.src, steps[0], "out"))]
        for table, key in keys:
            there = table.setdefault(key, [])
            there.append(flow) if sign > 0 else there.remove(flow)

    def search(self, flow):
        goal, source = (2 * flow.dst.col + 1, 2 * flow.dst.row + 1), (2 * flow.src.col + 1, 2 * flow.src.row + 1)
        heap, came, count = [], {}, 0

        def far(at):                                    # what is left at least
            return 0.8 * abs(at[0] - goal[0]) + 0.56 * abs(at[1] - goal[1])

        for step in [DOWN] if flow.aside else [RIGHT, DOWN, UP]:
            if step == DOWN and flow.src.boundary and not flow.aside:
                continue
            price = 0 if step == RIGHT else 0.4 if flow.src.gateway or flow.aside else 3.5
            price += (1.5 if flow.src.gateway else 0.3) * len(self.ports.get((flow.src, step, "out"), ()))
            price += 6 if self.ports.get((flow.src, step, "in")) else 0
            heapq.heappush(heap, (price + far(source), count := count + 1, source, step, None))
        while heap:
            cost, _, vertex, step, previous = heapq.heappop(heap)
            if vertex == goal and previous:
                path = [goal]
                while previous:
                    path.append(previous[0])
                    previous = came[previous]
                return cost, path[::-1]
            if (vertex, step) in came:
                continue
            came[vertex, step] = previous
            cost -= far(vertex)
            there = (vertex[0] + step[0], vertex[1] + step[1])
            if not (0 <= there[0] <= 2 * self.cols and 0 <= there[1] <= 2 * self.rows) or there in self.at and there != goal:
                continue
            others = [f for f in self.used.get((min(vertex, there), max(vertex, there)), ()) if f is not flow]
            strangers = sum(not f.related(flow, there[0]) for f in others)
            if strangers and (vertex[1] if step[0] else vertex[0]) % 2 and (previous or not flow.aside):
                continue                                # the middle of a row or column is for one flow, or for related ones
            cost += (1.0 if step[0] else 0.7) * (0.55 if any(f.dst is flow.dst for f in others) else 1) + 0.5 * strangers
            if there == goal:
                if not (step == UP and flow.dst.boundary):
                    cost += {RIGHT: 0, LEFT: 7}.get(step, 1.6) + 9 * (step == UP and flow.dst.outside and bool(flow.dst.text))
                    cost += 6 if self.ports.get((flow.dst, (-step[0], -step[1]), "out")) else 0
                    heapq.heappush(heap, (cost, count := count + 1, there, step, (vertex, step)))
                continue
            for turn in (step, (step[1], step[0]), (-step[1], -step[0])):
                crossing = sum(not f.related(flow, there[0]) for f in self.through.get((there, turn[0] == 0), ()))
                more = 2.2 * crossing
                if turn != step:                        # two flows that bend on one middle line would look like one
                    more = 1.1 + 0.8 * crossing
                    if (there[0] % 2 or there[1] % 2) and any(not f.related(flow, there[0]) for f in self.bends.get(there, ())):
                        more += 6
                heapq.heappush(heap, (cost + more + far(there), count := count + 1, there, turn, (vertex, step)))
        raise ValueError(f"no route for {flow.id}")
