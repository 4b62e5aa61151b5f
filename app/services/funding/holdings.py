"""What a request holds of each line: one line, or one a year once what was left was carried over (domain: funding §3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.funding import FundingRequest, LedgerEntry, Payment
from app.services.act import Act
from app.services.funding import lines

CARRY = "carry"
COMMITTED = ("commit", "decommit", CARRY)
LINE_OF = func.coalesce(Payment.line_id, FundingRequest.line_id)
"""The line of a payment."""


@dataclass(frozen=True)
class Holding:
    """What a request has committed on a line, and what of it was liquidated and paid, in whole francs."""

    request_id: int
    line_id: int
    committed: int
    liquidated: int
    paid: int

    @property
    def to_pay(self) -> int:
        return self.committed - self.paid

    @property
    def free(self) -> int:
        """What may still be given up or carried over."""
        return max(0, self.committed - self.liquidated)


def of_requests(session: Session, *where: Any) -> list[Holding]:
    """The holdings of the requests that fulfil a condition, request by request, those of the latest line first."""
    key = (FundingRequest.id, LedgerEntry.line_id)
    held = select(*key, func.sum(LedgerEntry.amount)).join(LedgerEntry, LedgerEntry.request_id == FundingRequest.id)
    held = held.where(LedgerEntry.kind.in_(COMMITTED), *where).group_by(*key)
    held = held.order_by(FundingRequest.id, func.max(LedgerEntry.id).desc())
    sums = (func.sum(Payment.liquidated), func.sum(Payment.paid))
    spent = select(FundingRequest.id, LINE_OF, *sums).join(Payment, Payment.request_id == FundingRequest.id)
    spent = spent.where(Payment.cancelled_at.is_(None), *where).group_by(FundingRequest.id, LINE_OF)
    done = {(row[0], row[1]): (int(row[2]), int(row[3])) for row in session.execute(spent)}
    return [Holding(row[0], row[1], int(row[2]), *done.get((row[0], row[1]), (0, 0))) for row in session.execute(held)]


def give_up(act: Act, request: FundingRequest, amount: int, reason: str) -> None:
    """Gives up part of a commitment that is not liquidated (dégagement), on the latest of its lines first."""
    session, left = act.unit.session, amount
    found = of_requests(session, FundingRequest.id == request.id)
    request.decommitted += amount
    session.flush()
    for one in found:
        taken = min(left, one.free)
        if taken:
            told = {"by_id": act.actor.id, "at": act.now, "reason": reason}
            lines.give_back(session, one.line_id, request.id, "decommit", taken, **told)
        left -= taken
