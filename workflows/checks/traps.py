"""Expressions that can be read and mean something else than they seem to."""

from __future__ import annotations

from collections.abc import Iterator

from ..feel import FeelError, parse
from ..feel.tree import Node
from .bundle import Bundle
from .document import extension
from .expressions import Site, shorten, sites
from .finding import Finding, Rule, Text
from .forms import form_sites
from .names import Names, names_of

FROM_ONE = Rule(
    "list-from-one",
    Text(
        "{element}, {where} : « {source} » demande l'élément 0 d'une liste, qui est toujours vide.",
        "{element}, {where}: “{source}” asks for element 0 of a list, which is always empty.",
    ),
    Text("Une liste commence à 1 : liste[1], ou liste[-1] pour le dernier.", "A list begins at 1: list[1], or list[-1] for the last."),
)
NOTHING = Rule(
    "sum-of-nothing",
    Text(
        "{element}, {where} : dans « {source} », {name} d'une liste vide ne donne rien (null), pas zéro.",
        "{element}, {where}: in “{source}”, {name} of an empty list gives nothing (null), not zero.",
    ),
    Text("Écrire {name}(append(liste, 0)).", "Write {name}(append(list, 0))."),
)
HALF_EVEN = Rule(
    "rounding-half-even",
    Text(
        "{element}, {where} : dans « {source} », decimal(2.5, 0) donne 2 : le demi va au chiffre pair.",
        "{element}, {where}: in “{source}”, decimal(2.5, 0) gives 2: a half goes to the even digit.",
    ),
    Text("Pour des francs : round half up(x, 0).", "For francs: round half up(x, 0)."),
)
COUNTER = Rule(
    "counter-without-start",
    Text(
        "{element} : « {source} » ne donne jamais rien tant que « {name} » n'a pas de valeur, et lui seul lui en donne une.",
        "{element}: “{source}” never gives anything while “{name}” has no value, and nothing else gives it one.",
    ),
    Text("Écrire (if {name} = null then 0 else {name}) + 1.", "Write (if {name} = null then 0 else {name}) + 1."),
)


def check(bundle: Bundle) -> Iterator[Finding]:
    names = names_of(bundle)
    for process in bundle.own_processes:
        for site in sites(names, process):
            yield from _look(site)
    for ident, form in bundle.forms.items():
        if not names.shared(ident):
            for site in form_sites(bundle, form):
                yield from _look(site)
    yield from _counters(bundle, names)


def _counters(bundle: Bundle, names: Names) -> Iterator[Finding]:
    """Scripts that add to a fact which only themselves set: null + 1 is null."""
    for process in bundle.own_processes:
        for node in process.of_kind("scriptTask"):
            script = extension(node, "script")
            if script is None:
                continue
            name, source = script.get("resultVariable") or "", (script.get("expression") or "").strip().removeprefix("=")
            alone = name not in names.everywhere and names.declarations(process.id, name) == 1
            if name and alone and _adds_to(source, name):
                yield COUNTER.at(process.file, node, source=shorten(source), name=name)


def _adds_to(source: str, name: str) -> bool:
    try:
        tree = parse(source)
    except FeelError:
        return False  # said by the checks of expressions
    return tree.op == "math" and any(part.op == "name" and part.args[0] == name for part in tree.args[1:])


def _look(site: Site) -> Iterator[Finding]:
    try:
        tree = parse(site.source.strip().removeprefix("="))
    except FeelError:
        return  # said by the checks of expressions
    words = {"where": site.where, "source": shorten(site.source)}
    for node in tree.every():
        if node.op == "filter" and isinstance(node.args[1], Node) and node.args[1].op == "value" and node.args[1].args[0] == 0:
            yield FROM_ONE.at(site.file, site.element, site.line, **words)
        elif node.op == "call" and node.args[0].op == "name":
            yield from _call(site, node, words)


def _call(site: Site, node: Node, words: dict) -> Iterator[Finding]:
    name, given = node.args[0].args[0], [value for _, value in node.args[1]]
    if name in ("sum", "product") and len(given) == 1 and given[0].op in ("name", "path", "filter", "for"):
        yield NOTHING.at(site.file, site.element, site.line, name=name, **words)
    if name == "decimal" and len(given) == 2 and given[1].op == "value" and given[1].args[0] == 0:
        yield HALF_EVEN.at(site.file, site.element, site.line, **words)
