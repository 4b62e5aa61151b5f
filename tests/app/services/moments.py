"""Time goes on for a case, and somebody is told."""

import datetime as dt

from sqlalchemy import select

from app.db.outbox import Notification
from app.db.tasks import Task
from app.db.users import User
from app.services import deadlines
from tests.app.services.staging import StagedCase, one, rows


def fire(case: StagedCase, after: dt.timedelta) -> bool:
    """Time goes on, and what is due is carried out."""
    with case.at(after):
        return deadlines.fire_due(case.case_id)


def the_task(case: StagedCase, step: str = "enregistrer_deces") -> Task:
    """The open task or wait of a step."""
    return one(select(Task).where(Task.case_id == case.case_id, Task.step == step, Task.closed_at.is_(None)))


def told(case: StagedCase) -> list[tuple[str, str | None, str | None, str]]:
    """(kind, role, person, channel) of the messages about deadlines, the oldest first."""
    kinds = ("reminder_50", "reminder_80", "late_100", "late_150")
    query = select(Notification).where(Notification.case_id == case.case_id, Notification.kind.in_(kinds)).order_by(Notification.id)
    return [(note.kind, note.recipient_role, person(note.recipient_id), note.channel) for note in rows(query)]


def person(user_id: int | None) -> str | None:
    """The code of a user."""
    return one(select(User.code).where(User.id == user_id)) if user_id else None
