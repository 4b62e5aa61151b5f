"""What a form may ask the process to do with an answer (property `effect`): a verb and what it is about, separated by colons.

    confidentialite:C4            priorite:P1:secours           saisir:conseiller_juridique
    avertir:chef_departement      ouvrir:ABC                    reprendre:confirmer_identite

The services carry them out (`app/services/effects.py`); `reprendre` is the procedure's own affair, and noted.
"""

from __future__ import annotations

from dataclasses import dataclass

ROLE, STEP, TYPE, LEVEL, PRIORITY, WORD = "role", "step", "type", "level", "priority", "word"
"""What an argument names."""

VERBS: dict[str, tuple[str, ...]] = {
    "confidentialite": (LEVEL,),
    "priorite": (PRIORITY, WORD),
    "saisir": (ROLE,),
    "avertir": (ROLE,),
    "ouvrir": (TYPE,),
    "reprendre": (STEP,),
}
"""Verb -> what its arguments are; words at the end may be left out."""


@dataclass(frozen=True)
class Consequence:
    """An effect that was read: what to do, and about what."""

    verb: str
    arguments: tuple[str, ...]

    @property
    def first(self) -> str:
        """What it is mainly about: a role, a level, a step."""
        return self.arguments[0]


def read_effect(text: str) -> Consequence:
    """ValueError, in French, for a verb that does not exist or a wrong number of arguments."""
    verb, *arguments = (part.strip() for part in text.split(":"))
    wanted = VERBS.get(verb)
    if wanted is None:
        raise ValueError(f"l'effet « {verb} » n'existe pas ; il y a : {', '.join(sorted(VERBS))}")
    needed = sum(kind != WORD for kind in wanted)
    if not needed <= len(arguments) <= len(wanted) or not all(arguments):
        raise ValueError(f"l'effet « {verb} » s'écrit « {':'.join((verb, *wanted))} »")
    return Consequence(verb, tuple(arguments))
