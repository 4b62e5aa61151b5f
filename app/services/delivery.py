"""The outbox leaves: claimed, sent outside any transaction, marked. A message may leave twice (with one Message-ID), never get lost."""

import datetime as dt
import logging
from functools import partial

from sqlalchemy import or_, select, update

from app.config import Config
from app.db.outbox import Notification
from app.db.transaction import Unit, transaction
from app.extensions import db
from app.services import addressing, clock, letters_leaving
from app.services.addressing import Waiting
from app.services.documents import Store
from app.services.senders import Ways

log = logging.getLogger(__name__)

AT_ONCE = 50
CLAIM = dt.timedelta(minutes=5)
ATTEMPTS = 12
"""With pauses of 2, 4, 8 ... minutes: a mail server may be away for three days."""


def send_waiting(ways: Ways, config: Config) -> bool:
    """Send what waits, a handful at once; whether more may wait. What fails is tried again later, more and more patiently."""
    claimed, more = transaction(_claim, clock.now)
    for row in claimed:
        wrong = _send(row, ways, config)
        transaction(partial(_mark, row=row, wrong=wrong), clock.now)
    return more


def _claim(unit: Unit) -> tuple[list[Waiting], bool]:
    """What this process sends now, and whether there is more. What the inbox shows has arrived with its commit, and is only marked."""
    free = or_(Notification.claimed_until.is_(None), Notification.claimed_until <= unit.now)
    waiting = (
        select(*addressing.READ)
        .where(Notification.sent_at.is_(None), free, Notification.attempts < ATTEMPTS)
        .order_by(Notification.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    rows: list[Waiting] = list(unit.session.execute(waiting))
    inside = [row.id for row in rows if row.channel == addressing.INBOX]
    outside = [row for row in rows if row.channel != addressing.INBOX]
    if inside:
        unit.session.execute(update(Notification).where(Notification.id.in_(inside)).values(sent_at=unit.now))
    if outside:
        claim = update(Notification).where(Notification.id.in_([row.id for row in outside]))
        unit.session.execute(claim.values(claimed_until=unit.now + CLAIM, attempts=Notification.attempts + 1))
    return outside, len(rows) == AT_ONCE


def _send(row: Waiting, ways: Ways, config: Config) -> str | None:
    """What went wrong, None when it left."""
    try:
        session = db.session()
        messages = addressing.messages(session, row, config)
        session.rollback()
        if row.channel == addressing.LETTER and row.case_id is not None:
            content = letters_leaving.leave(Store(config.data / "documents"), row.id)
            messages[0].add_attachment(content, maintype="application", subtype="pdf", filename=f"lettre-{row.id}.pdf")
        for message in messages:
            ways.of(row.channel).send(message)
    except (OSError, ValueError) as error:
        log.warning("message_not_sent", extra={"notification": row.id, "reason": str(error)})
        return f"{type(error).__name__}: {error}"[:500]
    return None


def _mark(unit: Unit, row: Waiting, wrong: str | None) -> None:
    later = unit.now + dt.timedelta(minutes=2 ** (row.attempts + 1))
    values: dict[str, object] = {"error": wrong, "claimed_until": later} if wrong else {"error": None, "sent_at": unit.now}
    unit.session.execute(update(Notification).where(Notification.id == row.id).values(**values))
