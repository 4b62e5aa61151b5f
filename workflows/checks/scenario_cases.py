"""The cases of a scenario by name, whether each is of the type of its folder, and the users it brings along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from yaml import MappingNode, Node, ScalarNode, SequenceNode

from ..scenarios.vocabulary import FIRST
from .bundle import CASE_TYPE

if TYPE_CHECKING:
    from .scenario_world import World


MERGE = "<<"
LONGEST = 4
"""Mappings that take over one another."""


class Cases:
    """`codes`: of the folder's own types. `own_children`: whether the children of its operation are of one of them."""

    def __init__(self, world: World):
        self.codes = world.codes
        self.own_children: bool = world.bundle.part(CASE_TYPE, "operation").get("child") in self.codes
        self.names: dict[str, bool] = {FIRST: True}
        """name -> whether it is of the folder's type."""
        self.users: set[str] = set()

    def read(self, node: Node) -> None:
        """All cases that the lines of a file open, and all users that it is given."""
        told = [said_in(inside) for inside in _mappings(node)]
        for said in told:
            self._line(said)
        for said in told:
            values = said.get("values")
            if isinstance(values, MappingNode):  # of passages: some of them name cases, those that a passage opens by their type
                self.names = {name_of(value): self.names.get(f"${name_of(key)}", True) for key, value in values.value} | self.names
            users = said.get("users")
            if isinstance(users, MappingNode):
                self.users |= {name_of(key) for key, _ in users.value}

    def _line(self, said: dict[str, Node]) -> None:
        start, named = said.get("start"), said.get("as")
        if isinstance(start, MappingNode):
            inside = said_in(start)
            name = name_of(inside.get("as")) or name_of(said.get("case")) or FIRST
            code = name_of(inside.get("type"))
            self.names[name] = not code or code in self.codes
        elif "message" in said and "to" in said:
            self.names[name_of(named) or FIRST] = False  # whichever type takes it
        elif "list" in said and isinstance(named, SequenceNode):
            self.names |= {name_of(part): self.own_children for part in named.value}
        elif "child" in said:
            self.names[name_of(said["child"])] = self.own_children
        elif "case" in said and isinstance(named, ScalarNode):
            self.names[name_of(named)] = self.own(name_of(said["case"]))

    def own(self, name: str) -> bool:
        """Whether the case is of this folder: one that is linked is called by its type or number."""
        return self.names.get(name, name in self.codes or name.startswith("$"))

    def known(self, name: str) -> bool:
        """A name of this scenario, or what a linked case is called by."""
        return name in self.names or name[:1].isupper()


def _mappings(node: Node) -> Iterator[MappingNode]:
    """Every mapping of a file once, in its order."""
    seen: set[int] = set()
    todo = [node]
    while todo:
        part = todo.pop()
        if isinstance(part, ScalarNode) or id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, MappingNode):
            yield part
        todo += reversed([value for _, value in part.value] if isinstance(part, MappingNode) else part.value)


def said_in(node: MappingNode) -> dict[str, Node]:
    """What a mapping says, by key."""
    return {name_of(key): value for key, value in pairs(node)}


def pairs(node: MappingNode) -> list[tuple[Node, Node]]:
    """Keys and values of a mapping, those of the one that it takes over (« <<: *name ») before its own."""
    if not any(key.value == MERGE for key, _ in node.value):
        return node.value
    found: list[tuple[Node, Node]] = []
    chain: list[int] = []
    above: Node | None = node
    while isinstance(above, MappingNode) and id(above) not in chain and len(chain) < LONGEST:
        chain.append(id(above))
        found = [(key, value) for key, value in above.value if name_of(key) != MERGE] + found
        above = next((value for key, value in above.value if name_of(key) == MERGE), None)
    return found


def name_of(node: Node | None) -> str:
    """A single value as it is written; empty for anything else."""
    return str(node.value) if isinstance(node, ScalarNode) else ""
