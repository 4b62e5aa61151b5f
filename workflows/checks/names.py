"""Which names an expression may use, and of what kind: those of its process and its phases, the header, the facts of the system."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from .. import feel_calendar
from ..feel import FeelError, Host, parse
from ..feel.check import ANY, Checker, Type
from ..working_time import Calendar
from ..xmlfile import Element
from . import types
from .bundle import CASE_TYPE, SETTINGS, SHARED, SHARED_FILE, Bundle
from .document import Process, called, extension, mappings, multi_instance, properties

Types = Mapping[str, Type]
ALWAYS = frozenset({"reglages", "numero", "type_dossier", "statut", "priorite"})  # set for every case before its first step
ANYWHERE = Calendar("ML", "UTC", frozenset({5, 6}), {0: ((feel_calendar.dt.time(8), feel_calendar.dt.time(16)),)})
FUNCTIONS = Host(feel_calendar.functions(ANYWHERE)).functions


def infer(source: str, known: Types) -> Type:
    """The kind of an expression's answer; any when it cannot be told."""
    try:
        return Checker(known, FUNCTIONS).infer(parse(source), {}, frozenset())
    except (FeelError, RecursionError):
        return ANY


def read_in(source: str) -> set[str]:
    """Names that stand in an expression, bound ones too; none in one that cannot be read."""
    try:
        return {node.args[0] for node in parse(source).every() if node.op == "name"}
    except FeelError:
        return set()


class Names:
    """The facts of every scope of a bundle. Computed once; everything declared twice is merged."""

    def __init__(self, bundle: Bundle):
        self.bundle = bundle
        self.sites: dict[tuple[Process, bool], list[Any]] = {}
        """The expressions of a process, once they were looked up: expressions.sites."""
        self._unsure: dict[str, dict[str, Type]] = {}
        self.roots = self._roots()
        self.declared: dict[str, list[tuple[str, Type, str]]] = defaultdict(list)  # scope -> (name, kind, where it was said)
        for process in bundle.processes.values():
            self._declare(process)
        self._scopes = {root: self._merged(root) for root in set(self.roots.values())}
        self._results()

    # scopes
    def _roots(self) -> dict[str, str]:
        """Each process to the one that owns its facts: a phase shares those of its caller."""
        root = {ident: ident for ident in self.bundle.processes}

        def top(ident: str) -> str:
            while root[ident] != ident:
                ident = root[ident]
            return ident

        for ident, process in self.bundle.processes.items():
            for call in process.of_kind("callActivity"):
                target, phase = called(call)
                if phase and target in root:
                    caller, phase_root = top(ident), top(target)
                    if caller != phase_root:
                        root[phase_root] = caller
        return {ident: top(ident) for ident in root}

    def _declare(self, process: Process) -> None:
        mine = self.declared[self.roots[process.id]]
        for node in process.nodes():
            outputs = mappings(node, "output")
            form = form_of(node)
            if form in self.bundle.forms and not (outputs and extension(node, "formDefinition") is None):
                mine += [(f.key, types.of_fact(f), form) for f in self.bundle.forms[form].fields]
            for target, _, _ in outputs:
                mine.append((target, types.maybe(ANY), ""))
            decision = extension(node, "calledDecision")
            if decision is not None and decision.get("resultVariable"):
                known = self.bundle.decisions.get(decision.get("decisionId") or "")
                kind = types.of_decision(known[1]) if known else ANY
                mine.append((decision.get("resultVariable"), types.maybe(kind), ""))
            script = extension(node, "script")
            if script is not None and script.get("resultVariable"):
                mine.append((script.get("resultVariable"), types.maybe(ANY), ""))
            collects = loop_of(node).get("outputCollection")
            if collects:
                mine.append((collects, Type("list", item=ANY), ""))
            target = called(node)[0]
            if target in self.roots:
                self.declared[self.roots[target]] += [(name, types.maybe(ANY), "") for name, _, _ in mappings(node, "input")]

    def _merged(self, root: str) -> dict[str, Type]:
        found: dict[str, Type] = {}
        for name, kind, _ in self.declared[root]:
            found[name] = merge(found[name], kind) if name in found else kind
        return found

    def _results(self) -> None:
        """Kinds of computed facts, of what calls return and are given: three rounds, since one follows from another."""
        for _ in range(3):
            for process in self.bundle.processes.values():
                own, known = self._scopes[self.roots[process.id]], self.visible(process.id)
                for node in process.nodes():
                    self._result(node, own, known)

    def _result(self, node: Element, own: dict[str, Type], known: Types) -> None:
        script = extension(node, "script")
        if script is not None and (script.get("expression") or "").startswith("="):
            self._learn(own, script.get("resultVariable"), infer(script.get("expression")[1:], known))
        target, phase = called(node)
        if target in self.roots and not phase:
            inside = self.visible(target)
            for name, source, _ in mappings(node, "output"):
                self._learn(own, name, infer(source.lstrip("="), inside))
            given = {**known, **item_of(node, known)}
            for name, source, _ in mappings(node, "input"):
                self._learn(self._scopes[self.roots[target]], name, infer(source.lstrip("="), given))

    def _learn(self, scope: dict[str, Type], name: str | None, kind: Type) -> None:
        """What was declared without a kind gets one, if there is no doubt."""
        if name in scope and kind.kind not in ("any", "null"):
            before = scope[name]
            if before.kind == "any":
                scope[name] = types.maybe(replace(kind, values=()))
            elif before.kind != kind.kind:
                scope[name] = types.maybe(ANY)

    # reading
    @cached_property
    def everywhere(self) -> dict[str, Type]:
        """The header of every case, facts that the system sets, and the settings."""
        found: dict[str, Type] = {}
        header = self.bundle.mapping(SHARED_FILE).get("header")
        if header in self.bundle.forms:
            found |= {f.key: types.of_fact(f) for f in self.bundle.forms[header].fields}
        for sheet in (SHARED_FILE, CASE_TYPE):
            for name, written in self.bundle.part(sheet, "facts").items():
                found[name] = types.maybe(types.named(written) or ANY)
        found["reglages"] = Type("context", fields=tuple((name, types.of_value(value)) for name, value in self.settings.items()))
        return found

    @cached_property
    def settings(self) -> dict:
        """Values of settings by name: the shared ones, and those of the folder itself."""
        found: dict = {}
        for path in (SHARED + SETTINGS, SETTINGS):
            data = self.bundle.yaml.get(path)
            entries = data.get("settings", data) if isinstance(data, dict) else {}
            if isinstance(entries, dict):
                found |= {name: e.get("value", e.get("valeur")) if isinstance(e, dict) else e for name, e in entries.items()}
        return found

    def visible(self, process: str) -> dict[str, Type]:
        """Every name that an expression of this process may use."""
        return {**self.everywhere, **self._scopes.get(self.roots.get(process, ""), {})}

    def unsure(self, process: str) -> dict[str, Type]:
        """The same for conditions and timers: any fact may still be unset; settings never are."""
        if process not in self._unsure:
            self._unsure[process] = unsure(self.visible(process))
        return self._unsure[process]

    def written(self, process: str) -> set[str]:
        """Facts that a process or its phases may set."""
        root = self.roots.get(process)
        return {name for name, _, _ in self.declared.get(root or "", ())}

    def declarations(self, process: str, name: str) -> int:
        """In how many places this scope gives the name a value."""
        return self._counted[self.roots[process]][name]

    @cached_property
    def _counted(self) -> dict[str, Counter[str]]:
        return {root: Counter(name for name, _, _ in declared) for root, declared in self.declared.items()}

    def given_from_outside(self, process: str) -> bool:
        """A process of the shared folder, looked at alone, that only case types call: what they will give it is not known yet."""
        if not self.bundle.is_shared_folder:
            return False
        root = self.roots.get(process, process)
        calls = (call for caller in self.bundle.processes.values() for call in caller.of_kind("callActivity"))
        return not any(self.roots.get(called(call)[0]) == root and not called(call)[1] for call in calls)

    def at(self, process: Process, node: Element) -> dict[str, Type]:
        """As `unsure`, with the element that a repeated step is about."""
        known = self.unsure(process.id)
        item = item_of(node, known)
        return known | item if item else known

    def shared(self, form: str) -> bool:
        return self.bundle.is_shared(self.bundle.form_files.get(form, SHARED))


