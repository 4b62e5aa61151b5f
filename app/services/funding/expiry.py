"""Reservations do not last for ever: 15 days in priority P1, 45 else, unless the decision comes first (domain: funding §3).

What ends is a provisional hold of credit. Nothing is granted, refused or paid: the decision is still awaited, and finds the credit again
when there still is some.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.funding import FundingRequest
from app.db.transaction import Unit, transaction
from app.services import advance, clock
from app.services.act import Act, locked
from app.services.actor import SYSTEM
from app.services.funding import lines, requests
from app.services.handlers import HANDLERS
from app.services.notices import tell
from app.services.sentences import grouped

RESERVED, EXPIRED = "reserve", "expire"
REASON = "expiration"
FACT = "reservation_active"
HELD = (FundingRequest.reserved > 0, FundingRequest.state == RESERVED, FundingRequest.reserved_until.is_not(None))
"""Reservations that end by themselves."""


def due_case_ids(session: Session, now: dt.datetime, limit: int = 500) -> list[int]:
    """Cases with a reservation that has ended and is still held."""
    query = select(FundingRequest.case_id).where(*_over(now)).distinct().order_by(FundingRequest.case_id)
    return list(session.scalars(query.limit(limit)))


def expire(case_id: int) -> int:
    """Releases the reservations of a case that have ended; how many. Early, late and doubled calls are harmless."""
    return transaction(lambda unit: _expire(unit, case_id), clock.now)


def _expire(unit: Unit, case_id: int) -> int:
    act = locked(unit, SYSTEM, HANDLERS, case_id=case_id)
    query = select(FundingRequest).where(FundingRequest.case_id == case_id, *_over(unit.now)).order_by(FundingRequest.id)
    found = list(unit.session.scalars(query.execution_options(populate_existing=True)))
    for request in found:
        _end(act, request)
    if found:
        advance.apply(act, "funding.expired", None, data={"requests": [request.code for request in found]})
    return len(found)


def _over(now: dt.datetime) -> tuple[Any, ...]:
    return (*HELD, FundingRequest.reserved_until <= now)


def _end(act: Act, request: FundingRequest) -> None:
    amount = request.reserved
    requests.unreserve(act, request, REASON)
    request.state = EXPIRED
    act.unit.session.flush()
    if request.engine_scope in act.facts:
        act.set(FACT, 0, request.engine_scope)
    tell(act, "reservation_expired", amount=grouped(amount))


def renew(act: Act, request: FundingRequest, amount: int) -> bool:
    """Before money is granted: holds the credit again that an ended reservation gave back; whether there still is some."""
    missing = amount - request.reserved
    if request.state != EXPIRED or missing <= 0:
        return True
    session, by_id = act.unit.session, act.actor.id
    if not lines.move(session, request.line_id, request.id, "reserve", missing, by_id=by_id, at=act.now, reason="renouvellement"):
        return False
    request.reserved = amount
    session.flush()
    return True
