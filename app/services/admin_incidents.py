"""Incidents as an administrator sees them: grouped by what went wrong, retried one by one or together, with what came of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.cases import Case, Incident
from app.db.transaction import Unit, transaction
from app.extensions import db
from app.services import administration, clock, deadlines
from app.services.actor import Actor
from app.services.errors import Invalid, NotFound
from app.services.policy import ensure_administrator

PAGE = 50


@dataclass(frozen=True)
class Group:
    """Open incidents with one message: how many, since when, when the next retry comes by itself."""

    message: str
    count: int
    first_at: dt.datetime
    retry_at: dt.datetime | None


@dataclass(frozen=True)
class Open:
    """One open incident. The case is known by its reference only: an administrator sees no case."""

    id: int
    case_id: int
    reference: str
    element: str | None
    message: str
    happened_at: dt.datetime
    attempts: int
    retry_at: dt.datetime | None


def groups(session: Session, actor: Actor) -> list[Group]:
    """Open incidents by message, the most frequent first."""
    ensure_administrator(actor)
    query = (
        select(Incident.message, func.count(), func.min(Incident.happened_at), func.min(Incident.retry_at))
        .where(Incident.resolved_at.is_(None))
        .group_by(Incident.message)
        .order_by(func.count().desc(), Incident.message)
    )
    return [Group(*row) for row in session.execute(query)]


def open_ones(session: Session, actor: Actor, message: str | None = None) -> list[Open]:
    """Open incidents, the oldest first, at most one page."""
    ensure_administrator(actor)
    query = (
        select(
            Incident.id,
            Incident.case_id,
            Case.reference,
            Incident.element,
            Incident.message,
            Incident.happened_at,
            Incident.attempts,
            Incident.retry_at,
        )
        .join(Case, Case.id == Incident.case_id)
        .where(Incident.resolved_at.is_(None))
        .order_by(Incident.happened_at, Incident.id)
        .limit(PAGE)
    )
    if message is not None:
        query = query.where(Incident.message == message)
    return [Open(*row) for row in session.execute(query)]


def let_retry(actor: Actor, incident_id: int) -> int:
    """The case may be tried again at once; its number, for whoever tries. NotFound."""
    ensure_administrator(actor)

    def work(unit: Unit) -> int:
        row = unit.session.get(Incident, incident_id)
        if row is None or row.resolved_at is not None:
            raise NotFound
        row.retry_at = unit.now
        case = unit.session.get_one(Case, row.case_id)
        case.incident_at = unit.now  # the sweep may look again; the act that succeeds ends the incident
        administration.record(unit, actor, "incident.retried", case.reference, incident=row.id)
        return row.case_id

    return transaction(work, clock.now)


def still_open(session: Session, incident_id: int) -> bool:
    """Whether a retry has cured nothing: what the administrator is told afterwards."""
    return bool(session.scalar(select(Incident.id).where(Incident.id == incident_id, Incident.resolved_at.is_(None))))


def retry(actor: Actor, incident_id: int) -> bool:
    """Do what is due in the case again, at once; whether the incident is over. NotFound."""
    case_id = let_retry(actor, incident_id)
    deadlines.fire_due(case_id)
    return not still_open(db.session(), incident_id)


def close(actor: Actor, incident_id: int, reason: str) -> None:
    """An incident that somebody repaired by other means; the reason is kept. Invalid, NotFound."""
    ensure_administrator(actor)
    reason = reason.strip()[:500]
    if not reason:
        raise Invalid({"reason": "reason_missing"})

    def work(unit: Unit) -> None:
        row = unit.session.get(Incident, incident_id)
        if row is None or row.resolved_at is not None:
            raise NotFound
        row.resolved_at, row.resolved_by_id = unit.now, actor.id
        case = unit.session.get_one(Case, row.case_id)
        case.incident_at = None
        administration.record(unit, actor, "incident.closed", case.reference, incident=row.id, reason=reason)

    transaction(work, clock.now)