def names_of(bundle: Bundle) -> Names:
    """The names of a bundle, computed once for all checks."""
    if bundle.names is None:
        bundle.names = Names(bundle)
    return bundle.names


def unsure(known: Types) -> dict[str, Type]:
    """Every fact as one that may be unset, but for those of every case."""
    return {name: types.sure(kind) if name in ALWAYS else types.maybe(kind) for name, kind in known.items()}


def merge(first: Type, second: Type) -> Type:
    """A fact that several forms ask: all its codes; any kind, if they differ."""
    if first.kind != second.kind:
        return types.maybe(ANY) if "any" not in (first.kind, second.kind) else first if second.kind == "any" else second
    values = tuple(dict.fromkeys([*first.values, *second.values])) if first.values and second.values else ()
    fields = first.fields if first.fields == second.fields else ()
    item = merge(first.item, second.item) if first.item and second.item else None
    return replace(first, optional=first.optional or second.optional, values=values, fields=fields, item=item)


def form_of(node: Element) -> str | None:
    """Id of the form of a step: its own, or that of what an officer records from a message."""
    definition = extension(node, "formDefinition")
    return definition.get("formId") if definition is not None else properties(node).get("form")


def loop_of(node: Element) -> Mapping[str, str]:
    """What is said of a repetition over a list; empty when there is none."""
    loop = multi_instance(node)
    found = extension(loop, "loopCharacteristics") if loop is not None else None
    return dict(found.attrib) if found is not None else {}


def item_of(node: Element, known: Types) -> dict[str, Type]:
    """The element of a repeated step by its name."""
    loop = loop_of(node)
    name = loop.get("inputElement")
    if not name:
        return {}
    collection = infer(loop.get("inputCollection", "").lstrip("="), known)
    return {name: collection.item or ANY}
