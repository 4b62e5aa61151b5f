"""Cases in lists and searches: those that exist for the actor, the latest first, by key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, literal, or_, select, union_all
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
    query = _narrowed(_visible(session, actor), filters).order_by(Case.id.desc()).limit(size + 1)
    if after is not None:
        query = query.where(Case.id < after)
    rows = session.execute(query).all()
    return Page(rows[:size], rows[size - 1].id if len(rows) > size else None)


def neighbours(session: Session, actor: Actor, filters: Filters, case_id: int) -> tuple[str | None, str | None]:
    """The references before and after a case in the list: a newer one, an older one."""
    of = _narrowed(select(Case.id, Case.reference).where(policy.visible_cases(actor, versions.all_current(session))), filters)
    newer = of.where(Case.id > case_id).order_by(Case.id).limit(1).subquery()
    older = of.where(Case.id < case_id).order_by(Case.id.desc()).limit(1).subquery()
    return _sides(session, newer, older)


def siblings(session: Session, actor: Actor, child: Case, stage: str, category: str) -> tuple[str | None, str | None]:
    """The references before and after a child of an operation, in the order of recording, among those that exist for the actor."""
    seen = policy.visible_cases(actor, versions.all_current(session))
    of = select(Case.id, Case.reference).where(seen, Case.parent_id == child.parent_id)
    for column, wanted in ((Case.stage, stage), (Case.category, category)):
        if wanted:
            of = of.where(column == wanted)
    earlier = of.where(Case.id < child.id).order_by(Case.id.desc()).limit(1).subquery()
    later = of.where(Case.id > child.id).order_by(Case.id).limit(1).subquery()
    return _sides(session, earlier, later)


def reference_of(session: Session, case_id: int) -> str | None:
    """The reference of a case."""
    return session.scalar(select(Case.reference).where(Case.id == case_id))


def _sides(session: Session, before: Any, after: Any) -> tuple[str | None, str | None]:
    """Both sides in one statement: a page that has them costs one more than a page without."""
    both = union_all(*(select(literal(name).label("side"), one.c.reference) for name, one in (("before", before), ("after", after))))
    found = {row.side: row.reference for row in session.execute(both)}
    return found.get("before"), found.get("after")


def _narrowed(query: Any, filters: Filters) -> Any:
    for column, wanted in ((Case.case_type, filters.case_type), (Case.post_code, filters.post), (Case.status, filters.status)):
        if wanted:
            query = query.where(column == wanted)
    if filters.state == "open":
        query = query.where(Case.closed_at.is_(None))
    if filters.state == "closed":
        query = query.where(Case.closed_at.is_not(None))
    return query


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
