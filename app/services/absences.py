"""Days on which somebody is away, and who stands in: the cover acts in the roles of the absent person, and the history says for whom."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.transaction import Unit, transaction
from app.db.users import Absence, User
from app.services import administration, clock
from app.services.actor import Actor
from app.services.errors import Invalid, NotFound
from app.services.policy import ensure_administrator


def record(actor: Actor, code: str, starts: dt.date, ends: dt.date, cover: str | None, reason: str = "") -> None:
    """An absence of a user, with or without a cover. By an administrator. NotFound, Invalid (dates, a cover that does not exist)."""
    ensure_administrator(actor)
    if ends < starts:
        raise Invalid({"ends_on": "dates_order"})

    def work(unit: Unit) -> None:
        user, other = _user(unit.session, code), _user(unit.session, cover) if cover else None
        if other is not None and other.id == user.id:
            raise Invalid({"cover": "cover_is_absent"})
        covers = {"cover_id": other.id if other else None}
        unit.session.add(Absence(user_id=user.id, starts_on=starts, ends_on=ends, reason=reason.strip()[:200], **covers))
        administration.record(unit, actor, "absence.recorded", code, starts_on=starts, ends_on=ends, cover=cover)

    transaction(work, clock.now)


def _user(session: Session, code: str) -> User:
    user = session.scalars(select(User).where(User.code == code, User.active.is_(True))).one_or_none()
    if user is None:
        raise NotFound
    return user
