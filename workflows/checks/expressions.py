"""Expressions: every one can be read, knows its names, and a condition always answers yes or no."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..feel import FeelError, parse
from ..feel.check import Checker
from ..xmlfile import Element, local_name
from . import types
from .bundle import Bundle
from .document import B, Level, Process, Z, called, extension, mappings, multi_instance, properties
from .english import both
from .finding import Finding, Rule, Text
from .known_facts import known_at
from .names import FUNCTIONS, Names, Types, form_of, loop_of, names_of

SYNTAX = Rule(
    "expression-syntax",
    Text("{element}, {where} : « {source} » ne se lit pas : {detail}", "{element}, {where}: “{source}” cannot be read: {detail}"),
    Text("Corriger l'expression FEEL à l'endroit indiqué.", "Correct the FEEL expression at the place given."),
)
NAME = Rule(
    "expression-name",
    Text("{element}, {where} : dans « {source} », {detail}", "{element}, {where}: in “{source}”, {detail}"),
    Text(
        "Employer un fait déclaré : champ d'un formulaire, résultat, entrée, sortie, « facts » du type de dossier, réglage.",
        "Use a declared fact: field of a form, result, input, output, “facts” of the case type, setting.",
    ),
)
KIND = Rule(
    "expression-kind",
    Text("{element}, {where} : dans « {source} », {detail}", "{element}, {where}: in “{source}”, {detail}"),
    Text("Comparer et calculer des valeurs de même nature.", "Compare and compute values of one kind."),
)
CODE = Rule(
    "expression-code",
    Text("{element}, {where} : dans « {source} », {detail}", "{element}, {where}: in “{source}”, {detail}"),
    Text(
        "Écrire un des codes du champ, ou ajouter ce choix au formulaire.",
        "Write one of the codes of the field, or add the choice to the form.",
    ),
)
ZERO = Rule(
    "division-by-zero",
    Text("{element}, {where} : dans « {source} », {detail}.", "{element}, {where}: in “{source}”, {detail}."),
    Text(
        "Diviser par autre chose que zéro ; par un fait : « if n = null or n = 0 then null else montant / n ».",
        "Divide by something else than zero; by a fact: “if n = null or n = 0 then null else amount / n”.",
    ),
)
UNREAD = Rule(
    "text-unreadable",
    Text("{element}, {where} : dans « {source} », {detail}.", "{element}, {where}: in “{source}”, {detail}."),
    Text(
        "Écrire AAAA-MM-JJ pour une date, P5D pour une durée, un motif simple (RE2) pour une recherche ; un code n'en est pas un.",
        "Write YYYY-MM-DD for a date, P5D for a duration, a simple pattern (RE2) for a search; a code is none.",
    ),
)
NULL = Rule(
    "condition-null",
    Text(
        "{element}, {where} : « {source} » reste sans réponse quand un fait n'est pas encore connu.",
        "{element}, {where}: “{source}” has no answer while a fact is not yet known.",
    ),
    Text("Écrire « x = true », ou « x != null and x > 5 ».", "Write “x = true”, or “x != null and x > 5”."),
)
NO_SIGN = Rule(
    "expression-sign",
    Text(
        "{element}, {where} : « {source} » ne commence pas par « = » et serait pris pour un texte.",
        "{element}, {where}: “{source}” does not begin with “=” and would be taken as a text.",
    ),
    Text("Mettre « = » devant l'expression.", "Put “=” before the expression."),
)
EMPTY_RESULT = Rule(
    "result-name",
    Text("{element} ne dit pas quel fait reçoit son résultat.", "{element} does not say which fact receives its result."),
    Text("Donner une variable de résultat.", "Give a result variable."),
)

WHERE = {
    "condition": Text("condition", "condition"),
    "script": Text("expression", "expression"),
    "input": Text("entrée « {name} »", "input “{name}”"),
    "output": Text("sortie « {name} »", "output “{name}”"),
    "property": Text("propriété « {name} »", "property “{name}”"),
    "header": Text("en-tête « {name} »", "header “{name}”"),
    "list": Text("liste à parcourir", "list to go through"),
    "completion": Text("fin de la répétition", "end of the repetition"),
    "item": Text("réponse de chacun", "answer of each"),
    "key": Text("clé du message", "key of the message"),
    "timer": Text("moment", "moment"),
    "field": Text("champ « {name} »", "field “{name}”"),
}


@dataclass(frozen=True)
class Site:
    """One expression: where it stands, what it may read, what its answer must be. `source` is as written."""

    file: str
    element: Element | str
    where: Text
    source: str
    known: Types | None  # None: only the syntax can be looked at
    wants: str | None = None
    never_null: bool = False
    marked: bool = True  # whether « = » must stand before it
    line: int = 0  # where it stands, when the element does not know


def place(kind: str, name: str = "") -> Text:
    return WHERE[kind].format(name=name)


def check(bundle: Bundle) -> Iterator[Finding]:
    names = names_of(bundle)
    for process in bundle.own_processes:
        open_ended = names.given_from_outside(process.id)
        for site in sites(names, process):
            yield from (found for found in judge(site, bundle.alone) if not (open_ended and found.rule == NAME.name))
        for node in process.of_kind("scriptTask", "businessRuleTask"):
            said = extension(node, "script" if local_name(node) == "scriptTask" else "calledDecision")
            if said is None or not said.get("resultVariable"):
                yield EMPTY_RESULT.at(process.file, node)


def judge(site: Site, alone: bool = False) -> Iterator[Finding]:
    """What is wrong with one expression; `alone`: only how it is written, since what it may read is not known."""
    source = site.source.strip()
    words = {"where": site.where, "source": shorten(source)}
    if site.marked and not source.startswith("="):
        yield NO_SIGN.at(site.file, site.element, site.line, **words)
        return
    text = source[1:] if source.startswith("=") else source
    try:
        parse(text)
    except FeelError as error:
        yield SYNTAX.at(site.file, site.element, site.line, detail=both(error.message), **words)
        return
    if site.known is None or alone:
        return
    for found in Checker(site.known, FUNCTIONS).expression(text, site.wants, site.never_null):
        yield rule_for(found).at(site.file, site.element, site.line, detail=both(found.message), **words)


def rule_for(found) -> Rule:
    """Which kind of mistake the checker of the language means."""
    if found.level == "warning":
        return NULL
    if "n'est pas un choix possible" in found.message:
        return CODE
    if found.message == "division par zéro":
        return ZERO
    if "ne peut pas se lire ainsi" in found.message or "illisible" in found.message:
        return UNREAD
    return NAME if "inconnu" in found.message else KIND


def shorten(source: str) -> str:
    flat = " ".join(source.split())
    return flat if len(flat) <= 120 else flat[:117] + "…"


def sites(names: Names, process: Process, on_the_way: bool = True) -> list[Site]:
    """Every expression of a process but its timers; looked up once for all checks.

    `on_the_way`: conditions know what was surely set before them, which takes most of the time."""
    if (process, on_the_way) not in names.sites:
        names.sites[process, on_the_way] = [*_sites(names, process, on_the_way)]
    return names.sites[process, on_the_way]


def _sites(names: Names, process: Process, on_the_way: bool) -> Iterator[Site]:
    for level in process.levels:
        yield from _conditions(names, process, level, on_the_way)
    for node in process.nodes():
        yield from _node(names, process, node)


def _conditions(names: Names, process: Process, level: Level, on_the_way: bool) -> Iterator[Site]:
    """Conditions of one level; what was surely set on the way to them needs no « != null »."""
    asked = [(flow, condition) for flow in level.flows if (condition := flow.find(f"{B}conditionExpression")) is not None]
    unsure = names.unsure(process.id)
    before = known_at(names, level, unsure) if on_the_way and asked else {}
    for flow, condition in asked:
        sure = {name: types.sure(unsure[name]) for name in before.get(flow.get("sourceRef"), ()) if name in unsure}
        yield Site(process.file, flow, place("condition"), condition.text or "", unsure | sure, "boolean", True)


def _node(names: Names, process: Process, node: Element) -> Iterator[Site]:
    file, known = process.file, names.at(process, node)
    script = extension(node, "script")
    if script is not None:
        yield Site(file, node, place("script"), script.get("expression") or "", known)
    inside = names.unsure(called(node)[0]) if local_name(node) == "callActivity" else _message(names, node)
    for name, source, element in mappings(node, "input"):
        yield Site(file, element, place("input", name), source, known)
    for name, source, element in mappings(node, "output"):
        yield Site(file, element, place("output", name), source, inside)
    for name, value in properties(node).items():
        if value.startswith("="):
            yield Site(file, node, place("property", name), value, known, "date and time" if name == "deadline" else None)
    for header in node.findall(f"{B}extensionElements/{Z}taskHeaders/{Z}header"):
        if (header.get("value") or "").startswith("="):
            yield Site(file, node, place("header", header.get("key") or ""), header.get("value"), known)
    loop = loop_of(node)
    if multi_instance(node) is not None and loop.get("inputCollection"):
        yield Site(file, node, place("list"), loop["inputCollection"], names.unsure(process.id), "list")
    repeated = multi_instance(node)
    completion = repeated.find(f"{B}completionCondition") if repeated is not None else None
    if completion is not None:
        yield Site(file, node, place("completion"), completion.text or "", names.unsure(process.id), "boolean", True)
    if loop.get("outputElement"):
        yield Site(file, node, place("item"), loop["outputElement"], known if local_name(node) == "userTask" else inside)


def _message(names: Names, node: Element) -> Types | None:
    """What a message brings: the fields of its form, when it has one."""
    form = names.bundle.forms.get(form_of(node) or "")
    if form is None:
        return None
    return {field.key: types.maybe(types.of_fact(field)) for field in form.fields}
