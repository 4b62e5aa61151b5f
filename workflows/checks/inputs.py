"""Inputs: what a shared process reads, the calls of this case type give it."""

from __future__ import annotations

from collections.abc import Iterator

from ..feel import FeelError, parse
from ..feel.check import Checker
from ..xmlfile import Element
from .bundle import Bundle
from .document import Process, called, mappings
from .expressions import sites
from .finding import Finding, Rule, Text
from .names import FUNCTIONS, Names, names_of

MISSING = Rule(
    "call-input-missing",
    Text(
        "« {process} » lit « {name} », que l'appel {element} ne lui donne pas.",
        "“{process}” reads “{name}”, which the call {element} does not give it.",
    ),
    Text(
        "L'ajouter aux entrées de l'appel (« =null » s'il n'y a rien à dire), ou corriger le nom dans le processus partagé.",
        "Add it to the inputs of the call (“=null” when there is nothing to say), or correct the name in the shared process.",
    ),
)

UNKNOWN = Rule(
    "call-input-unknown",
    Text(
        "L'appel {element} donne « {name} » à « {process} », qui ne le prend pas.",
        "The call {element} gives “{name}” to “{process}”, which does not take it.",
    ),
    Text(
        "Corriger le nom : ce que prend le processus est écrit sur son départ ({taken}).",
        "Correct the name: what the process takes is written on its start ({taken}).",
    ),
)


def check(bundle: Bundle) -> Iterator[Finding]:
    names = names_of(bundle)
    lacking: dict[str, list[tuple[str, str]]] = {}
    for process in bundle.own_processes:
        for call in process.of_kind("callActivity"):
            target, phase = called(call)
            callee = bundle.processes.get(target)
            if callee is None or phase or not bundle.is_shared(callee.file):
                continue
            yield from _declared(process, call, callee)
            if target not in lacking:
                lacking[target] = list(_lacking(names, target))
            for reader, name in lacking[target]:
                yield MISSING.at(process.file, call, process=reader, name=name)


def _declared(process: Process, call: Element, callee: Process) -> Iterator[Finding]:
    """What the callee's start says that it takes (its output mappings), against what the call gives; null is given in so many words."""
    taken = {name for start in callee.top.starts for name, _, _ in mappings(callee.top.nodes[start], "output")}
    given = {name for name, _, _ in mappings(call, "input")}
    for name in sorted(taken - given):
        yield MISSING.at(process.file, call, process=callee.id, name=name)
    for name in sorted(given - taken) if taken else ():
        yield UNKNOWN.at(process.file, call, process=callee.id, name=name, taken=", ".join(sorted(taken)))


def _lacking(names: Names, target: str) -> Iterator[tuple[str, str]]:
    """(process, name) of what the called process and its phases read, and nobody declares."""
    root = names.roots[target]
    for process in names.bundle.processes.values():
        if names.roots[process.id] == root:
            yield from ((process.id, name) for name in sorted(_unknown(names, process)))


def _unknown(names: Names, process: Process) -> set[str]:
    unknown: set[str] = set()
    for site in sites(names, process, on_the_way=False):
        if site.known is None:
            continue
        source = site.source.strip().removeprefix("=")
        try:
            free = {name for name in free_names(source) if name not in site.known and name not in FUNCTIONS}
        except FeelError:
            continue
        if free and any("inconnu" in one.message for one in Checker(site.known, FUNCTIONS).expression(source)):
            unknown |= free
    return unknown


def free_names(source: str) -> set[str]:
    """Names that an expression reads and does not itself bind."""
    found, bound, todo = set(), {"item", "?", "partial"}, [parse(source)]
    while todo:
        node = todo.pop()
        if node.op == "name":
            found.add(node.args[0])
        if node.op in ("for", "some", "every"):
            bound |= {bind[0] for bind in node.args[0]}
        todo.extend(node.children())
    return found - bound
