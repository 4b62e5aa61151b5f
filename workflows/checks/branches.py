"""Parallel branches: what is split comes together again, and no step opens twice."""

from __future__ import annotations

from collections.abc import Iterator

from .bundle import Bundle
from .finding import ADVICE, Finding, Rule, Text
from .tokens import MAX_STATES, Beyond, Game

MAX_OF_A_FILE = 2 * MAX_STATES
TWICE = Rule(
    "step-opens-twice",
    Text(
        "Deux branches parallèles peuvent mener à {element} : l'étape s'ouvrirait deux fois.",
        "Two parallel branches may lead to {element}: the step would open twice.",
    ),
    Text(
        "Les réunir avant par une passerelle parallèle, ou finir l'une des deux.",
        "Join them before with a parallel gateway, or end one of them.",
    ),
)
WAITS = Rule(
    "join-waits",
    Text(
        "À la jonction {element}, un dossier peut attendre pour toujours une branche qui l'évite.",
        "At the join {element} a case may wait for ever for a branch that avoids it.",
    ),
    Text(
        "Mener chaque branche à la jonction : la passerelle exclusive dans la branche, son « non » à la jonction.",
        "Lead every branch to the join: the exclusive gateway inside the branch, its “no” to the join.",
    ),
)
BEYOND = Rule(
    "branches-beyond",
    Text("{element} : trop de chemins parallèles pour être tous essayés.", "{element}: too many parallel ways to try them all."),
    Text("Mettre les branches dans des phases.", "Put the branches into phases."),
    ADVICE,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    left = {document.file: MAX_OF_A_FILE for document in bundle.documents}
    for process in bundle.own_processes:
        for level in process.levels:
            game = Game(level, left[process.file])
            try:
                game.play()
                left[process.file] = game.left
            except Beyond:
                left[process.file] -= MAX_STATES
                yield BEYOND.at(process.file, level.owner)
            for ident in sorted(game.twice):
                yield TWICE.at(process.file, level.nodes[ident])
            for ident in sorted(game.waiting):
                yield WAITS.at(process.file, level.nodes[ident])
