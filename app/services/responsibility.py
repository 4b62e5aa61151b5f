"""Who answers for a new case: the caseworker of its type with the fewest open cases; whoever opens it, when they are one."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.users import Absence, RoleGrant, User
from app.services.actor import Actor
from app.services.placing import responsible_role
from workflows.catalog import CaseType


def choose(session: Session, actor: Actor, case_type: CaseType, today: dt.date) -> User | None:
    """The person in charge; None when nobody holds the role."""
    role = responsible_role(case_type)
    if any(grant.covers(case_type.code) for grant in actor.holding(role)):
        return session.get(User, actor.id)
    away = select(Absence.user_id).where(Absence.starts_on <= today, Absence.ends_on >= today)
    load = select(func.count()).where(Case.responsible_id == User.id, Case.closed_at.is_(None)).scalar_subquery()
    query = (
        select(User, RoleGrant.case_types)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.role == role, User.active.is_(True), User.id.not_in(away), RoleGrant.on_behalf_of_id.is_(None))
        .order_by(load, User.id)
    )
    return next((user for user, types in session.execute(query) if not types or case_type.code in types), None)
