"""Cases in lists and searches: those that exist for the actor, the latest first, by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.people import Person
from app.services import people, person_aliases, person_search, policy, versions
from app.services.actor import Actor

PAGE = 30
FOUND = 60


@dataclass(frozen=True)
class Filters:
    """What narrows the list: type, post, status; `state` is open, closed or all."""

    case_type: str = ""
    post: str = ""
    status: str = ""
    state: str = "open"


@dataclass(frozen=True)
class Page:
    """Rows of Case columns with the person's names; `after` opens the next page."""

    rows: Sequence[Row[Any]]
    after: int | None


COLUMNS = (
    Case.id,
    Case.reference,
    Case.case_type,
    Case.status,
    Case.priority,
    Case.confidentiality,
    Case.post_code,
    Case.country,
    Case.due_at,
    Case.opened_at,
    Case.closed_at,
    Case.person_code,
    Case.title,
    Person.given_names,
    Person.family_name,
)


def page(session: Session, actor: Actor, filters: Filters, after: int | None = None, size: int = PAGE) -> Page:
    """A page of the cases that exist for the actor."""
    query = _visible(session, actor).order_by(Case.id.desc()).limit(size + 1)
    if filters.case_type:
        query = query.where(Case.case_type == filters.case_type)
    if filters.post:
        query = query.where(Case.post_code == filters.post)
    if filters.status:
        query = query.where(Case.status == filters.status)
    if filters.state == "open":
        query = query.where(Case.closed_at.is_(None))
    if filters.state == "closed":
        query = query.where(Case.closed_at.is_not(None))
    if after is not None:
        query = query.where(Case.id < after)
    rows = session.execute(query).all()
    return Page(rows[:size], rows[size - 1].id if len(rows) > size else None)


def search(session: Session, actor: Actor, text: str) -> Sequence[Row[Any]]:
    """Cases by reference (its beginning), or by the person's name or paper, however written."""
    text = text.replace("\x00", "").strip()
    if not text:
        return []
    prefix = text.upper().replace("%", "").replace("_", "")
    codes = person_aliases.codes(session, _codes(session, actor, text))
    wanted = or_(Case.reference.like(f"{prefix}%"), Case.person_code.in_(codes)) if codes else Case.reference.like(f"{prefix}%")
    query = _visible(session, actor).where(wanted).order_by(Case.closed_at.is_not(None), Case.id.desc()).limit(FOUND)
    return session.execute(query).all()


def _codes(session: Session, actor: Actor, text: str) -> list[str]:
    if not people.may_search(actor, versions.all_current(session)):
        return []
    if any(letter.isdigit() for letter in text):
        return [person.code for person in person_search.by_number(session, text)]
    return [person.code for person, _ in person_search.search(session, text, limit=FOUND)]


def _visible(session: Session, actor: Actor) -> Any:
    condition = policy.visible_cases(actor, versions.all_current(session))
    return select(*COLUMNS).outerjoin(Person, Person.code == Case.person_code).where(condition)
