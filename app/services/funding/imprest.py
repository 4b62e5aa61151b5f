"""The cash advance (régie) of a post: paid at once, shown by vouchers within days, filled again up to its ceiling (domain: funding §6).

What it holds and what it awaits are the sums of its entries; nothing else moves them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, literal, select
from sqlalchemy.orm import Session, aliased

from app.db.funding import FundingRequest
from app.db.imprest import ImprestEntry, ImprestFund
from app.db.imprest_rules import PAYMENT, REST, VOUCHER
from app.db.types import UtcDateTime
from app.services import person_aliases
from app.services.act import Act
from app.services.errors import Conflict
from app.services.sentences import grouped

REGULARISED_WITHIN = "fund_regie_regularisation_jours"
"""Setting: days in which a payment is shown by vouchers; later it keeps the imprest from being filled again."""


@dataclass(frozen=True)
class Paid:
    """A payment with what was shown of it: `shown` by vouchers, `returned` to the till, `left` still awaited."""

    entry: ImprestEntry
    shown: int
    returned: int

    @property
    def left(self) -> int:
        return self.entry.owed - self.shown - self.returned

    def days(self, now: dt.datetime) -> int:
        """Days since it was paid, on the calendar of Bamako (which is UTC)."""
        return (now.date() - self.entry.at.date()).days


def book(session: Session, post: str, kind: str, *, cash: int = 0, owed: int = 0, at: dt.datetime, **said: Any) -> int | None:
    """Writes one entry, unless the till or what is awaited would fall below nothing; its number. One statement decides."""
    told = {"kind": kind, "cash": cash, "owed": owed, "number": "", "reason": "", "file_name": "", "media_type": "", "digest": ""} | said
    columns = [literal(value, getattr(ImprestEntry, name).type).label(name) for name, value in told.items()]
    fits = (ImprestFund.balance + cash >= 0, ImprestFund.to_regularise + owed >= 0)
    after = (ImprestFund.balance + cash, ImprestFund.to_regularise + owed, literal(at, UtcDateTime))
    row = select(ImprestFund.post_code, *after, *columns).where(ImprestFund.post_code == post, *fits)
    names = ["post_code", "balance", "awaited", "at", *told]
    written = insert(ImprestEntry).from_select(names, row.with_for_update(key_share=True)).returning(ImprestEntry.id)
    return session.scalar(written)


def lock(session: Session, post: str) -> ImprestFund | None:
    """The imprest of a post as it is now; nobody else moves it before this act is over."""
    query = select(ImprestFund).where(ImprestFund.post_code == post).execution_options(populate_existing=True)
    return session.scalars(query.with_for_update(key_share=True)).one_or_none()


def paid_requests(session: Session, requests: Sequence[int]) -> set[int]:
    """Those of some requests that an imprest has paid."""
    query = select(ImprestEntry.request_id).where(ImprestEntry.kind == PAYMENT, ImprestEntry.request_id.in_(requests))
    return {number for number in session.scalars(query) if number is not None}


def payments(session: Session, *where: Any) -> list[Paid]:
    """Payments with what was shown of each, the oldest first."""
    about = aliased(ImprestEntry)

    def sum_of(kind: str) -> Any:
        said = select(func.coalesce(func.sum(-about.owed), 0)).where(about.payment_id == ImprestEntry.id, about.kind == kind)
        return said.correlate(ImprestEntry).scalar_subquery()

    query = select(ImprestEntry, sum_of(VOUCHER), sum_of(REST)).where(ImprestEntry.kind == PAYMENT, *where)
    rows = session.execute(query.order_by(ImprestEntry.at, ImprestEntry.id)).all()
    return [Paid(entry, int(shown), int(returned)) for entry, shown, returned in rows]


def awaiting(session: Session, *where: Any) -> list[Paid]:
    """Those of which vouchers are still awaited."""
    return [paid for paid in payments(session, *where) if paid.left > 0]


def of_request(session: Session, request_id: int) -> Paid | None:
    """What the imprest paid for a request; None when it did not."""
    return next(iter(payments(session, ImprestEntry.request_id == request_id)), None)


def late(found: Sequence[Paid], now: dt.datetime, within: int) -> list[Paid]:
    """Those that should have been shown by now."""
    return [paid for paid in found if paid.days(now) > within]


# ------------------------------------------------------------------ in cases
def pay(act: Act, request: FundingRequest, amount: int) -> None:
    """Cash goes out for a request, and its vouchers are awaited. Conflict with what is left when there is less in hand."""
    session, post = act.unit.session, act.case.post_code
    said = {"request_id": request.id, "by_id": act.actor.id, "number": request.code}
    if book(session, post, PAYMENT, cash=-amount, owed=amount, at=act.now, **said) is None:
        fund = session.get(ImprestFund, post, populate_existing=True)
        raise Conflict("imprest_insufficient", balance=grouped(fund.balance if fund else 0))


def show(act: Act, request: FundingRequest, upto: int, **said: Any) -> int:
    """Vouchers of a request now show `upto` in all (never more than was paid and not given back); what came to it."""
    paid = of_request(act.unit.session, request.id)
    more = min(upto - paid.shown, paid.left) if paid else 0
    if paid is None or more <= 0:
        return 0
    told = {"payment_id": paid.entry.id, "request_id": request.id, "by_id": act.actor.id, **said}
    book(act.unit.session, paid.entry.post_code, VOUCHER, owed=-more, at=act.now, **told)
    act.recorder.add("payment.justified", None, data={"request": request.code, "amount": more, "post": paid.entry.post_code})
    return more


def unjustified(session: Session, asked: FundingRequest, before: dt.datetime) -> Paid | None:
    """The oldest payment for the same person, made before a moment, that vouchers do not show whole."""
    if not asked.beneficiary_code:
        return None
    same = person_aliases.codes(session, [asked.beneficiary_code])
    helped = select(FundingRequest.id).where(FundingRequest.beneficiary_code.in_(same), FundingRequest.id != asked.id)
    return next(iter(awaiting(session, ImprestEntry.request_id.in_(helped), ImprestEntry.at < before)), None)
