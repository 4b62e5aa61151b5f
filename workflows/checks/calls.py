"""Calls: the process exists, never calls itself, and facts go in and out as declared."""

from __future__ import annotations

from collections.abc import Iterator

from ..xmlfile import local_name
from .bundle import Bundle
from .document import called, mappings, multi_instance
from .finding import Finding, Rule, Text
from .graph import cycles

NO_TARGET = Rule(
    "call-unknown",
    Text(
        "L'appel {element} désigne le processus « {process} », qui n'existe pas.",
        "The call {element} names the process “{process}”, which does not exist.",
    ),
    Text("Choisir un processus du dossier ou de _shared.", "Choose a process of the folder or of _shared."),
)
CYCLE = Rule(
    "call-cycle",
    Text(
        "L'appel {element} finit par appeler son propre processus ({processes}).",
        "The call {element} ends up calling its own process ({processes}).",
    ),
    Text("Rompre la chaîne : une boucle se dessine, elle ne s'appelle pas.", "Break the chain: a loop is drawn, not called."),
)
PHASE_MAPPING = Rule(
    "phase-mapping",
    Text(
        "La phase {element} partage les faits de son appelant, et déclare pourtant des entrées ou des sorties.",
        "The phase {element} shares the facts of its caller, and yet declares inputs or outputs.",
    ),
    Text(
        "Les supprimer, ou ne plus propager les variables (processus partagé).",
        "Delete them, or stop propagating the variables (shared process).",
    ),
)
NO_OUTPUT = Rule(
    "call-without-output",
    Text(
        "L'appel {element} ne rend aucun fait : tout ce que « {process} » a appris serait perdu.",
        "The call {element} returns no fact: all that “{process}” learnt would be lost.",
    ),
    Text("Déclarer en sortie au moins « resultat ».", "Declare at least “resultat” as an output."),
)
SHARED_PHASE = Rule(
    "phase-of-shared",
    Text(
        "L'appel {element} partage les faits du dossier avec « {process} », un processus de _shared.",
        "The call {element} shares the facts of the case with “{process}”, a process of _shared.",
    ),
    Text(
        'Un processus partagé a ses propres faits : propagateAllChildVariables="false", avec des entrées et des sorties.',
        'A shared process has its own facts: propagateAllChildVariables="false", with inputs and outputs.',
    ),
)
PHASE_INSTANCES = Rule(
    "phase-instances",
    Text(
        "{element} est répété pour chaque élément d'une liste, alors que ses exécutions partageraient leurs faits.",
        "{element} is repeated for each element of a list, while its instances would share their facts.",
    ),
    Text(
        'Appeler un processus à faits propres (propagateAllChildVariables="false"), ou répéter une seule tâche.',
        'Call a process with facts of its own (propagateAllChildVariables="false"), or repeat a single task.',
    ),
)


def check(bundle: Bundle) -> Iterator[Finding]:
    ways = {ident: {called(c)[0] for c in process.of_kind("callActivity")} for ident, process in bundle.processes.items()}
    groups = cycles(ways, lambda ident: ways.get(ident, ()))
    for process in bundle.own_processes:
        for node in process.of_kind("callActivity", "subProcess"):
            phase = local_name(node) == "subProcess" or called(node)[1]
            if multi_instance(node) is not None and phase:
                yield PHASE_INSTANCES.at(process.file, node)
            if local_name(node) == "callActivity":
                yield from _call(bundle, process, node, groups)


def _call(bundle: Bundle, process, node, groups) -> Iterator[Finding]:
    target, phase = called(node)
    inputs, outputs = mappings(node, "input"), mappings(node, "output")
    callee = bundle.processes.get(target)
    if callee is None:
        yield NO_TARGET.at(process.file, node, process=target)
        return
    for group in groups:
        if process.id in group and target in group:
            yield CYCLE.at(process.file, node, processes=" → ".join([*group, group[0]]))
    if phase and (inputs or outputs):
        yield PHASE_MAPPING.at(process.file, node)
    shared = bundle.is_shared(callee.file) and not bundle.is_shared(process.file)
    if phase and shared:
        yield SHARED_PHASE.at(process.file, node, process=target)
    if not phase and not outputs and multi_instance(node) is None:
        yield NO_OUTPUT.at(process.file, node, process=target)
