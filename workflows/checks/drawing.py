"""Size and drawing: a person can read the diagram, and it shows what the file says."""

from __future__ import annotations

from collections.abc import Iterator

from ..layout import is_sealed
from ..xmlfile import BPMNDI, DC
from .bundle import Bundle
from .document import Document
from .finding import Finding, Rule, Text

MAX_STEPS, MAX_WIDTH = 30, 35 * 160  # a column takes at most about 160 pixels
STEPS = ("userTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "scriptTask", "callActivity")

STALE = Rule(
    "diagram-stale",
    Text(
        "Le diagramme n'est pas celui que dessine l'outil pour ce fichier.", "The diagram is not the one that the tool draws for this file."
    ),
    Text("Lancer : flask bpmn layout {element}", "Run: flask bpmn layout {element}"),
)
TOO_WIDE = Rule(
    "diagram-wide",
    Text(
        "Le diagramme fait {width} points de large, plus de 35 colonnes environ.",
        "The diagram is {width} points wide, more than about 35 columns.",
    ),
    Text("Découper le processus en phases.", "Split the process into phases."),
)
TOO_MANY = Rule(
    "phase-too-large",
    Text("Le processus {element} a {count} étapes.", "The process {element} has {count} steps."),
    Text("Trente au plus par phase : en appeler une autre.", "Thirty at most a phase: call another one."),
)


def check(bundle: Bundle) -> Iterator[Finding]:
    for document in bundle.documents:
        if not is_sealed(document.content):
            yield STALE.at(document.file, document.file)
        width = _width(document)
        if width > MAX_WIDTH:
            yield TOO_WIDE.at(document.file, width=width)
        for process in document.processes:
            count = sum(1 for _ in process.of_kind(*STEPS))
            if count > MAX_STEPS:
                yield TOO_MANY.at(document.file, process.element, count=count)


def _width(document: Document) -> int:
    """From the leftmost shape to the rightmost."""
    left, right = [], []
    for bounds in document.root.iter(f"{{{DC}}}Bounds"):
        if bounds.getparent().tag == f"{{{BPMNDI}}}BPMNShape":
            try:
                left.append(int(float(bounds.get("x") or 0)))
                right.append(left[-1] + int(float(bounds.get("width") or 0)))
            except (ValueError, OverflowError):
                continue
    return max(right, default=0) - min(left, default=0)
