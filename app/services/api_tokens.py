"""Tokens of the JSON interface: one or more a user; only their digest is kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from app.db.transaction import Unit
from app.db.users import ApiToken, User
from app.services import actor as actors
from app.services.actor import Actor
from app.services.errors import NotFound

PREFIX = "jtg_"
_TOKEN = ApiToken.__table__.c
_HOLDS = (_TOKEN.revoked_at.is_(None), or_(_TOKEN.expires_at.is_(None), _TOKEN.expires_at > bindparam("now")))
_HOLDER = actors.who(select(_TOKEN.user_id).where(_TOKEN.digest == bindparam("digest"), *_HOLDS).scalar_subquery())


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def issue(unit: Unit, login: str, label: str, days: int = 365) -> str:
    """A new token of a user, shown this once. NotFound for an unknown or inactive login."""
    user = unit.session.scalars(select(User).where(User.login == login, User.active.is_(True))).one_or_none()
    if user is None:
        raise NotFound
    token = PREFIX + secrets.token_urlsafe(32)
    expires = unit.now + dt.timedelta(days=days)
    unit.session.add(ApiToken(user_id=user.id, digest=digest(token), label=label[:80], created_at=unit.now, expires_at=expires))
    return token


def actor_of(session: Session, token: str, now: dt.datetime) -> Actor | None:
    """Who a token stands for; None when it is unknown, revoked or over."""
    return actors.load_by(session, _HOLDER, now.date(), digest=digest(token), now=now)


def revoke(unit: Unit, login: str) -> int:
    """Ends all tokens of a user; how many."""
    query = select(ApiToken).join(User, User.id == ApiToken.user_id).where(User.login == login, ApiToken.revoked_at.is_(None))
    rows = list(unit.session.scalars(query))
    for row in rows:
        row.revoked_at = unit.now
    return len(rows)
