"""Handlers about persons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.db.cases import Case
from app.db.people import Person
from app.db.users import User
from app.services import person_aliases
from app.services.act import Act, Handler
from app.services.person_search import similar
from workflows.outcome import Open

DEAD = "decede"


def duplicates(act: Act, job: Open) -> Mapping[str, Any]:
    """Other open cases of the same person, and persons who may be the same. Answers `doublons` (references) and `doublons_n`."""
    code = job.inputs.get("personne") or act.fact("personne")
    session = act.unit.session
    same = [str(code)] if code else []
    person = session.scalars(select(Person).where(Person.code == code)).one_or_none() if code else None
    if person is not None:
        same += [other.code for other, _ in similar(session, person, limit=5)]
    where = (Case.person_code.in_(person_aliases.codes(session, same)), Case.case_type == act.case.case_type, Case.id != act.case.id)
    found = list(session.scalars(select(Case.reference).where(*where).order_by(Case.id))) if same else []
    return {"doublons": found, "doublons_n": len(found)}


def registers(act: Act, job: Open) -> Mapping[str, Any]:
    """What the registers hold of the person: passports, cards, national number. Answers `registres_trouves`."""
    person = _person(act, job)
    if person is None:
        return {"registres_trouves": []}
    found = [
        {"registre": str(paper.get("type")), "numero": str(paper.get("numero")), "valide_jusqu_au": paper.get("expire")}
        for paper in person.papers
    ]
    if person.national_number:
        found.append({"registre": "nina", "numero": person.national_number, "valide_jusqu_au": None})
    return {"registres_trouves": found}


def nationality(act: Act, job: Open) -> Mapping[str, Any]:
    """Writes the outcome of the nationality check on the person's record."""
    person = _person(act, job)
    status = str(job.inputs.get("statut_nationalite") or "")
    if person is not None and status:
        before, person.nationality_status = person.nationality_status, status
        act.recorder.add("person.nationality", job.step, data={"from": before, "to": status})
    return {}


def life(act: Act, job: Open) -> Mapping[str, Any]:
    """Writes whether the person lives, and of a dead one the (partial) date of death, on the record that stands for the person today.

    A status that is null leaves the record as it is; told twice, it is written once.
    """
    status, named = str(job.inputs.get("statut_vie") or ""), _person(act, job)
    if named is None or not status:
        return {}
    person = person_aliases.current(act.unit.session, named)
    died = str(job.inputs.get("date_deces") or "")[:10] or None if status == DEAD else None
    if (person.life_status, person.died) != (status, died):
        before, person.life_status, person.died = person.life_status, status, died
        act.recorder.add("person.life", job.step, data={"from": before, "to": status})
    return {}


def staff_names(act: Act, job: Open) -> Mapping[str, Any]:
    """The names of users, for a letter: `agents` (codes). Answers `noms`, in the same order; a code that nobody has stands for itself."""
    agents = [str(code) for code in job.inputs.get("agents") or ()]
    known = {user.code: user.name for user in act.unit.session.scalars(select(User).where(User.code.in_(agents)))}
    return {"noms": [known.get(code, code) for code in agents]}


def _person(act: Act, job: Open) -> Person | None:
    code = job.inputs.get("personne") or act.fact("personne")
    return act.unit.session.scalars(select(Person).where(Person.code == str(code))).one_or_none() if code else None


HANDLERS: dict[str, Handler] = {
    "person.duplicates": duplicates,
    "person.registers": registers,
    "person.nationality": nationality,
    "person.life": life,
    "staff.names": staff_names,
}
