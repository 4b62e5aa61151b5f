"""Budget lines: what is available, and moving what it holds in one atomic statement."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import insert, literal, or_, select
from sqlalchemy.orm import Session

from app.db.funding import BudgetLine, LedgerEntry
from app.db.types import UtcDateTime
from app.services import clock, references
from app.services.errors import Conflict
from app.services.sentences import grouped

OPEN = "ouvert"
LAPSE = "lapse"
"""Entry of the ledger: credit that came back too late to be used again. The line holds it for ever."""


def find(session: Session, code: str | None, year: int, *, lock: bool = False) -> BudgetLine | None:
    """A line by its code in a budget year; « CODE/2026 » names another year. `lock`: nobody else moves it before this act is over."""
    if not code:
        return None
    name, _, other = str(code).partition("/")
    where = (BudgetLine.code == name, BudgetLine.year == (int(other) if other.isdecimal() else year))
    query = select(BudgetLine).where(*where).execution_options(populate_existing=True)
    return session.scalars(query.with_for_update(key_share=True) if lock else query).one_or_none()


def known(session: Session, code: str | None, year: int, *, lock: bool = False) -> BudgetLine | None:
    """The same; before the year has credits on any line, the one of the year before stands for it: nothing can be charged to that."""
    found = find(session, code, year, lock=lock)
    return found if found is not None or begun(session, year) else find(session, code, year - 1, lock=lock)


def begun(session: Session, year: int) -> bool:
    """Whether a year has credits on some line."""
    return session.scalar(select(BudgetLine.id).where(BudgetLine.year == year, BudgetLine.opened > 0).limit(1)) is not None


def usable(line: BudgetLine | None, case_type: str, nature: str | None, today: dt.date) -> bool:
    """Whether a line may be charged for this type of case and expense today (hard stop H1)."""
    return fits(line, case_type, nature) and open_on(line, today)


def fits(line: BudgetLine | None, case_type: str, nature: str | None) -> bool:
    """Whether a line is for this type of case and expense."""
    return line is not None and case_type in line.case_types and (nature is None or nature in line.natures)


def between(line: BudgetLine | None, today: dt.date) -> bool:
    """Whether a line lies between the end of its commitments and the credits of the new year: what is asked of it waits, or is paid by
    an imprest (domain: funding §3). A line that somebody closed or froze in its year does not."""
    if line is None or line.tracked_only:
        return False
    over = line.last_commitment_on is not None and today > line.last_commitment_on
    return line.year < today.year or line.opened == 0 or (over and line.state == OPEN)


def awaited(line: BudgetLine | None, case_type: str, nature: str | None, today: dt.date) -> bool:
    """Whether a line is for this type of case and expense, and only its credits are not there."""
    return fits(line, case_type, nature) and between(line, today)


def open_on(line: BudgetLine | None, today: dt.date) -> bool:
    """Whether a line may be charged at all today: neither closed nor frozen, in its own year, its last day for commitments not over."""
    if line is None or line.state != OPEN or line.year != today.year:
        return False
    return line.last_commitment_on is None or today <= line.last_commitment_on


def payable_on(line: BudgetLine, today: dt.date) -> bool:
    """Whether what is committed on a line may still be ordered and paid today: its last day for payments is not over."""
    return line.last_payment_on is None or today <= line.last_payment_on


def move(
    session: Session, line_id: int, request_id: int | None, kind: str, amount: int, *, by_id: int | None, at: dt.datetime, reason: str = ""
) -> bool:
    """Writes one entry of the ledger, by which the line holds `amount` more (or less), unless that would pass its ceiling; whether it did.

    One statement decides, so of two managers at the same second one gets it and the other does not. Lines that are only tracked
    never refuse.
    """
    ceiling = BudgetLine.opened + BudgetLine.received - BudgetLine.given - BudgetLine.frozen
    fits = or_(BudgetLine.tracked_only.is_(True), BudgetLine.used + amount <= ceiling, literal(amount <= 0))
    said = {"request_id": request_id, "kind": kind, "amount": amount, "by_id": by_id, "reason": reason}
    columns = [literal(value, getattr(LedgerEntry, name).type).label(name) for name, value in said.items()]
    row = select(BudgetLine.id, BudgetLine.used + amount, literal(at, UtcDateTime), *columns).where(BudgetLine.id == line_id, fits)
    # Who waits for the line sees it as the other left it; without the lock both would read the same sum.
    names = ["line_id", "balance", "at", *said]
    written = insert(LedgerEntry).from_select(names, row.with_for_update(key_share=True)).returning(LedgerEntry.id)
    return session.scalar(written) is not None


def charge(session: Session, line_id: int, *entry: Any, **told: Any) -> None:
    """The same; Conflict with what is left when it would pass the ceiling."""
    if not move(session, line_id, *entry, **told):
        line = session.get_one(BudgetLine, line_id, populate_existing=True)
        raise Conflict("credit_insufficient", available=grouped(max(0, line.available)))


def give_back(session: Session, line_id: int, request_id: int, kind: str, amount: int, **told: Any) -> None:
    """Takes a commitment off a line. Its credit is available again, unless the last day for commitments is over: then it lapses."""
    charge(session, line_id, request_id, kind, -amount, **told)
    last = session.get_one(BudgetLine, line_id, populate_existing=True).last_commitment_on
    if last is not None and told["at"].date() > last:
        charge(session, line_id, request_id, LAPSE, amount, **told)


def record(session: Session, _case_id: int, code: str) -> dict[str, Any] | None:
    """A line as forms and expressions read it."""
    line = known(session, code, clock.now().year)
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
