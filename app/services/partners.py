"""What a partner says of a line that is only tracked here, month by month, beside what the cases show (domain: funding §3 and §9).

A statement stands in the chain of administrative acts: nothing of it is changed, a later one of the same month replaces it. It moves no
money.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.administration import AdminEntry
from app.db.funding import BudgetLine
from app.db.transaction import Unit, transaction
from app.services import administration, budget, clock, credit_moves, keys, months, rights, statements, versions
from app.services.actor import Actor
from app.services.errors import Invalid, NotFound
from app.services.months import Month

STATED = "partner.stated"
LONGEST = 200


@dataclass(frozen=True)
class Statement:
    """What a partner said at the end of a month, and what was kept here at that moment, in whole francs."""

    month: Month
    committed: int
    paid: int
    kept_committed: int
    kept_paid: int
    reference: str
    entry: AdminEntry

    @property
    def differs(self) -> bool:
        return (self.committed, self.paid) != (self.kept_committed, self.kept_paid)


def may_enter(session: Session, actor: Actor) -> bool:
    """Whether the actor enters what partners say: who compares the Treasury's exports."""
    return rights.has(actor, rights.TREASURY, versions.all_current(session))


def tracked(session: Session, actor: Actor, year: int, code: str) -> budget.Line:
    """A line that is only tracked. NotFound for others, and for who does not read the budget."""
    budget.ensure(session, actor)
    found = budget.line(session, year, code)
    if not found.row.tracked_only:
        raise NotFound
    return found


def of_line(session: Session, line: BudgetLine) -> list[Statement]:
    """The statements about a line, the latest month first; of each month the one that was entered last."""
    return sorted(_read(session, [line]), key=lambda one: one.month.number, reverse=True)


def of_month(session: Session, month: Month) -> list[tuple[BudgetLine, Statement | None]]:
    """The lines of partners in a month, each with what its partner said, if that was entered."""
    rows = list(session.scalars(select(BudgetLine).where(BudgetLine.year == month.year, BudgetLine.tracked_only.is_(True))))
    found = {one.entry.subject: one for one in _read(session, rows) if one.month == month}
    return [(row, found.get(credit_moves.subject(row))) for row in sorted(rows, key=lambda row: row.code)]


def _read(session: Session, rows: Sequence[BudgetLine]) -> list[Statement]:
    subjects = {credit_moves.subject(row): row for row in rows}
    query = select(AdminEntry).where(AdminEntry.kind == STATED, AdminEntry.subject.in_(subjects)).order_by(AdminEntry.seq)
    last = {(entry.subject, administration.data_of(entry)["month"]): entry for entry in session.scalars(query)}
    kept: dict[tuple[int, int], statements.Line] = {}
    for year, number in {(int(code[:4]), int(code[5:])) for _, code in last}:
        kept |= {(line.row.id, number): line for line in statements.lines(session, Month(year, number))}
    found = []
    for (subject, code), entry in last.items():
        said, month = administration.data_of(entry), Month(int(code[:4]), int(code[5:]))
        line = kept[subjects[subject].id, month.number]
        amounts = (said["committed"], said["paid"], line.committed, line.paid)
        found.append(Statement(month, *amounts, said["reference"], entry))
    return found


def enter(
    actor: Actor, year: int, code: str, month: str, committed: int | None, paid: int | None, reference: str, key: str | None = None
) -> None:
    """Keeps what a partner says that it committed and paid from the beginning of the year to the end of a month. NotFound, Invalid."""

    def work(unit: Unit) -> None:
        if keys.claim(unit, actor.code, key, keys.body_hash("partner", year, code, month, committed, paid, reference)) is not None:
            return
        if not may_enter(unit.session, actor):
            raise NotFound
        line = tracked(unit.session, actor, year, code)
        said = reference.replace("\x00", "").strip()[:LONGEST]
        wrong = {
            "mois": "partner_month" if not _begun(month, year, unit.now) else "",
            "engage": "partner_amount" if committed is None else "",
            "paye": "partner_amount" if paid is None else "partner_paid" if committed is not None and paid > committed else "",
            "reference": "" if said else "partner_reference",
        }
        if any(wrong.values()):
            raise Invalid({name: told for name, told in wrong.items() if told})
        told = {"month": month, "committed": committed, "paid": paid, "reference": said}
        administration.record(unit, actor, STATED, credit_moves.subject(line.row), **told)
        keys.answer(unit, actor.code, key, {"done": True})

    transaction(work, clock.now)


def _begun(code: str, year: int, now: dt.datetime) -> bool:
    try:
        return months.month(code, now).year == year
    except NotFound:
        return False
