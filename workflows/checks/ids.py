"""Ids: written so that the engine keeps every step. It drops, without a word, a step whose id it uses itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..xmlfile import BPMN, local_name
from .bundle import Bundle
from .document import NODES, Document
from .finding import Finding, Rule, Text

PATTERN = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
RESERVED = frozenset({"Start", "End", "Root", "StartEventSplit", "StartEventJoin"})  # names of the engine's own tasks
NAMED = NODES | {"process", "sequenceFlow", "message", "lane"}

MISSING = Rule(
    "id-missing",
    Text("L'élément {element} n'a pas d'identifiant.", "The element {element} has no id."),
    Text("Lui en donner un : lettres sans accent, chiffres et « _ ».", "Give it one: plain letters, digits and “_”."),
)
BAD = Rule(
    "id-pattern",
    Text("L'identifiant « {ident} » n'est pas accepté par le moteur.", "The engine does not accept the id “{ident}”."),
    Text(
        "Commencer par une lettre ; lettres sans accent, chiffres et « _ » ; 64 caractères au plus.",
        "Begin with a letter; plain letters, digits and “_”; 64 characters at most.",
    ),
)
TAKEN = Rule(
    "id-reserved",
    Text(
        "L'identifiant « {ident} » est un nom du moteur : l'étape disparaîtrait.",
        "The id “{ident}” is a name of the engine: the step would vanish.",
    ),
    Text("Choisir un autre identifiant, par exemple « {ident}_dossier ».", "Choose another id, for example “{ident}_case”."),
)
TWICE = Rule(
    "id-twice",
    Text("L'identifiant « {ident} » est donné deux fois dans ce fichier.", "The id “{ident}” is given twice in this file."),
    Text("Renommer l'un des deux éléments.", "Rename one of the two elements."),
)
SHARED_SPACE = Rule(
    "process-id-twice",
    Text(
        "« {ident} » désigne déjà un processus ou un sous-processus, dans {other}.",
        "“{ident}” already names a process or a subprocess, in {other}.",
    ),
    Text(
        "Les processus et sous-processus de tous les fichiers partagent leurs noms : en choisir un autre.",
        "Processes and subprocesses of all files share their names: choose another one.",
    ),
)


def check(bundle: Bundle) -> Iterator[Finding]:
    taken: dict[str, str] = {}
    for document in (*bundle.shared_documents, *bundle.documents):
        own = not bundle.is_shared(document.file)
        if own:
            yield from _in_file(document)
        for element in document.root.iter(f"{{{BPMN}}}process", f"{{{BPMN}}}subProcess"):
            ident = element.get("id")
            if ident in taken and own:
                yield SHARED_SPACE.at(document.file, element, ident=ident, other=taken[ident])
            elif ident:
                taken[ident] = document.file


def _in_file(document: Document) -> Iterator[Finding]:
    seen: set[str] = set()
    for element in document.root.iter(f"{{{BPMN}}}*"):
        kind, ident = local_name(element), element.get("id")
        if kind in NAMED and not ident:
            yield MISSING.at(document.file, element)
        if not ident:
            continue
        if ident in seen:
            yield TWICE.at(document.file, element, ident=ident)
        seen.add(ident)
        if kind in NODES | {"process"}:
            if not PATTERN.fullmatch(ident):
                yield BAD.at(document.file, element, ident=ident)
            elif ident in RESERVED:
                yield TAKEN.at(document.file, element, ident=ident)
