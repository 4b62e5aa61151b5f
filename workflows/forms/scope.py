"""What an expression of a form sees: facts of the case, answers of the form, `reglages`; references become records when a path is read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any

from ..feel import FeelError, Host, parse, partial_date
from .fields import PARTIAL, REFERENCES, Field
from .readers import Resolve


@lru_cache(maxsize=4096)
def names_in(source: str) -> tuple[frozenset[str], frozenset[str]]:
    """(names read, names whose fields are read by a path) in an expression."""
    names: set[str] = set()
    holders: set[str | None] = set()
    stack = [parse(source)]
    while stack:
        node = stack.pop()
        if node.op == "name":
            names.add(node.args[0])
        elif node.op == "path":
            holders.add(last_name(node.args[0]))
        stack.extend(node.children())
    return frozenset(names), frozenset(name for name in holders if name is not None)


def last_name(node: Any) -> str | None:
    """The name that a path is read on: `ligne` of ligne.types, `valideur` of b.valideur.roles, `rows` of rows[x].total."""
    while node.op == "filter":
        node = node.args[0]
    return node.args[-1] if node.op == "path" else node.args[0] if node.op == "name" else None


@lru_cache(maxsize=4096)
def members_in(source: str) -> dict[str, frozenset[str]]:
    """{name: fields read of it} for the names that an expression reads by paths only: of a large group just these are handed over."""
    whole: set[str] = set()
    read: dict[str, set[str]] = {}
    stack = [parse(source)]
    while stack:
        node = stack.pop()
        if node.op == "path" and node.args[0].op == "name":
            read.setdefault(node.args[0].args[0], set()).add(node.args[1])
            continue
        if node.op == "name":
            whole.add(node.args[0])
        stack.extend(node.children())
    return {name: frozenset(keys) for name, keys in read.items() if name not in whole}


class Scope(Mapping[str, Any]):
    """Names -> values for the evaluator. A name that nothing sets is null: the static checks find typing mistakes, not citizens."""

    def __init__(self, facts: Mapping[str, Any], kinds: Mapping[str, Field], host: Host, zone: dt.tzinfo, resolve: Resolve):
        self.facts = facts
        self.own: dict[str, Any] = {}
        self.kinds = kinds
        self.host = host
        self.zone = zone
        self.resolve = resolve
        self.records = False
        self.members: Mapping[str, frozenset[str]] = {}
        self.found: dict[tuple[str, str], Any] = {}

    def evaluate(self, source: str) -> Any:
        """The value of a FEEL expression; FeelError when it cannot be told."""
        _, holders = names_in(source)
        self.members = members_in(source)
        self.records = bool(holders) and not holders.isdisjoint(self.reference_names)
        return self.host.evaluate(source, self)

    @cached_property
    def reference_names(self) -> frozenset[str]:
        """Names, of questions or of columns, that hold the code of a record."""
        asked = (spec for one in self.kinds.values() for spec in (one, *one.parts))
        return frozenset(spec.key for spec in asked if spec.kind in REFERENCES)

    def __contains__(self, name: object) -> bool:
        return name in self.own or name in self.facts or name in self.kinds or name not in self.host.functions

    def __getitem__(self, name: str) -> Any:
        spec = self.kinds.get(name)
        value = self.own[name] if name in self.own else self.facts.get(name)
        if spec is None:
            if isinstance(value, Mapping) and name in self.members:
                return {key: value[key] for key in self.members[name] if key in value}
            return self.local(value)
        return spec.empty if value is None else self.feel(spec, value)

    def __iter__(self) -> Iterator[str]:
        return iter({**self.facts, **self.own})

    def __len__(self) -> int:
        return len({**self.facts, **self.own})

    def feel(self, spec: Field, value: Any) -> Any:
        """A stored value as an expression wants it: partial dates are ranges of days, moments are in the zone of the post."""
        if value is None:
            return spec.empty
        if spec.kind in PARTIAL and isinstance(value, str):
            return partial_date(value[:10])
        if spec.kind in REFERENCES and self.records and isinstance(value, str):
            return self.record(spec.kind, value)
        if spec.parts and isinstance(value, Mapping):
            return self.parts(spec, value)
        if spec.kind == "table" and isinstance(value, list):
            return [self.parts(spec, row) for row in value]
        return self.local(value)

    def parts(self, spec: Field, value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        return {**value, **{part.key: self.feel(part, value.get(part.key)) for part in spec.parts}}

    def local(self, value: Any) -> Any:
        return value.astimezone(self.zone) if isinstance(value, dt.datetime) and value.tzinfo else value

    def record(self, kind: str, code: str) -> Any:
        """The record behind a code, asked once; null when it is gone."""
        key = (kind, code)
        if key not in self.found:
            self.found[key] = self.resolve(kind, code)
        found = self.found[key]
        return dict(found) if isinstance(found, Mapping) else found


__all__ = ["FeelError", "Scope", "names_in"]
