"""The money of a case: each request through its life, side by side, with its line and its payments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.funding import BudgetLine, FundingRequest, Payment
from app.db.people import Body, Person
from app.services.case_file import CaseFile

STATES = ("asked", "reserved", "granted", "committed", "liquidated", "ordered", "paid")


@dataclass(frozen=True)
class Request:
    """One request with its line, its payments and the name of whom it is paid to."""

    request: FundingRequest
    line: BudgetLine
    payments: Sequence[Payment]
    payee: str


def requests(session: Session, file: CaseFile) -> list[Request]:
    """The requests of a case, the oldest first. Whoever sees the money of the case sees them (sight FULL or SHEET)."""
    rows = session.execute(
        select(FundingRequest, BudgetLine)
        .join(BudgetLine, BudgetLine.id == FundingRequest.line_id)
        .where(FundingRequest.case_id == file.case.id)
        .order_by(FundingRequest.id)
    ).all()
    payments: dict[int, list[Payment]] = {}
    ids = [row.FundingRequest.id for row in rows]
    for payment in session.scalars(select(Payment).where(Payment.request_id.in_(ids)).order_by(Payment.id)):
        payments.setdefault(payment.request_id, []).append(payment)
    payees = _payees(session, {row.FundingRequest.payee_code for row in rows})
    found = []
    for row in rows:
        request = row.FundingRequest
        found.append(Request(request, row.BudgetLine, payments.get(request.id, []), payees.get(request.payee_code or "", "")))
    return found


def _payees(session: Session, codes: set[str | None]) -> dict[str, str]:
    """code -> name of persons and structures."""
    wanted = codes - {None}
    persons = {row.code: row.name for row in session.scalars(select(Person).where(Person.code.in_(wanted)))}
    return persons | {row.code: row.name for row in session.scalars(select(Body).where(Body.code.in_(wanted)))}
