"""Who could do a task: for handing it over, and for telling who can when one may not oneself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.db.users import Absence, RoleGrant, User
from app.services import actor as actors
from app.services import policy
from app.services.errors import Refusal
from app.services.tasks import excluded_by
from workflows.catalog import CaseType

MOST = 40


@dataclass(frozen=True)
class Candidate:
    """A person who may do the task today; `absent_until` when they are away and somebody covers for them."""

    id: int
    code: str
    name: str
    post: str
    absent_until: dt.date | None = None


class _Unassigned:
    """The task as if nobody held it."""

    assignee_id = None

    def __init__(self, task: Any) -> None:
        self._task = task

    def __getattr__(self, name: str) -> Any:
        return getattr(self._task, name)


def of_task(session: Session, task: Any, case_type: CaseType, today: dt.date, without: int | None = None) -> list[Candidate]:
    """Persons whose grants cover the task and whom no separation of duties keeps away, by name; at most MOST."""
    spec = case_type.step(task.process, task.step)
    excluded = excluded_by(spec) if spec else ()
    free = _Unassigned(task)
    found: list[Candidate] = []
    for user_id in _holders(session, task.role, today):
        if user_id == without or len(found) == MOST:
            continue
        person = actors.load(session, user_id, today)
        if person is None:
            continue
        try:
            policy.ensure_may_do(session, person, free, case_type, excluded=excluded)
        except Refusal:
            continue
        found.append(Candidate(user_id, person.code, person.name, person.post, _away(session, user_id, today)))
    return sorted(found, key=lambda one: (one.absent_until is not None, one.name))


def _holders(session: Session, role: str, today: dt.date) -> list[int]:
    query = (
        select(RoleGrant.user_id)
        .join(User, User.id == RoleGrant.user_id)
        .where(
            RoleGrant.role == role,
            User.active.is_(True),
            or_(RoleGrant.starts_on.is_(None), RoleGrant.starts_on <= today),
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today),
        )
        .distinct()
        .order_by(RoleGrant.user_id)
    )
    return list(session.scalars(query))


def _away(session: Session, user_id: int, today: dt.date) -> dt.date | None:
    query = select(Absence.ends_on).where(Absence.user_id == user_id, Absence.starts_on <= today, Absence.ends_on >= today)
    return session.scalar(query.order_by(Absence.ends_on.desc()).limit(1))
