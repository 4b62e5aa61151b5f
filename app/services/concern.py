"""Whom a case is about, as far as the staff is concerned: nobody decides on their own case, on a declared relative's, or on one that they
reported themselves (domain: roles-and-rights, rule S3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import CompoundSelect, or_, select, union_all
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.facts import Fact
from app.db.users import DeclaredRelative, Kinship, User
from app.services import person_aliases


def concerned(session: Session, case_id: int, user_ids: Iterable[int]) -> set[int]:
    """Those of the users whom a case names, or whose declared relatives it names: as the person helped, as the one who reported, as a
    beneficiary, in whatever answer."""
    ids = sorted(set(user_ids))
    known: dict[int, set[str]] = {}
    for row in session.execute(_persons(ids)) if ids else ():
        known.setdefault(row.user_id, set()).add(row.person_code)
    return {user_id for user_id, codes in known.items() if _named(session, case_id, person_aliases.codes(session, codes))}


def _persons(ids: list[int]) -> CompoundSelect[Any]:
    """(user, code of a person): the user's own record, those of relatives who are users, those of the others."""
    own = select(User.id.label("user_id"), User.person_code).where(User.id.in_(ids), User.person_code.is_not(None))
    declared = select(DeclaredRelative.user_id, DeclaredRelative.person_code).where(DeclaredRelative.user_id.in_(ids))
    ties = [
        select(mine.label("user_id"), User.person_code).join(User, User.id == other).where(mine.in_(ids), User.person_code.is_not(None))
        for mine, other in ((Kinship.user_id, Kinship.relative_id), (Kinship.relative_id, Kinship.user_id))
    ]
    return union_all(own, declared, *ties)


def _named(session: Session, case_id: int, codes: list[str]) -> bool:
    written = [orjson.dumps(code).decode() for code in codes]
    named = select(Fact.name).where(Fact.case_id == case_id, Fact.value.in_(written)).exists()
    return session.scalar(select(Case.id).where(Case.id == case_id, or_(Case.person_code.in_(codes), named))) is not None


def relatives(session: Session, user_ids: Iterable[int]) -> set[int]:
    """The users with whom one of these declared a tie, whichever of the two declared it."""
    ids = sorted(set(user_ids))
    if not ids:
        return set()
    ties = select(Kinship.user_id, Kinship.relative_id).where(or_(Kinship.user_id.in_(ids), Kinship.relative_id.in_(ids)))
    return {user_id for pair in session.execute(ties) for user_id in pair} - set(ids)
