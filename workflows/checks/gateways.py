"""Gateways: every choice has an answer for every case."""

from __future__ import annotations

from collections.abc import Iterator

from ..xmlfile import Element, local_name
from .bundle import Bundle
from .document import B, Level, Process
from .finding import Finding, Rule, Text

CHOICES = ("exclusiveGateway", "inclusiveGateway")

NO_DEFAULT = Rule(
    "default-missing",
    Text(
        "La passerelle {element} n'a pas de flèche par défaut : un dossier qui ne remplit aucune condition resterait bloqué.",
        "The gateway {element} has no default flow: a case that meets no condition would be stuck.",
    ),
    Text("Marquer une de ses sorties comme « default ».", "Mark one of its flows as the default one."),
)
DEFAULT_CONDITION = Rule(
    "default-with-condition",
    Text(
        "La flèche par défaut {element} porte une condition, qui ne serait jamais lue.",
        "The default flow {element} carries a condition, which would never be read.",
    ),
    Text("Supprimer la condition, ou choisir une autre flèche par défaut.", "Delete the condition, or choose another default flow."),
)
NO_CONDITION = Rule(
    "condition-missing",
    Text("La flèche {element} sort d'une passerelle à choix sans condition.", "The flow {element} leaves a choice without a condition."),
    Text("Écrire sa condition, ou en faire la flèche par défaut.", "Write its condition, or make it the default flow."),
)
STRAY_CONDITION = Rule(
    "condition-elsewhere",
    Text(
        "La flèche {element} porte une condition sans sortir d'une passerelle à choix.",
        "The flow {element} carries a condition but does not leave a choice.",
    ),
    Text("Poser une passerelle exclusive avant elle.", "Put an exclusive gateway before it."),
)
SPLIT = Rule(
    "split-without-gateway",
    Text(
        "Plusieurs flèches sortent de {element} : elles partiraient toutes ensemble, sans qu'on le voie.",
        "Several flows leave {element}: all would start together, unseen.",
    ),
    Text("Poser une passerelle exclusive ou parallèle.", "Put an exclusive or a parallel gateway."),
)
BOTH_WAYS = Rule(
    "parallel-both-ways",
    Text(
        "La passerelle parallèle {element} réunit et partage à la fois : elle attend toutes ses entrées.",
        "The parallel gateway {element} merges and splits at once: it waits for all its inputs.",
    ),
    Text(
        "Réunir par une passerelle exclusive (un seul chemin vient) ou parallèle (tous viennent), puis partager par une autre.",
        "Merge with an exclusive gateway (one way comes) or a parallel one (all come), then split with another.",
    ),
)
EVENT_TARGET = Rule(
    "event-gateway-target",
    Text(
        "Après la passerelle événementielle {gateway}, {element} n'est ni un délai, ni un message attendu, entré par elle seule.",
        "After the event-based gateway {gateway}, {element} is neither a timer nor an awaited message entered from it alone.",
    ),
    Text(
        "N'y mettre que des événements intermédiaires de délai ou de message, chacun avec une seule entrée.",
        "Put only timer or message catch events there, each with a single incoming flow.",
    ),
)


def check(bundle: Bundle) -> Iterator[Finding]:
    for process in bundle.own_processes:
        for level in process.levels:
            for ident, node in level.nodes.items():
                yield from _node(process, level, ident, node)


def _node(process: Process, level: Level, ident: str, node: Element) -> Iterator[Finding]:
    outs, kind = level.outs[ident], local_name(node)
    if kind in CHOICES and len(outs) > 1:
        yield from _choice(process, node, outs)
    else:
        for flow in outs:
            if flow.find(f"{B}conditionExpression") is not None:
                yield STRAY_CONDITION.at(process.file, flow)
    if not kind.endswith("Gateway") and len(outs) > 1:
        yield SPLIT.at(process.file, node)
    if kind in ("parallelGateway", "inclusiveGateway") and len(outs) > 1 and len(level.ins[ident]) > 1:
        yield BOTH_WAYS.at(process.file, node)
    if kind == "eventBasedGateway":
        for target in level.after(ident):
            catches = level.kind(target) in ("intermediateCatchEvent", "receiveTask")
            if not catches or len(level.ins[target]) != 1:
                yield EVENT_TARGET.at(process.file, level.nodes[target], gateway=f"« {node.get('name') or ident} »")


def _choice(process: Process, node: Element, outs: list) -> Iterator[Finding]:
    default = node.get("default")
    if default not in {flow.get("id") for flow in outs}:
        yield NO_DEFAULT.at(process.file, node)
    for flow in outs:
        condition = flow.find(f"{B}conditionExpression")
        if flow.get("id") == default and condition is not None:
            yield DEFAULT_CONDITION.at(process.file, flow)
        if flow.get("id") != default and condition is None:
            yield NO_CONDITION.at(process.file, flow)
