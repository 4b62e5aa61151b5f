"""The few words of a diagram that are not in its file, in both languages."""

from typing import Any

STATES = {
    "fr": {"past": "fait", "now": "en cours", "wait": "en attente", "stuck": "en incident", "next": "à venir"},
    "en": {"past": "done", "now": "in progress", "wait": "waiting", "stuck": "incident", "next": "to come"},
}

KINDS = {
    "fr": {
        "startEvent": "Début",
        "endEvent": "Fin",
        "exclusiveGateway": "Choix",
        "parallelGateway": "Branches parallèles",
        "inclusiveGateway": "Branches selon le cas",
        "eventBasedGateway": "Attente du premier événement",
        "timer": "Délai",
        "message": "Message",
        "subProcess": "Événement suivi",
    },
    "en": {
        "startEvent": "Start",
        "endEvent": "End",
        "exclusiveGateway": "Choice",
        "parallelGateway": "Parallel branches",
        "inclusiveGateway": "Branches as the case may be",
        "eventBasedGateway": "Wait for the first event",
        "timer": "Delay",
        "message": "Message",
        "subProcess": "Watched event",
    },
}

TITLE = {"fr": "Parcours\N{NO-BREAK SPACE}: {name}", "en": "Path: {name}"}
COUNT = {
    "fr": {
        "past": ("1 étape faite", "{n} étapes faites"),
        "now": ("1 en cours", "{n} en cours"),
        "wait": ("1 attente", "{n} attentes"),
        "stuck": ("1 incident", "{n} incidents"),
    },
    "en": {
        "past": ("1 step done", "{n} steps done"),
        "now": ("1 in progress", "{n} in progress"),
        "wait": ("1 wait", "{n} waits"),
        "stuck": ("1 incident", "{n} incidents"),
    },
}
COVERAGE: dict[str, dict[str, Any]] = {
    "fr": {
        "title": "Couverture\N{NO-BREAK SPACE}: {name}",
        "share": "éléments {elements} sur {all_elements}, flèches {flows} sur {all_flows}",
        "passed": "passé, et combien de fois",
        "missed": "jamais passé",
        "flow": "flèche jamais prise",
        "times": ("passé 1 fois", "passé {n} fois"),
        "taken": ("prise 1 fois", "prise {n} fois"),
        "never": "jamais passé",
        "never_taken": "jamais prise",
        "arrow": "Flèche {id}",
    },
    "en": {
        "title": "Coverage: {name}",
        "share": "elements {elements} of {all_elements}, arrows {flows} of {all_flows}",
        "passed": "passed, and how often",
        "missed": "never passed",
        "flow": "arrow never taken",
        "times": ("passed once", "passed {n} times"),
        "taken": ("taken once", "taken {n} times"),
        "never": "never passed",
        "never_taken": "never taken",
        "arrow": "Arrow {id}",
    },
}


def state_word(state: str, lang: str) -> str:
    """« en cours » for "now"."""
    return STATES.get(lang, STATES["fr"])[state]


def kind_word(shape, lang: str) -> str:
    """What a shape without a name is called."""
    words = KINDS.get(lang, KINDS["fr"])
    return words.get(shape.event) or words.get(shape.kind) or shape.id


def summary(counts: dict[str, int], lang: str) -> str:
    """« 4 étapes faites, 2 en cours »; empty when there is nothing to count."""
    words = COUNT.get(lang, COUNT["fr"])
    parts = [words[state][min(counts.get(state, 0), 2) - 1].format(n=counts[state]) for state in words if counts.get(state)]
    return ", ".join(parts)
