"""A model of the kit, decided by the evaluator: its decisions, and the types that its variables declare."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lxml import etree

from workflows.feel import FeelError, Host, lift, tables
from workflows.feel.values import kind

BASIC = {
    "string", "number", "boolean", "date", "time", "date and time", "days and time duration", "years and months duration", "context",
    "function",
}  # fmt: skip
ALIASES = {"dateTime": "date and time", "dayTimeDuration": "days and time duration", "yearMonthDuration": "years and months duration"}


@dataclass(frozen=True)
class Kind:
    """A declared type: a basic kind, or the kinds of named parts; a list of them. Allowed values do not change what a kind is."""

    base: str = "Any"
    fields: dict[str, Kind] | None = None
    many: bool = False


@dataclass
class Model:
    decisions: dict[str, tables.Decision]
    kinds: dict[str, Kind]  # by the name of the type
    declared: dict[str, str]  # name of a decision or an input -> name of its type
    names: tuple[str, ...]
    host: Host = field(default_factory=Host)

    @classmethod
    def read(cls, path: Path) -> Model:
        xml = path.read_bytes()
        root = etree.fromstring(xml)
        kinds = {node.get("name"): read_kind(node) for node in root.iterfind("{*}itemDefinition")}
        declared, names = {}, set()
        for node in root.iter("{*}decision", "{*}inputData"):
            variable = node.find("{*}variable")
            name = node.get("name")
            names.add(name)
            if variable is not None and variable.get("typeRef"):
                declared[name] = local(variable.get("typeRef"))
        for node in root.iter("{*}itemComponent"):
            names.add(node.get("name"))
        model = cls(tables.read(xml), kinds, declared, tuple(sorted(names)))
        model.host = Host(types={name: (lambda v, name=name: model.fits(v, name)) for name in kinds})
        return model

    def result(self, name: str, inputs: dict[str, Any]) -> Any:
        """The result of a decision; null where it is refused, as the standard says."""
        decision = next((d for d in self.decisions.values() if d.name == name), None)
        if decision is None:
            raise KeyError(name)
        return self.decide(decision, {k: self.coerce(lift(v), self.declared.get(k)) for k, v in inputs.items()})

    def decide(self, decision: tables.Decision, data: dict[str, Any]) -> Any:
        data = dict(data)
        for required in decision.requires:
            before = self.decisions[required]
            data[before.name] = self.decide(before, data)
        try:
            out, _ = replace(decision, requires=()).decide({}, self.host, data, strict=False, names=self.names)
        except FeelError:
            return None
        return self.coerce(out, self.declared.get(decision.name))

    # -- declared types
    def kind_of(self, name: str | Kind | None) -> Kind:
        if isinstance(name, Kind):
            return name
        name = ALIASES.get(name or "Any", name or "Any")
        return self.kinds.get(name) or Kind(name if name in BASIC else "Any")

    def fits(self, v: Any, name: str | Kind | None) -> bool:
        declared = self.kind_of(name)
        if declared.many:
            return isinstance(v, list) and all(self.fits(x, replace(declared, many=False)) for x in v)
        return v is None or self.fits_one(v, declared)

    def fits_one(self, v: Any, declared: Kind) -> bool:
        if declared.fields is not None:
            return isinstance(v, dict) and all(k in v and self.fits(v[k], t) for k, t in declared.fields.items())
        if declared.base in self.kinds:
            return self.fits(v, declared.base)
        base = ALIASES.get(declared.base, declared.base)
        return base not in BASIC or kind(v) == base

    def coerce(self, v: Any, name: str | None) -> Any:
        """The standard's conversions: a list of one and its element, a date and its midnight; null for another kind."""
        if v is None or name is None or self.fits(v, name):
            return v
        declared = self.kind_of(name)
        if isinstance(v, list) and len(v) == 1 and not declared.many and self.fits(v[0], name):
            return v[0]
        if declared.many and self.fits([v], name):
            return [v]
        if declared.base == "date and time" and type(v) is dt.date:
            return dt.datetime.combine(v, dt.time(tzinfo=dt.UTC))
        return None


def local(name: str) -> str:
    return name.rpartition(":")[2] if ":" in name else name


def read_kind(node: etree._Element) -> Kind:
    parts = node.findall("{*}itemComponent")
    fields = {part.get("name"): read_kind(part) for part in parts} if parts else None
    base = "function" if node.find("{*}functionItem") is not None else local(node.findtext("{*}typeRef") or "Any")
    return Kind(base, fields, node.get("isCollection") == "true")
