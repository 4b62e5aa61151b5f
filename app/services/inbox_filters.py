"""What narrows a list of the inbox, as conditions on the rows of tasks."""

from __future__ import annotations

import datetime as dt
from dataclasses import astuple, dataclass

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from app.db.cases import Case, CaseLabel
from app.db.tasks import Task
from app.services import person_aliases, person_search

SOON = dt.timedelta(days=3)
FOUND = 200
"""Cases that a search in the inbox looks into at most."""


@dataclass(frozen=True)
class Filters:
    """What narrows a list: type of case, post, country, deadline (late, today, soon), priority, label, and a text (reference or name)."""

    case_type: str = ""
    post: str = ""
    country: str = ""
    due: str = ""
    priority: str = ""
    label: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        return any(astuple(self))


def narrow(session: Session, filters: Filters, now: dt.datetime) -> list[ColumnElement[bool]]:
    """SQL conditions on Task."""
    found: list[ColumnElement[bool]] = []
    if filters.case_type:
        found.append(Task.case_type == filters.case_type)
    if filters.post:
        found.append(exists().where(Case.id == Task.case_id, Case.post_code == filters.post))
    if filters.country:
        found.append(Task.country == filters.country)
    if filters.priority:
        found.append(Task.priority == filters.priority)
    if filters.label:
        found.append(exists().where(CaseLabel.case_id == Task.case_id, CaseLabel.label == filters.label))
    if filters.due == "late":
        found.append(Task.due_at < now)
    if filters.due == "today":
        found.append(Task.due_at < (now + dt.timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0))
    if filters.due == "soon":
        found.append(Task.due_at < now + SOON)
    if filters.text:
        found.append(Task.case_id.in_(_cases_of(session, filters.text)))
    return found


def _cases_of(session: Session, text: str) -> list[int]:
    """Cases whose reference begins with the text, or whose person answers to it."""
    prefix = text.replace("\x00", "").upper().replace("%", "").replace("_", "")
    named = person_aliases.codes(session, [person.code for person, _ in person_search.search(session, text, limit=FOUND)])
    query = select(Case.id).where(or_(Case.reference.like(f"{prefix}%"), Case.person_code.in_(named))).limit(FOUND)
    return list(session.scalars(query))
