"""The token game of one level: every order in which branches may go, to find steps opened twice and joins that wait for ever.

Each choice may fall out either way. Events beside a step are tried one at a time, once: together they would only multiply the ways.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import combinations

from .document import Level, event_of
from .loops import RESTS

MAX_STATES = 6_000
MAX_TOKENS = 12
HOLDING = RESTS | {"callActivity", "subProcess", "serviceTask"}  # a second token here is the same step open twice
Token = tuple[str, str]  # (node, flow it came by; only joins care)
Marking = tuple[Token, ...]


class Beyond(Exception):
    """More ways than can be tried."""


class Game:
    """`twice`: steps that may be open twice at once. `waiting`: joins at which a case may wait for ever.

    `states`: how many may be tried in all, the events beside counted."""

    def __init__(self, level: Level, states: int = MAX_STATES):
        self.level = level
        self.left = states
        self.twice: set[str] = set()
        self.waiting: set[str] = set()
        self._chosen: dict[str, list[list[Token]]] = {}
        self.joins = {i for i in level.nodes if level.kind(i) in ("parallelGateway", "inclusiveGateway") and len(level.ins[i]) > 1}

    def play(self) -> None:
        """Fills `twice` and `waiting`. Raises Beyond."""
        beside = [b.get("id") for events in self.level.boundaries.values() for b in events if b.get("cancelActivity") == "false"]
        start = tuple(sorted(token for ident in self.level.starts[:1] for token in self._out(ident)))
        for aside in [None, *beside]:
            self._explore(start, aside)

    def _explore(self, start: Marking, aside: str | None) -> None:
        first = (start, aside is None)
        todo, seen = [first], {first}
        while todo:
            marking, used = todo.pop()
            if len(marking) > MAX_TOKENS:
                continue  # it grows for ever: what that does to steps has been seen on the way
            ways = list(self._moves(marking, None if used else aside))
            if not ways and marking:
                self.waiting |= {node for node, _ in marking if node in self.joins}
            for after, fired in ways:
                state = (after, used or fired)
                if state not in seen:
                    self._look(after)
                    seen.add(state)
                    todo.append(state)
            if len(seen) > MAX_STATES or len(seen) > self.left:
                raise Beyond
        self.left -= len(seen)

    def _look(self, marking: Marking) -> None:
        nodes = [node for node, _ in marking if self.level.kind(node) in HOLDING]
        if len(nodes) > len(set(nodes)):
            self.twice |= {node for node in nodes if nodes.count(node) > 1}

    # moves
    def _moves(self, marking: Marking, aside: str | None) -> Iterator[tuple[Marking, bool]]:
        """(marking after, whether the event beside fired). A move that nobody can see is made at once, before all others."""
        for token in marking:
            if token[0] in self._silent:
                yield self._replaced(marking, [token], self._out(token[0])), False
                return
        for token in dict.fromkeys(marking):
            yield from self._of(marking, token, aside)

    @cached_property
    def _silent(self) -> set[str]:
        """Nodes that a token leaves unseen."""
        return {node for node in self.level.nodes if self._unseen(node)}

    def _unseen(self, node: str) -> bool:
        kind = self.level.kind(node)
        if kind == "endEvent":
            return event_of(self.level.nodes[node]) != "terminate"
        if kind in HOLDING or node in self.joins:
            return False
        return len(self.level.outs[node]) < 2 or kind == "parallelGateway"

    def _of(self, marking: Marking, token: Token, aside: str | None) -> Iterator[tuple[Marking, bool]]:
        node, kind = token[0], self.level.kind(token[0])
        if kind == "endEvent":
            yield (), False  # terminate: a plain end is silent
            return
        if node in self.joins:
            taken = self._join(marking, node)
            if taken:
                for out in self._choices(node):
                    yield self._replaced(marking, taken, out), False
            return
        for out in self._choices(node):
            yield self._replaced(marking, [token], out), False
        for boundary in self.level.boundaries[node]:
            ident = boundary.get("id")
            if boundary.get("cancelActivity") != "false":
                yield self._replaced(marking, [token], self._out(ident)), False
            elif ident == aside:
                yield self._replaced(marking, [], self._out(ident)), True

    def _choices(self, node: str) -> list[list[Token]]:
        if node not in self._chosen:
            self._chosen[node] = self._choose(node)
        return self._chosen[node]

    def _choose(self, node: str) -> list[list[Token]]:
        outs, kind = self._out(node), self.level.kind(node)
        if kind in ("exclusiveGateway", "eventBasedGateway") and len(outs) > 1:
            return [[out] for out in outs]
        if kind == "inclusiveGateway" and len(outs) > 1:
            sizes = range(1, len(outs) + 1) if len(outs) <= 3 else (1, len(outs))
            return [list(some) for size in sizes for some in combinations(outs, size)]
        return [outs]

    def _join(self, marking: Marking, node: str) -> list[Token]:
        """The tokens that a join takes when it can go on; empty while it waits."""
        here = list(dict.fromkeys(token for token in marking if token[0] == node))
        if self.level.kind(node) == "parallelGateway":
            return here if len(here) == len(self.level.ins[node]) else []
        others = {other for other, _ in marking if other != node}
        return [] if any(node in self._ahead[other] for other in others) else here

    @cached_property
    def _ahead(self) -> dict[str, set[str]]:
        """Every node that may come after each."""
        ahead: dict[str, set[str]] = {}
        for ident in self.level.nodes:
            todo, seen = self.level.next(ident), set()
            while todo:
                node = todo.pop()
                if node not in seen:
                    seen.add(node)
                    todo += self.level.next(node)
            ahead[ident] = seen
        return ahead

    def _out(self, node: str) -> list[Token]:
        flows = [f for f in self.level.outs[node] if f.get("targetRef") in self.level.nodes]
        return [(f.get("targetRef"), f.get("id") or "" if f.get("targetRef") in self.joins else "") for f in flows]

    def _replaced(self, marking: Marking, taken: list[Token], given: list[Token]) -> Marking:
        rest = list(marking)
        for token in taken:
            rest.remove(token)
        return tuple(sorted([*rest, *given]))
