"""Answers that are secret for a time: a step names the fact that ends it (`sealed_until`); before, only whoever gave them reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from app.services import case_file
from app.services.actor import Actor
from app.services.case_file import CaseFile
from app.services.history import Entry


def sealed(session: Session, file: CaseFile, actor: Actor, step: str | None, by_id: int | None, process: str = "") -> bool:
    """Whether what somebody answered at a step is kept from an actor by now."""
    spec = file.case_type.step(process, step) if step else None
    until = spec.properties.get("sealed_until") if spec else None
    return until is not None and by_id != actor.id and case_file.facts(session, file).get("", {}).get(until) is None


def kept(session: Session, file: CaseFile, actor: Actor, entries: Sequence[Entry]) -> list[Entry]:
    """Entries of the history as an actor may read them: that a sealed step was done, by whom and when, not what it changed."""
    return [
        replace(entry, changes={}, erased=0, data={name: said for name, said in entry.data.items() if name != "trace"})
        if sealed(session, file, actor, entry.element, entry.actor_id)
        else entry
        for entry in entries
    ]
