"""Events on the border of a step."""

from __future__ import annotations

from collections.abc import Iterator

from ..xmlfile import local_name
from .bundle import Bundle
from .finding import Finding, Rule, Text

HOSTS = {"userTask", "serviceTask", "receiveTask", "callActivity", "subProcess"}

HOST = Rule(
    "boundary-host",
    Text("L'événement de bord {element} n'est posé sur aucune étape qui dure.", "The boundary event {element} sits on no step that lasts."),
    Text(
        "Le poser sur une tâche utilisateur, un appel ou un sous-processus du même niveau.",
        "Put it on a user task, a call or a subprocess of the same level.",
    ),
)
ENTERED = Rule(
    "boundary-entered",
    Text("Une flèche mène à l'événement de bord {element}.", "A flow leads to the boundary event {element}."),
    Text("Mener la flèche à l'étape elle-même.", "Lead the flow to the step itself."),
)
STRAIGHT_BACK = Rule(
    "boundary-straight-back",
    Text(
        "L'événement interruptif {element} ramène tout droit à son étape : le moteur la doublerait dès la deuxième fois.",
        "The interrupting event {element} leads straight back to its step: the engine would double it from the second time on.",
    ),
    Text(
        "Passer par un élément entre les deux : une étape, ou une passerelle exclusive.",
        "Go through an element in between: a step, or an exclusive gateway.",
    ),
)


def check(bundle: Bundle) -> Iterator[Finding]:
    for process in bundle.own_processes:
        for level in process.levels:
            for ident, node in level.nodes.items():
                if local_name(node) != "boundaryEvent":
                    continue
                host = node.get("attachedToRef")
                if level.kind(host or "") not in HOSTS:
                    yield HOST.at(process.file, node)
                if level.ins[ident]:
                    yield ENTERED.at(process.file, node)
                if node.get("cancelActivity", "true") == "true" and host in level.after(ident):
                    yield STRAIGHT_BACK.at(process.file, node)
