"""Records behind the codes that forms and expressions use: persons, users, bodies, places, budget lines, documents, cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.documents import Document
from app.db.people import Body, Person
from app.db.posts import Post
from app.db.users import User
from app.services import calendars, clock
from workflows.facts import unpack

Record = dict[str, Any]
Resolve = Callable[[str, str], Record | None]
MAJORITY = 18

_more: dict[str, Callable[[Session, int, str], Record | None]] = {}


def register(kind: str, find: Callable[[Session, int, str], Record | None]) -> None:
    """Another service answers for a kind of reference (budget lines, for one)."""
    _more[kind] = find


def zone_of(session: Session, post_code: str) -> str:
    """IANA zone of a place; Bamako's for the central services."""
    return calendars.zone_of(session, post_code)


def unpack_item(item: Any) -> dict[str, Any]:
    """The item of a multi-instance as it was."""
    return unpack(item) if item else {}


def resolver(session: Session, case_id: int) -> Resolve:
    """Finds a record by kind and code; None when there is none. What a case may refer to is not narrowed here."""
    known: dict[tuple[str, str], Record | None] = {}

    def resolve(kind: str, code: str) -> Record | None:
        if (kind, code) not in known:
            known[kind, code] = _find(session, case_id, kind, code)
        return known[kind, code]

    return resolve


def _find(session: Session, case_id: int, kind: str, code: str) -> Record | None:
    if kind in _more:
        return _more[kind](session, case_id, code)
    if kind == "person-or-structure":
        return _find(session, case_id, "person", code) or _find(session, case_id, "structure", code)
    if kind == "place-ml-or-country":
        return {"code": code}
    finder = FINDERS.get(kind)
    return finder(session, case_id, code) if finder else {"code": code}


def person(session: Session, _case_id: int, code: str) -> Record | None:
    row = session.scalars(select(Person).where(Person.code == code)).one_or_none()
    if row is None:
        return None
    return {
        "code": row.code,
        "nom": row.family_name,
        "prenoms": row.given_names,
        "nom_complet": row.name,
        "sexe": row.sex,
        "date_naissance": row.born,
        "mineur": minor(row.birth_year, row.born, clock.now().date()),
        "statut_nationalite": row.nationality_status,
        "statut_vie": row.life_status,
        "pays_residence": row.residence,
    }


def minor(year: int | None, born: str | None, today: dt.date) -> bool | None:
    """Whether somebody born then may be under age; None when nothing is known. A partial date counts from its last possible day."""
    if year is None:
        return None
    month, day = (int(part) for part in (f"{born}-12-28".split("-")[1:3] if born else (12, 28)))
    return (today.year - year, (today.month, today.day)) < (MAJORITY, (month, day))


def user(session: Session, _case_id: int, code: str) -> Record | None:
    row = session.scalars(select(User).where(User.code == code)).one_or_none()
    return row and {
        "code": row.code,
        "nom_complet": row.name,
        "poste": row.post_code,
        "roles": sorted({grant.role for grant in row.grants}),
    }


def body(session: Session, _case_id: int, code: str) -> Record | None:
    row = session.scalars(select(Body).where(Body.code == code)).one_or_none()
    return row and {
        "code": row.code,
        "nom": row.name,
        "genre": row.kind,
        "pays": row.country,
        "actif": row.active,
        "registre": row.register,
    }


def post(session: Session, _case_id: int, code: str) -> Record | None:
    row = session.get(Post, code)
    return row and {"code": row.code, "nom": row.name_fr, "pays": row.country, "genre": row.kind}


def document(session: Session, case_id: int, code: str) -> Record | None:
    row = session.scalars(select(Document).where(Document.code == code, Document.case_id == case_id)).one_or_none()
    return row and {"code": row.code, "nom": row.name, "type_piece": row.kind, "taille": row.size, "verifiee": row.verified_at is not None}


def case(session: Session, _case_id: int, code: str) -> Record | None:
    row = session.execute(select(Case.reference, Case.case_type, Case.status, Case.stage).where(Case.reference == code)).one_or_none()
    return row and {"code": row.reference, "type_dossier": row.case_type, "statut": row.status, "etape": row.stage}


FINDERS: Mapping[str, Callable[[Session, int, str], Record | None]] = {
    "person": person,
    "user": user,
    "structure": body,
    "post": post,
    "station": post,
    "document": document,
    "documents": document,
    "case": case,
}
