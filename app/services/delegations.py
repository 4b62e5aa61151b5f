"""A role handed to somebody for a while (rule S9): only one's own, never further, never above one's own ceiling."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.transaction import Unit, transaction
from app.db.users import RoleGrant, User
from app.services import administration, clock, perimeters, policy, versions
from app.services.actor import Actor
from app.services.errors import Forbidden, Invalid, NotFound


def _own(giver: User, role: str, today: dt.date, wanted: list[str], ceiling: int | None) -> RoleGrant:
    """The delegator's own grant of a role. Forbidden when they hold none, or when more is given than it holds (rule S9)."""
    own = next((row for row in giver.grants if row.role == role and row.on_behalf_of_id is None and _holds(row, today)), None)
    if own is None:
        raise Forbidden("may_not_delegate")
    if own.ceiling is not None and (ceiling is None or ceiling > own.ceiling):
        raise Forbidden("delegation_above")
    if own.case_types and not set(wanted or own.case_types) <= set(own.case_types):
        raise Forbidden("may_not_delegate")
    return own


def give(
    actor: Actor,
    source: str,
    receiver: str,
    role: str,
    ends: dt.date,
    *,
    case_types: Iterable[str] = (),
    ceiling: int | None = None,
    deed: str = "",
) -> None:
    """From today until `ends`. By the delegator, or an administrator.

    Forbidden when the role is not the delegator's own (S9) or the ceiling passes theirs; NotFound, Invalid.
    """

    def work(unit: Unit) -> None:
        today = unit.now.date()
        giver, other = _user(unit.session, source), _user(unit.session, receiver)
        if actor.id != giver.id and not policy.is_administrator(actor):
            raise NotFound
        if ends < today or other.id == giver.id:
            raise Invalid({"ends_on" if ends < today else "to": "dates_order" if ends < today else "cover_is_absent"})
        wanted = perimeters.with_children(case_types, versions.all_current(unit.session))
        own = _own(giver, role, today, wanted, ceiling)
        unit.session.add(
            RoleGrant(
                user_id=other.id,
                role=role,
                posts=list(own.posts),
                countries=list(own.countries),
                case_types=wanted or list(own.case_types),
                priorities=list(own.priorities),
                starts_on=today,
                ends_on=ends,
                deed=deed.strip()[:200],
                on_behalf_of_id=giver.id,
                ceiling=ceiling,
            )
        )
        administration.record(unit, actor, "grant.delegated", receiver, source=source, role=role, ends_on=ends, ceiling=ceiling)

    transaction(work, clock.now)


def _holds(row: RoleGrant, today: dt.date) -> bool:
    return (row.starts_on is None or row.starts_on <= today) and (row.ends_on is None or today <= row.ends_on)


def _user(session: Session, code: str) -> User:
    user = session.scalars(select(User).where(User.code == code, User.active.is_(True))).one_or_none()
    if user is None:
        raise NotFound
    return user
