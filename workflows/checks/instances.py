"""Steps repeated for each element of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..xmlfile import Element, local_name
from .bundle import Bundle
from .document import B, Z, multi_instance
from .finding import Finding, Rule, Text

NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")

KIND = Rule(
    "instances-kind",
    Text("{element} ne peut pas être répété pour chaque élément d'une liste.", "{element} cannot be repeated for each element of a list."),
    Text(
        "Répéter une tâche utilisateur ou l'appel d'un processus à faits propres.",
        "Repeat a user task, or the call of a process with facts of its own.",
    ),
)
COLLECTION = Rule(
    "instances-collection",
    Text(
        "{element} : la liste (inputCollection) ou le nom d'un élément (inputElement) manque, ou n'est pas une expression « =… ».",
        "{element}: the list (inputCollection) or the name of an element (inputElement) is missing, or is no expression “=…”.",
    ),
    Text(
        'Écrire par exemple inputCollection="=avis_requis" et inputElement="avis_de".',
        'Write for example inputCollection="=avis_requis" and inputElement="avis_de".',
    ),
)
OUTPUT = Rule(
    "instances-output",
    Text(
        "{element} : la liste des réponses (outputCollection) et ce que chacune y met (outputElement) vont ensemble.",
        "{element}: the list of answers (outputCollection) and what each puts in it (outputElement) go together.",
    ),
    Text("Donner les deux, ou aucun des deux.", "Give both, or neither."),
)
CARDINALITY = Rule(
    "instances-count",
    Text(
        "{element} : un nombre d'exécutions est écrit à la place d'une liste.",
        "{element}: a number of instances is written in place of a list.",
    ),
    Text("Parcourir une liste, de deux cents éléments au plus.", "Go through a list, of two hundred elements at most."),
)


def check(bundle: Bundle) -> Iterator[Finding]:
    for process in bundle.own_processes:
        for node in process.nodes():
            loop = multi_instance(node)
            if loop is not None:
                yield from _loop(process.file, node, loop)


def _loop(file: str, node: Element, loop: Element) -> Iterator[Finding]:
    if local_name(node) not in ("userTask", "callActivity", "subProcess"):  # a subprocess is said by the checks of calls
        yield KIND.at(file, node)
    if loop.find(f"{B}loopCardinality") is not None:
        yield CARDINALITY.at(file, node)
    given = loop.find(f"{B}extensionElements/{Z}loopCharacteristics")
    if given is None or not (given.get("inputCollection") or "").startswith("=") or not NAME.fullmatch(given.get("inputElement") or ""):
        yield COLLECTION.at(file, node)
        return
    collects, element = given.get("outputCollection"), given.get("outputElement")
    if bool(collects) != bool(element) or (collects and not NAME.fullmatch(collects)) or (element and not element.startswith("=")):
        yield OUTPUT.at(file, node)
