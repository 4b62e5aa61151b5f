"""Where a case stands on a diagram: which shapes and flows are behind it, open, waiting or stuck.

The history names the steps that people did, the gateways and the rules passed; scripts, merges and starts leave no trace. What must have
been passed between two known places is added, forwards and backwards, and nothing else."""

from collections import defaultdict
from collections.abc import Collection

from .scene import Scene, Shape

PAST, NOW, WAIT, STUCK, NEXT = "past", "now", "wait", "stuck", "next"

SILENT = {"scriptTask", "sendTask", "businessRuleTask", "intermediateThrowEvent", "endEvent", "exclusiveGateway", "startEvent", "task"}


class Progress:
    """`state` of a shape, `walked` flows. All ids are of this diagram; unknown ones are ignored."""

    def __init__(self, scene: Scene, tokens=(), visited=(), stuck=(), waiting=()):
        self.shapes: dict[str, Shape] = {s.id: s for s in scene.shapes}
        self.stuck, self.tokens, self.waiting = set(stuck), set(tokens), set(waiting)
        self._reached = (self.tokens | self.stuck | set(visited)) & set(self.shapes)
        self._passed = set(visited) & set(self.shapes)
        self._hold_waits()
        self.walked = {e.id for e in scene.edges} & set(visited)
        flows = [e for e in scene.edges if e.kind == "sequenceFlow"]
        self._outs, self._ins = defaultdict(list), defaultdict(list)
        for edge in flows:
            self._outs[edge.source].append(edge)
            self._ins[edge.target].append(edge)
        self._begin()
        self._fill(flows)

    def state(self, ident: str) -> str:
        if ident in self.stuck:
            return STUCK
        if ident in self.tokens:
            return NOW
        if ident in self.waiting:
            return WAIT
        return PAST if ident in self._passed else NEXT

    def _hold_waits(self) -> None:
        """An event that waits beside an open step was not reached by a flow; one in the middle of a flow was."""
        self._reached |= {i for i in self.waiting if i in self.shapes and not self._beside(i)}

    def _beside(self, ident: str) -> bool:
        shape = self.shapes[ident]
        return bool(shape.host) or shape.kind == "startEvent"

    def _begin(self) -> None:
        """Whatever was reached, the process began."""
        if self._reached:
            for shape in self.shapes.values():
                if shape.kind == "startEvent" and not shape.inner and shape.id not in self.waiting:
                    self._pass(shape.id)

    def _fill(self, flows: Collection) -> None:
        """Adds what must have been passed, until nothing is added; then what is likely, where one known way leads on from a choice."""
        for ways in (self._sure, self._likely):
            before = -1
            while before != len(self._passed) + len(self.walked) + len(self._reached):
                before = len(self._passed) + len(self.walked) + len(self._reached)
                for edge in flows:
                    if edge.id not in self.walked and ways(edge):
                        self.walked.add(edge.id)
                    if edge.id in self.walked:
                        self._pass(edge.source)
                        self._reach(edge.target)

    def _sure(self, edge) -> bool:
        return self._entered_by(edge) or self._only_way_on(edge)

    def _likely(self, edge) -> bool:
        if self._sure(edge):
            return True
        if edge.source not in self._passed or any(e.id in self.walked for e in self._ins[edge.target]):
            return False
        return [e for e in self._outs[edge.source] if e.target in self._reached] == [edge]

    def _only_way_on(self, edge) -> bool:
        """The source is behind us, and nothing but this flow leads on from it."""
        if edge.source not in self._passed:
            return False
        return len(self._outs[edge.source]) == 1 or self.shapes[edge.source].kind == "parallelGateway"

    def _entered_by(self, edge) -> bool:
        """The target was reached, and there is no other way to it."""
        return edge.target in self._reached and len(self._ins[edge.target]) == 1

    def _pass(self, ident: str) -> None:
        shape = self.shapes.get(ident)
        if shape and ident not in self._passed:
            self._passed.add(ident)
            self._reached.add(ident)
            if shape.host:
                self._reached.add(shape.host)

    def _reach(self, ident: str) -> None:
        shape = self.shapes.get(ident)
        if shape is None:
            return
        self._reached.add(ident)
        here = ident in self.tokens or ident in self.stuck or ident in self.waiting
        joined = shape.kind == "parallelGateway" and all(e.id in self.walked for e in self._ins[ident])
        if not here and (joined or shape.kind in SILENT):
            self._passed.add(ident)
