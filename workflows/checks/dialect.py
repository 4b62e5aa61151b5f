"""The dialect of the files: Camunda 8, FEEL, so that the Modeler opens them with its checks for that engine."""

from __future__ import annotations

from collections.abc import Iterator

from ..xmlfile import MODELER
from .bundle import Bundle
from .document import B
from .finding import Finding, Rule, Text

PLATFORM = Rule(
    "platform-missing",
    Text(
        "Le fichier ne dit pas qu'il est écrit pour la plateforme « Camunda Cloud ».",
        "The file does not say that it is written for “Camunda Cloud”.",
    ),
    Text(
        'Mettre modeler:executionPlatform="Camunda Cloud" sur <definitions> : le Modeler contrôle alors les expressions FEEL.',
        'Put modeler:executionPlatform="Camunda Cloud" on <definitions>: the Modeler then checks FEEL expressions.',
    ),
)
NO_PROCESS = Rule(
    "process-missing",
    Text("Le fichier ne contient aucun processus.", "The file holds no process."),
    Text("Y dessiner un processus, ou supprimer le fichier.", "Draw a process in it, or delete the file."),
)
NOT_EXECUTABLE = Rule(
    "process-not-executable",
    Text("Le processus {element} n'est pas exécutable.", "The process {element} is not executable."),
    Text("Cocher « Executable » dans le Modeler.", "Tick “Executable” in the Modeler."),
)


def check(bundle: Bundle) -> Iterator[Finding]:
    for document in bundle.documents:
        if document.root.get(f"{{{MODELER}}}executionPlatform") != "Camunda Cloud":
            yield PLATFORM.at(document.file, document.root)
        if not document.processes:
            yield NO_PROCESS.at(document.file)
        for process in document.root.findall(f"{B}process"):
            if process.get("isExecutable") != "true":
                yield NOT_EXECUTABLE.at(document.file, process)
