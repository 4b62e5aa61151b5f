"""Cases that wait for a budget line go on by themselves when it opens (domain: funding §3).

The messages that say so are declared in the shared folder (`opened_on`). Opening a line is an act in its chain; a wait that began before
that act hears of it, once. What the case then finds on the line is for its procedure to say.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.administration import AdminEntry
from app.db.cases import Case
from app.db.facts import Fact
from app.db.tasks import WAIT, Task
from app.services import messages, versions
from app.services.actor import SYSTEM
from app.services.receiving import Delivery, Incoming
from workflows.facts import unpack

OPENED, SOURCE = "budget.opened", "budget"


@dataclass(frozen=True)
class Heard:
    """A case that waits for a line which opened since: the message, the value by which it is matched, the act that opened the line."""

    reference: str
    message: str
    key: str
    day: str
    seq: int
    at: dt.datetime


def heard(session: Session, now: dt.datetime) -> list[Heard]:
    """What waits and need not wait any longer."""
    specs = {spec.name: spec for one in versions.all_current(session).values() for spec in one.messages.values() if spec.opened_on}
    where = (Task.kind == WAIT, Task.closed_at.is_(None), Task.message.in_(specs))
    query = select(Task, Case.reference).join(Case, Case.id == Task.case_id).where(*where).order_by(Task.id)
    found = []
    for task, reference in session.execute(query):
        spec = specs[str(task.message)]
        fact = (Fact.case_id == task.case_id, Fact.scope == task.scope, Fact.name == spec.key)
        key = _text(session.scalar(select(Fact.value).where(*fact)))
        act = _opened(session, key, task.opened_at, now) if key else None
        if act is not None:
            found.append(Heard(reference, spec.name, str(key), str(spec.opened_on), act.seq, act.at))
    return found


def tell(one: Heard) -> Delivery:
    """The case hears that its line is open. Told twice, it happens once."""
    said = {one.day: one.at.date().isoformat()}
    return messages.deliver(SYSTEM, one.reference, Incoming(one.message, said, one.key, SOURCE, f"{one.seq}/{one.reference}"))


def _text(value: Any) -> str | None:
    return str(unpack(orjson.loads(value))) if value is not None else None


def _opened(session: Session, key: str, since: dt.datetime, now: dt.datetime) -> AdminEntry | None:
    """The last act since a moment that opened the line of this year, or the one that the key names. Credits that were opened before their
    year begins are there from its first day on."""
    subject = key if "/" in key else f"{key}/{now.year}"
    first = dt.datetime(int(subject.rpartition("/")[2]), 1, 1, tzinfo=dt.UTC)
    if now < first:
        return None
    where = [AdminEntry.kind == OPENED, AdminEntry.subject == subject]
    if since >= first:
        where.append(AdminEntry.at > since)
    return session.scalars(select(AdminEntry).where(*where).order_by(AdminEntry.seq.desc()).limit(1)).first()
