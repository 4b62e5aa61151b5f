"""Loops and parallel branches: nothing turns without a person or a wait, and nothing grows without end."""

from __future__ import annotations

from collections.abc import Iterator

from ..xmlfile import local_name
from .bundle import Bundle
from .document import Level, Process, called, multi_instance
from .finding import ADVICE, Finding, Rule, Text
from .graph import cycles
from .rounds import RESTS, Rounds

MAX_SPLITS, MAX_ROW = 3, 200

AUTOMATIC = Rule(
    "loop-automatic",
    Text(
        "La boucle qui passe par {element} tourne sans personne ni attente ({steps}).",
        "The loop through {element} turns without a person or a wait ({steps}).",
    ),
    Text(
        "Y mettre une étape d'une personne, un délai ou un message attendu.", "Put a step of a person, a timer or an awaited message in it."
    ),
)
MAYBE = Rule(
    "loop-may-run-alone",
    Text(
        "La boucle qui passe par {element} peut tourner sans personne ni attente, selon les faits ({steps}).",
        "The loop through {element} may turn without a person or a wait, depending on facts ({steps}).",
    ),
    Text("Vérifier que chaque tour change un fait qui finit par en sortir.", "Make sure that each round changes a fact that ends it."),
    ADVICE,
)
TOO_MANY_SPLITS = Rule(
    "parallel-splits",
    Text(
        "{element} a {count} partages parallèles au même niveau : l'état du dossier double à chacun.",
        "{element} has {count} parallel splits on one level: the state of the case doubles at each.",
    ),
    Text(
        "Trois au plus ; mettre chaque bloc dans un sous-processus ou une phase.",
        "Three at most; put each block into a subprocess or a phase.",
    ),
)
JOIN_ON_CYCLE = Rule(
    "join-on-cycle",
    Text(
        "La jonction {element} est dans une boucle : au deuxième tour elle laisserait passer la première branche arrivée.",
        "The join {element} lies on a loop: in the second round it would let the first branch pass.",
    ),
    Text(
        "Mettre le partage et sa jonction dans un sous-processus ou une phase, que la boucle appelle de nouveau.",
        "Put the split and its join into a subprocess or a phase, which the loop enters again.",
    ),
)
TOO_LONG = Rule(
    "level-too-long",
    Text("{element} enchaîne {count} éléments au même niveau.", "{element} has {count} elements on one level."),
    Text("Deux cents au plus ; découper en phases.", "Two hundred at most; split into phases."),
)


def check(bundle: Bundle) -> Iterator[Finding]:
    for process in bundle.own_processes:
        for level in process.levels:
            yield from _automatic(bundle, process, level)
            yield from _parallel(process, level)
            if len(level.nodes) > MAX_ROW:
                yield TOO_LONG.at(process.file, level.owner, count=len(level.nodes))


def _automatic(bundle: Bundle, process: Process, level: Level) -> Iterator[Finding]:
    passing = [ident for ident in level.nodes if not _rests(bundle, level, ident, ())]
    for group in cycles(passing, level.after):
        if not any(_holds_people(bundle, level.nodes[ident], ()) for ident in group):
            yield AUTOMATIC.at(process.file, level.nodes[group[0]], steps=" → ".join(group))
        elif Rounds(bundle).may_turn(level, group):
            yield MAYBE.at(process.file, level.nodes[group[0]], steps=" → ".join(group))


def _holds_people(bundle: Bundle, node, callers: tuple) -> bool:
    """Is there a person or a wait on some way through this node?"""
    kind = local_name(node)
    if kind in RESTS:
        return True
    inside = Level(node) if kind == "subProcess" else None
    target = bundle.processes.get(called(node)[0]) if kind == "callActivity" else None
    if target is not None and target.id not in callers:
        inside, callers = target.top, (*callers, target.id)
    return inside is not None and any(_holds_people(bundle, inner, callers) for inner in inside.nodes.values())


def _rests(bundle: Bundle, level: Level, ident: str, callers: tuple) -> bool:
    """Does every passage through this node wait for somebody or something? A list may be empty: several instances may be none."""
    node = level.nodes[ident]
    kind = local_name(node)
    if multi_instance(node) is not None:
        return False
    if kind in RESTS:
        return True
    if kind == "callActivity":
        target = bundle.processes.get(called(node)[0])
        if target is None or target.id in callers:
            return True  # said by the checks of calls
        return _level_rests(bundle, target.top, (*callers, target.id))
    if kind == "subProcess" and node.get("triggeredByEvent") != "true":
        return _level_rests(bundle, Level(node), callers)
    return False


def _level_rests(bundle: Bundle, level: Level, callers: tuple) -> bool:
    """Is there no way from the start to an end that waits nowhere?"""
    todo, seen = list(level.starts), set()
    while todo:
        ident = todo.pop()
        if ident in seen or _rests(bundle, level, ident, callers):
            continue
        seen.add(ident)
        if level.kind(ident) == "endEvent":
            return False
        todo += level.after(ident)
    return True


def _parallel(process: Process, level: Level) -> Iterator[Finding]:
    many = [i for i in level.nodes if level.kind(i) in ("parallelGateway", "inclusiveGateway")]
    splits = [i for i in many if len(level.outs[i]) > 1]
    if len(splits) > MAX_SPLITS:
        yield TOO_MANY_SPLITS.at(process.file, level.owner, count=len(splits))
    on_cycle = {ident for group in cycles(level.nodes, level.next) for ident in group}
    for ident in many:
        if len(level.ins[ident]) > 1 and ident in on_cycle:
            yield JOIN_ON_CYCLE.at(process.file, level.nodes[ident])
