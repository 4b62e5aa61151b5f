"""Handlers about persons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.db.cases import Case
from app.db.people import Person
from app.services.act import Act, Handler
from app.services.person_search import similar
from workflows.outcome import Open


def duplicates(act: Act, job: Open) -> Mapping[str, Any]:
    """Other open cases of the same person, and persons who may be the same. Answers `doublons` (references) and `doublons_n`."""
    code = job.inputs.get("personne") or act.fact("personne")
    session = act.unit.session
    same = [str(code)] if code else []
    person = session.scalars(select(Person).where(Person.code == code)).one_or_none() if code else None
    if person is not None:
        same += [other.code for other, _ in similar(session, person, limit=5)]
    where = (Case.person_code.in_(same), Case.case_type == act.case.case_type, Case.id != act.case.id)
    found = list(session.scalars(select(Case.reference).where(*where).order_by(Case.id))) if same else []
    return {"doublons": found, "doublons_n": len(found)}


HANDLERS: dict[str, Handler] = {"person.duplicates": duplicates}
