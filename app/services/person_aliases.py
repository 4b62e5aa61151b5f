"""A person who once had two records has two codes: what was written under either is found under both."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.db.people import Person


def codes(session: Session, known: Iterable[str]) -> list[str]:
    """The codes themselves, and every other code of the same persons, in a stable order."""
    given = {str(code) for code in known if code}
    if not given:
        return []
    roots = select(func.coalesce(Person.merged_into_id, Person.id)).where(Person.code.in_(given))
    query = select(Person.code).where(or_(Person.id.in_(roots), Person.merged_into_id.in_(roots)))
    return sorted(given.union(session.scalars(query)))


def current(session: Session, person: Person) -> Person:
    """The record that stands for a person today: itself, or the one it was merged into."""
    return person if person.merged_into_id is None else session.get_one(Person, person.merged_into_id)
