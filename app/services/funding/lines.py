"""Budget lines: what is available, and holding an amount in one atomic statement."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CursorResult, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from app.db.funding import BudgetLine, LedgerEntry
from app.services import clock, references

OPEN = "ouvert"


def find(session: Session, code: str | None, year: int) -> BudgetLine | None:
    """A line by its code in a budget year; « CODE/2026 » names another year."""
    if not code:
        return None
    name, _, other = str(code).partition("/")
    where = (BudgetLine.code == name, BudgetLine.year == (int(other) if other.isdecimal() else year))
    return session.scalars(select(BudgetLine).where(*where).execution_options(populate_existing=True)).one_or_none()


def usable(line: BudgetLine | None, case_type: str, nature: str | None, today: dt.date) -> bool:
    """Whether a line may be charged for this type of case and expense today (hard stop H1)."""
    if line is None or line.state != OPEN:
        return False
    if line.last_commitment_on is not None and today > line.last_commitment_on:
        return False
    return case_type in line.case_types and (nature is None or nature in line.natures)


def hold(session: Session, line_id: int, amount: int) -> bool:
    """Adds `amount` (may be negative) to what a line holds, unless that would pass its ceiling; whether it did.

    One statement decides, so of two managers at the same second one gets it and the other does not. Lines that are only tracked
    never refuse.
    """
    ceiling = BudgetLine.opened + BudgetLine.received - BudgetLine.given - BudgetLine.frozen
    fits = or_(BudgetLine.tracked_only.is_(True), BudgetLine.used + amount <= ceiling, literal(amount <= 0))
    done = session.execute(update(BudgetLine).where(BudgetLine.id == line_id, fits).values(used=BudgetLine.used + amount))
    assert isinstance(done, CursorResult)
    return done.rowcount == 1


def book(
    session: Session, line_id: int, request_id: int | None, kind: str, amount: int, *, by_id: int | None, at: dt.datetime, reason: str = ""
) -> None:
    """One entry of the ledger; the sum of a line's entries is what it holds."""
    row = {"line_id": line_id, "request_id": request_id, "kind": kind, "amount": amount, "at": at, "by_id": by_id, "reason": reason}
    session.execute(insert(LedgerEntry), [row])


def record(session: Session, _case_id: int, code: str) -> dict[str, Any] | None:
    """A line as forms and expressions read it."""
    line = find(session, code, clock.now().year)
    if line is None:
        return None
    return {
        "code": line.code,
        "libelle": line.label,
        "exercice": line.year,
        "etat": line.state,
        "types_eligibles": list(line.case_types),
        "natures_eligibles": list(line.natures),
        "disponible": line.available,
        "suivi_seul": line.tracked_only,
    }


references.register("budget-line", record)
