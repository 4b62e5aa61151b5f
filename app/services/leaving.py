"""Lists that leave the application, on paper or as a file: who took which, when, in the journal, and in the readings of every confidential
case that stands on it. (domain: roles-and-rights §6.)"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.db.transaction import Unit, transaction
from app.services import administration, clock, readings
from app.services.actor import Actor

PRINTED, EXPORTED = "list.printed", "list.exported"
MOST = 500
"""Rows of a file at most: more than anybody reads, few enough to be recorded case by case."""


def note(actor: Actor, kind: str, subject: str, cases: Iterable[Any], form: str = "", filters: Mapping[str, str] | None = None) -> None:
    """Writes down that a list left. cases: id, reference and confidentiality of what stands on it; form: of a file;
    filters: what narrowed the list."""
    listed = {case.id: case for case in cases}
    narrowed = {f"filter_{name}": value for name, value in (filters or {}).items() if value}

    def work(unit: Unit) -> None:
        readings.note(unit, actor, [listed[id_] for id_ in sorted(listed)], "export" if kind == EXPORTED else "print", "role")
        administration.record(unit, actor, kind, subject, rows=len(listed), **({"form": form} if form else {}), **narrowed)

    transaction(work, clock.now)
