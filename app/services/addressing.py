"""To whom a message of the outbox goes, and what is written: nobody's personal data leaves by mail, only where to read it."""

from email.message import EmailMessage
from typing import Any, NamedTuple

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from app.config import Config
from app.db.cases import Case
from app.db.outbox import Notification
from app.db.users import RoleGrant, User
from app.services import clock
from app.services.policy import CENTRAL
from app.services.senders import compose

READ = (
    *(Notification.id, Notification.case_id, Notification.channel, Notification.attempts),
    *(Notification.recipient_id, Notification.recipient_role, Notification.recipient_post, Notification.address),
    *(Notification.subject, Notification.body, Notification.data),
)
Waiting = Row[*tuple[Any, ...]]
"""The columns of READ."""

INBOX, MAIL, SMS, LETTER = "inbox", "mail", "sms", "letter"
TEXTS = {
    "fr": "Un message vous attend dans Jatigi : {where}\n\nCe message est automatique ; n'y répondez pas.\n",
    "en": "A message is waiting for you in Jatigi: {where}\n\nThis message is automatic; do not reply to it.\n",
}


class Recipient(NamedTuple):
    """Somebody who can be written to."""

    email: str
    phone: str
    language: str


def messages(session: Session, row: Waiting, config: Config) -> list[EmailMessage]:
    """What is to be sent for a row of the outbox. Raises ValueError for an address that is none."""
    if row.channel == LETTER:
        # Signed and sent by an officer: kept whole, where letters are printed.
        return [compose(config, f"{row.id}", None, row.subject, f"{row.address or ''}\n\n{row.body}\n")]
    reference = session.scalar(select(Case.reference).where(Case.id == row.case_id)) if row.case_id else None
    where = f"{config.public_url}/dossiers/{reference}" if reference else config.public_url
    return [_message(config, row, number, who, where) for number, who in enumerate(_recipients(session, row))]


def _message(config: Config, row: Waiting, number: int, who: Recipient, where: str) -> EmailMessage:
    english = (row.data or {}).get("en") if who.language == "en" else None
    text = TEXTS.get(who.language, TEXTS["fr"]).format(where=where)
    subject = english or row.subject
    if row.channel == SMS:
        return compose(config, f"{row.id}-{number}", None, f"SMS {who.phone} : {subject}", subject)
    return compose(config, f"{row.id}-{number}", who.email, subject, text)


def _recipients(session: Session, row: Waiting) -> list[Recipient]:
    """The person, or all who hold the role at the post today, as far as they can be reached on this channel."""
    known = User.phone if row.channel == SMS else User.email
    people = select(User.email, User.phone, User.language, User.post_code).where(User.active.is_(True), known != "").order_by(User.id)
    if row.recipient_id is not None:
        return [Recipient(*who[:3]) for who in session.execute(people.where(User.id == row.recipient_id))]
    if row.recipient_role is None:
        return []
    today = clock.now().date()
    holders = people.add_columns(RoleGrant.posts).join(RoleGrant, RoleGrant.user_id == User.id)
    holders = holders.where(
        RoleGrant.role == row.recipient_role,
        or_(RoleGrant.starts_on.is_(None), RoleGrant.starts_on <= today),
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today),
    )
    there = [who for who in session.execute(holders) if _is_there(who, row.recipient_post)]
    return list(dict.fromkeys(Recipient(*who[:3]) for who in there))


def _is_there(who: Waiting, place: str | None) -> bool:
    """A grant without posts holds where its holder is; work of the central administration is nobody's post."""
    return place in {None, CENTRAL} or place in (who.posts or [who.post_code])
