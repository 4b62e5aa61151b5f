"""The outbox leaves: claimed, sent outside any transaction, marked. A message may leave twice (with one Message-ID), never get lost."""

import datetime as dt
import logging
from collections.abc import Sequence
from email.message import EmailMessage

from sqlalchemy import Row, or_, select, update
from sqlalchemy.orm import Session

from app.config import Config
from app.db.cases import Case
from app.db.outbox import Notification
from app.db.transaction import Unit, transaction
from app.db.users import RoleGrant, User
from app.extensions import db
from app.services import clock
from app.services.senders import Sender, letter

log = logging.getLogger(__name__)

AT_ONCE = 50
CLAIM = dt.timedelta(minutes=5)
ATTEMPTS = 12
"""With pauses of 2, 4, 8 ... minutes: a mail server may be away for three days."""

Waiting = Row[tuple[int, int | None, str, int | None, str | None, str | None, str | None, str, str, int]]


def send_waiting(sender: Sender, config: Config) -> int:
    """Send what waits, at most a handful at once; how many left. What fails is tried again later, more and more patiently."""
    claimed = transaction(_claim, clock.now)
    sent = 0
    for row in claimed:
        wrong = _send(row, sender, config)
        transaction(lambda unit, row=row, wrong=wrong: _mark(unit, row, wrong), clock.now)
        sent += wrong is None
    return sent


def _claim(unit: Unit) -> Sequence[Waiting]:
    free = or_(Notification.claimed_until.is_(None), Notification.claimed_until <= unit.now)
    waiting = (
        select(
            Notification.id,
            Notification.case_id,
            Notification.channel,
            Notification.recipient_id,
            Notification.recipient_role,
            Notification.recipient_post,
            Notification.address,
            Notification.subject,
            Notification.body,
            Notification.attempts,
        )
        .where(Notification.sent_at.is_(None), free, Notification.attempts < ATTEMPTS)
        .order_by(Notification.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows = unit.session.execute(waiting).all()
    if rows:
        claim = update(Notification).where(Notification.id.in_([row.id for row in rows]))
        unit.session.execute(claim.values(claimed_until=unit.now + CLAIM, attempts=Notification.attempts + 1))
    return rows


def _send(row: Waiting, sender: Sender, config: Config) -> str | None:
    """What went wrong, None when it left (or nobody has an address: the inbox shows it all the same)."""
    try:
        session = db.session()
        to = _addresses(session, row)
        message = _message(session, row, to, config) if to else None
        session.rollback()
        if message is not None:
            sender.send(message)
    except (OSError, ValueError) as error:
        log.warning("message_not_sent", extra={"notification": row.id, "reason": str(error)})
        return f"{type(error).__name__}: {error}"[:500]
    return None


def _mark(unit: Unit, row: Waiting, wrong: str | None) -> None:
    later = unit.now + dt.timedelta(minutes=2 ** (row.attempts + 1))
    values = {"error": wrong, "claimed_until": later} if wrong else {"error": None, "sent_at": unit.now}
    unit.session.execute(update(Notification).where(Notification.id == row.id).values(**values))


def _message(session: Session, row: Waiting, to: list[str], config: Config) -> EmailMessage:
    """Mail carries no personal data: what it is about, and where to read it."""
    reference = session.scalar(select(Case.reference).where(Case.id == row.case_id)) if row.case_id else None
    subject = f"Jatigi : {reference}" if reference else "Jatigi"
    where = f"{config.public_url}/cases/{row.case_id}" if row.case_id else config.public_url
    body = f"Un message vous attend sur ce dossier : {where}\n\nA message about this case is waiting for you.\n"
    return letter(row.id, to, subject, body, config)


def _addresses(session: Session, row: Waiting) -> list[str]:
    """Addresses of a person, or of all who hold the role at the post today."""
    people = select(User.email).where(User.active.is_(True), User.email != "")
    if row.recipient_id is not None:
        return list(session.scalars(people.where(User.id == row.recipient_id)))
    if row.recipient_role is None:
        return []
    today = clock.now().date()
    holders = (
        select(User.email, User.post_code, RoleGrant.posts)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(
            User.active.is_(True),
            User.email != "",
            RoleGrant.role == row.recipient_role,
            or_(RoleGrant.starts_on.is_(None), RoleGrant.starts_on <= today),
            or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today),
        )
    )
    there = [holder for holder in session.execute(holders) if row.recipient_post in {None, holder.post_code, *holder.posts}]
    return sorted({holder.email for holder in there})
