"""The credits of a line: one entry more by which it has an amount more, or less, opened."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import insert, literal, select
from sqlalchemy.orm import Session

from app.db.credits import CreditEntry
from app.db.funding import BudgetLine
from app.db.types import Id, UtcDateTime, Xof


def enter(session: Session, line_id: int, amount: int, at: dt.datetime, act_id: int | None = None) -> None:
    """Writes an entry, by which the database changes what the line has opened. It refuses to take credit that is held or was moved away.

    act_id: the confirmed act that gives or takes the credits; None: they are taken over with the line.
    """
    columns = [literal(act_id, Id), literal(amount, Xof), BudgetLine.opened + amount, literal(at, UtcDateTime)]
    row = select(BudgetLine.id, *columns).where(BudgetLine.id == line_id)
    names = ["line_id", "act_id", "amount", "balance", "at"]
    session.execute(insert(CreditEntry).from_select(names, row.with_for_update(key_share=True)))


def before(session: Session, act_id: int) -> dict[int, int]:
    """Line -> what was opened before an act moved it."""
    query = select(CreditEntry.line_id, CreditEntry.balance - CreditEntry.amount).where(CreditEntry.act_id == act_id)
    return {row[0]: int(row[1]) for row in session.execute(query)}
