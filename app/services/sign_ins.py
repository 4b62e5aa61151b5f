"""Signing in and out. Each sign-in is a row: signing out, an administrator or time revokes it, wherever its cookie was copied to."""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy import CursorResult, bindparam, func, select, update
from sqlalchemy.orm import Session

from app.db.transaction import Unit, transaction
from app.db.users import SignIn, User
from app.extensions import db
from app.services import actor as actors
from app.services import clock, passwords
from app.services.actor import Actor

LASTS = dt.timedelta(hours=12)
DEVICE_LENGTH = 200
_SIGN_IN = SignIn.__table__
_HOLDS = (_SIGN_IN.c.id == bindparam("sign_in"), _SIGN_IN.c.revoked_at.is_(None), _SIGN_IN.c.expires_at > bindparam("now"))
_HOLDER = actors.who(select(_SIGN_IN.c.user_id).where(*_HOLDS).scalar_subquery())


def enter(login: str, password: str, device: str) -> str | None:
    """The id of a new sign-in, or None when name or password are wrong or the account is closed (the three look the same)."""

    def work(unit: Unit) -> str | None:
        user = unit.session.scalars(select(User).where(func.lower(User.login) == login.strip().lower())).one_or_none()
        if user is None or not user.active or user.password_hash != kept:
            return None
        if kept is not None and passwords.outdated(kept):
            user.password_hash = passwords.digest(password)
        row = SignIn(
            id=secrets.token_urlsafe(32),
            user_id=user.id,
            started_at=unit.now,
            expires_at=unit.now + LASTS,
            device=device[:DEVICE_LENGTH],
        )
        unit.session.add(row)
        return row.id

    # The slow comparison happens before the transaction: nobody waits for the write lock because of it.
    kept = _kept(login)
    if not passwords.matches(kept, password):
        return None
    return transaction(work, clock.now)


def _kept(login: str) -> str | None:
    query = select(User.password_hash).where(func.lower(User.login) == login.strip().lower(), User.active.is_(True))
    return db.session.scalar(query)


def actor_of(session: Session, sign_in: str, now: dt.datetime) -> Actor | None:
    """The user of a sign-in that still holds at `now`; None for anybody whose account was closed too."""
    return actors.load_by(session, _HOLDER, now.date(), sign_in=sign_in, now=now)


def leave(sign_in: str) -> None:
    """Revoke one sign-in; doing it twice does no harm."""

    def work(unit: Unit) -> None:
        unit.session.execute(update(SignIn).where(SignIn.id == sign_in, SignIn.revoked_at.is_(None)).values(revoked_at=unit.now))

    transaction(work, clock.now)


def leave_everywhere(user_id: int, except_for: str | None = None) -> int:
    """Revoke every sign-in of a user but one; how many there were."""

    def work(unit: Unit) -> int:
        query = update(SignIn).where(SignIn.user_id == user_id, SignIn.revoked_at.is_(None), SignIn.id != (except_for or ""))
        done = unit.session.execute(query.values(revoked_at=unit.now))
        assert isinstance(done, CursorResult)
        return done.rowcount

    return transaction(work, clock.now)


def open_ones(session: Session, user_id: int, now: dt.datetime) -> list[SignIn]:
    """The sign-ins of a user that still hold, the latest first."""
    query = select(SignIn).where(SignIn.user_id == user_id, SignIn.revoked_at.is_(None), SignIn.expires_at > now)
    return list(session.scalars(query.order_by(SignIn.started_at.desc())))


def change_password(user_id: int, old: str, new: str) -> bool:
    """Whether the old password was right; then the new one holds and the other devices are signed out by the caller.

    ValueError when the new one is too short or too long.
    """
    kept = db.session.scalar(select(User.password_hash).where(User.id == user_id))
    if not passwords.matches(kept, old):
        return False
    digest = passwords.digest(new)

    def work(unit: Unit) -> None:
        unit.session.execute(update(User).where(User.id == user_id).values(password_hash=digest))

    transaction(work, clock.now)
    return True


def choose_language(user_id: int, language: str) -> None:
    """Keep the language of pages and mails on the account."""

    def work(unit: Unit) -> None:
        unit.session.execute(update(User).where(User.id == user_id).values(language=language))

    transaction(work, clock.now)
