"""A reservation is held for longer while its decision is still awaited (domain: funding §3, « unless renewed »)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from app.db.funding import FundingRequest
from app.db.transaction import Unit, transaction
from app.services import advance, case_file, clock, rights, versions
from app.services.act import locked
from app.services.actor import Actor
from app.services.errors import Conflict, Forbidden, Invalid, NotFound
from app.services.funding import expiry, requests
from app.services.handlers import HANDLERS

LEAST = dt.timedelta(days=1)
"""What would end less than this later than it does already is not renewed again."""


def may(session: Session, actor: Actor, request: FundingRequest) -> bool:
    """Whether the actor may renew what is held for a request: who asked for the money, and who keeps the budget."""
    if not _held(request, clock.now()):
        return False
    return request.requester_id == actor.id or rights.has(actor, rights.RENEW_RESERVATIONS, versions.all_current(session))


def renew(actor: Actor, reference: str, code: str, reason: str) -> dt.datetime:
    """Holds a reservation for its whole time again, counted from now; when it ends.

    Nothing is decided by it, and the credit is not tested anew: it is held already. NotFound, Forbidden, Invalid without a reason or where
    it would end no later; Conflict when nothing is held any more: the money must then be asked for again.
    """
    if not reason.strip():
        raise Invalid({"reason": "reason_missing"}, reason)

    def work(unit: Unit) -> dt.datetime:
        file = case_file.find(unit.session, actor, reference)
        act = locked(unit, actor, HANDLERS, case_id=file.case.id)
        request = requests.by_code(unit.session, code)
        if request is None or request.case_id != act.case.id:
            raise NotFound
        unit.session.refresh(request)
        if not _held(request, unit.now):
            raise Conflict("reservation_over")
        if not may(unit.session, actor, request):
            raise Forbidden("may_not_renew")
        before, until = request.reserved_until, requests.until(act, act.case.priority)
        if before is not None and until < before + LEAST:
            raise Invalid({"reason": "reservation_renewed"}, reason)
        request.reserved_until = until
        unit.session.flush()
        told = {"request": code, "amount": request.reserved, "from": before.isoformat() if before else None, "until": until.isoformat()}
        advance.record(act, "funding.renewed", None, told, {"motif": (None, reason.strip()[:2000])})
        return until

    return transaction(work, clock.now)


def _held(request: FundingRequest, now: dt.datetime) -> bool:
    """Whether a reservation holds, swept or not."""
    over = request.reserved_until is not None and request.reserved_until <= now
    return request.state == expiry.RESERVED and request.reserved > 0 and not over
