"""What to say of an unknown name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

LOOKED_AT = 500
LIKENESS = 0.75
UNDECLARED = " Le déclarer dans le formulaire ou dans les faits du dossier."


def suggestion(name: str, known: Iterable[object], else_say: str = UNDECLARED) -> str:
    """« Vouliez-vous … ? » when a known name is near; else that a sign is missing after a known word; else `else_say`."""
    names = [str(k) for k in known]
    near = difflib.get_close_matches(name, names[:LOOKED_AT], 1, LIKENESS)
    if near:
        return f" Vouliez-vous « {near[0]} » ?"
    words = [word for word in name.split() if word in names]
    if " " in name and words:
        return f" « {words[0]} » existe : il manque sans doute un signe après lui."
    return else_say
