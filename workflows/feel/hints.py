"""What to say of an unknown name."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import lru_cache

LOOKED_AT = 500
LIKENESS = 0.75
UNDECLARED = " Le déclarer dans le formulaire ou dans les faits du dossier."


@lru_cache(maxsize=512)
def nearest(name: str, names: tuple[str, ...]) -> str | None:
    """The known name that is most like an unknown one; the same mistake is often made in many places."""
    found = difflib.get_close_matches(name, names, 1, LIKENESS)
    return found[0] if found else None


def suggestion(name: str, known: Iterable[object], else_say: str = UNDECLARED) -> str:
    """« Vouliez-vous … ? » when a known name is near; else that a sign is missing after a known word; else `else_say`."""
    names = tuple(str(k) for k in known)
    near = nearest(name, names[:LOOKED_AT])
    if near:
        return f" Vouliez-vous « {near} » ?"
    words = [word for word in name.split() if word in names]
    if " " in name and words:
        return f" « {words[0]} » existe : il manque sans doute un signe après lui."
    return else_say
