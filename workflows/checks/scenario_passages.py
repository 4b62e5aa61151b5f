"""Passages of a scenario file: their lines are walked once, and each « $name » in them remembers what would be asked of its value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from yaml import MappingNode, Node, ScalarNode

from ..scenarios.vocabulary import PASSAGE, PASSAGE_LINE
from . import scenario_rules as rules
from .finding import Finding
from .scenario_cases import name_of, said_in
from .scenario_values import line_of

if TYPE_CHECKING:
    from .scenario_walk import Place, Walk

Ask = Callable[[Node], Iterator[Finding]]
HOLE = "$"


class Passages:
    """Of one file."""

    def __init__(self, walk: Walk, node: MappingNode):
        said = said_in(node).get("passages")
        self.walk = walk
        self.nodes = said_in(said) if isinstance(said, MappingNode) else {}
        self.holes: dict[str, dict[str, list[Ask]]] = {}
        self.within: list[str] = []
        """Passages whose lines are being walked, innermost last."""
        self._found: dict[str, list[Finding]] = {}

    def hole(self, node: Node, ask: Ask) -> bool:
        """Whether the node stands for a value that is given elsewhere: `ask` is then kept for it."""
        if not (self.within and isinstance(node, ScalarNode) and node.value.startswith(HOLE)):
            return False
        self.holes[self.within[-1]].setdefault(node.value[1:], []).append(ask)
        return True

    def told(self, name: str, place: Place) -> list[Finding]:
        """What is wrong in the lines of a passage, whoever names it first."""
        if name not in self._found and name in self.nodes:
            self._found[name] = []
            self.holes[name] = {}
            self._found[name] = list(self._lines(name, self.nodes[name], place))
        return self._found.get(name, [])

    def _lines(self, name: str, node: Node, place: Place) -> Iterator[Finding]:
        self.within.append(name)
        yield from self.walk.keys(PASSAGE, node, place)
        self.within.pop()
        yield from self._given(name, said_in(node).get("values") if isinstance(node, MappingNode) else None)

    def used(self, node: MappingNode, place: Place) -> Iterator[Finding]:
        """A line that stands for a passage."""
        said = said_in(node)
        yield from self.walk.keys(PASSAGE_LINE, node, place)
        name = name_of(said.get("passage"))
        if name in self.within:
            yield rules.WORDS.at(self.walk.path, name, line_of(node), detail=rules.ROUND)
        elif name in self.nodes:
            self.told(name, place)
            yield from self._given(name, said.get("values"))
            passage = self.nodes[name]
            own = said_in(passage).get("values") if isinstance(passage, MappingNode) else None
            known = {key for part in (said.get("values"), own) if isinstance(part, MappingNode) for key in said_in(part)}
            for hole in self.holes.get(name, {}):
                if hole not in known:
                    yield rules.MISSING.at(self.walk.path, f"values.{hole}", line_of(node))

    def _given(self, name: str, values: Node | None) -> Iterator[Finding]:
        """Values given to a passage: each is what the lines ask of it."""
        holes = self.holes.get(name, {})
        for key, value in values.value if isinstance(values, MappingNode) else ():
            if name_of(key) not in holes:
                yield self.walk.unknown_key(key, holes)
            for ask in holes.get(name_of(key), ()):
                yield from ask(value)
