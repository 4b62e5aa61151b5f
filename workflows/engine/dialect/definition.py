"""A case type as it is pinned: read once, then only read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows.engine.dialect.environment import Environment
from workflows.engine.dialect.files import File, entered, read_file
from workflows.engine.dialect.names import declared
from workflows.engine.dialect.reading import B, Z, refuse_recursion
from workflows.errors import BadDefinition
from workflows.facts import CASE, Facts, Ledger, Scope
from workflows.feel import FeelError, Host, tables
from workflows.outcome import ScopeRef


@dataclass(frozen=True, eq=False)
class Definition:
    """What the engine needs of a case type. Shared by all cases and threads of a worker."""

    spec: Any
    subprocesses: Mapping[str, Any]
    decisions: Mapping[str, Any]
    names: Mapping[str, Mapping[str, None]]
    """process -> names of facts that belong to its scope."""
    messages: Mapping[str, str | None]
    """message -> expression that a waiter answers to (of the last file that declares it)."""
    forms: Mapping[str, tuple[str, ...]]
    owners: Mapping[str, str]
    """embedded or event subprocess -> process that draws it."""
    functions: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        process: str,
        bpmn: Sequence[bytes] | Mapping[str, bytes],
        dmn: Sequence[bytes] | Mapping[str, bytes],
        forms: Mapping[str, Sequence[str]],
        functions: Mapping[str, Any] | None = None,
        facts: Iterable[str] = (),
    ) -> Definition:
        """`process`: id of the frame. `bpmn`, `dmn`: the files, or file names -> files (then messages name the file). `forms`: form id ->
        names of its fields. `functions`: name -> feel.Signature. `facts`: names that the system sets in the scope of the case.

        BadDefinition if something cannot be read or the engine does not carry it out.
        """
        files = [read_file(text, name) for name, text in _named(bpmn)]
        roots = [file.root for file in files]
        decisions = _decisions(dmn)
        _references(roots, decisions)
        specs = _specs(process, files)
        names = declared(roots, forms)
        names.setdefault(process, {}).update(dict.fromkeys(facts))
        return cls(
            specs.pop(process),
            specs,
            decisions,
            names,
            _messages(roots),
            {form: tuple(fields) for form, fields in forms.items()},
            _owners(roots),
            dict(functions or {}),
        )

    def owner(self, process: str) -> str:
        """The process that draws an embedded subprocess; any other is its own."""
        return self.owners.get(process, process)

    def view(
        self,
        facts: Facts,
        chain: Iterable[ScopeRef | tuple[str, str]],
        item: Mapping[str, Any] | None = None,
        system: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """What an expression of a step sees: `chain` and `item` of its `Open`; declared names without a value are null."""
        scopes = [Scope(id_, self.names.get(process, {}), process) for id_, process in chain or ((CASE, self.spec.name),)]
        return {**Ledger(facts, system).view(scopes), **(item or {})}

    def evaluate(self, expression: str, data: Mapping[str, Any], now: dt.datetime, functions: Mapping[str, Any] | None = None) -> Any:
        """The value of « =FEEL » over a view; a text without « = » is itself. FeelError says what is wrong with it."""
        if not expression.startswith("="):
            return expression
        host = Host({**self.functions, **(functions or {})}, now=lambda: now)
        return Environment(host).evaluate(expression, data)


def _named(files: Sequence[bytes] | Mapping[str, bytes]) -> list[tuple[str, bytes]]:
    return sorted(files.items()) if isinstance(files, Mapping) else [("", text) for text in files]


def _decisions(files: Sequence[bytes] | Mapping[str, bytes]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, text in _named(files):
        try:
            more = tables.read(text)
        except FeelError as error:
            raise BadDefinition(f"{name} : {error}" if name else str(error)) from None
        if twice := found.keys() & more.keys():
            raise BadDefinition(f"{name} : la décision « {min(twice)} » existe déjà dans un autre fichier")
        found |= more
    return found


def _specs(process: str, files: Iterable[File]) -> dict[str, Any]:
    """The specification of a process, and of all that it goes into, by id."""
    homes: dict[str, File] = {}
    for file in files:
        for level in file.levels:
            if level in homes:
                raise BadDefinition(f"« {level} » est un processus ou un sous-processus dans deux fichiers")
            homes[level] = file
    if process not in homes:
        raise BadDefinition(f"aucun fichier ne contient le processus « {process} »")
    found: dict[str, Any] = {}

    def go_into(level: str) -> None:
        found[level] = homes[level].spec(level)
        for inner in entered(found[level]):
            if inner not in found:
                go_into(inner)

    go_into(process)
    return found


def _references(roots: list[Any], decisions: Mapping[str, Any]) -> None:
    """What is named must exist, and no process may call itself."""
    processes: dict[str, list[str]] = {}
    for root in roots:
        for process in root.iter(B + "process"):
            if process.get("id") in processes:
                raise BadDefinition(f"le processus « {process.get('id')} » existe dans deux fichiers")
            processes[process.get("id")] = [call.get("calledElement") for call in process.iter(B + "callActivity")]
    for process, calls in processes.items():
        for called in calls:
            if called not in processes:
                raise BadDefinition(f"« {process} » appelle « {called} », qu'aucun fichier ne contient")
    for decision in (called for root in roots for called in root.iter(Z + "calledDecision")):
        if decision.get("decisionId") not in decisions:
            raise BadDefinition(f"la décision « {decision.get('decisionId')} » est appelée, mais aucun fichier ne la contient")
    for one in decisions.values():
        for needed in one.requires:
            if needed not in decisions:
                raise BadDefinition(f"la décision « {one.name} » dépend de « {needed} », qu'aucun fichier ne contient")
    refuse_recursion(processes)


def _messages(roots: list[Any]) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for message in (message for root in roots for message in root.iter(B + "message")):
        subscription = message.find(f".//{Z}subscription")
        found[message.get("name")] = None if subscription is None else subscription.get("correlationKey")
    return found


def _owners(roots: list[Any]) -> dict[str, str]:
    return {
        inner.get("id"): process.get("id")
        for root in roots
        for process in root.iter(B + "process")
        for inner in process.iter(B + "subProcess")
    }
