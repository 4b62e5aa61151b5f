"""Budget lines: what each holds, how it was used over the year, and moving credits (domain: funding §2, §3 and §9).

Figures are sums of the requests and payments charged to a line; nothing is kept twice.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, literal_column, or_, select
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.funding import BudgetLine, FundingRequest, LedgerEntry, Payment
from app.services import policy, versions
from app.services.actor import Actor
from app.services.errors import NotFound
from app.services.funding.lines import LAPSE
from workflows.catalog import CaseType

READ, DECIDE, ENTER = "read", "decide", "enter"
"""Reads the budget lines; moves credits and confirms what was entered; enters the acts that give or take credits."""
COMMITTING = ("commit", "carry", "decommit", "restore")
"""Entries of the ledger that change what is committed; those of reservations come and go."""
SHOWN = 50
MONTHS = 12


@dataclass(frozen=True)
class Line:
    """A line with its figures, all in whole francs. `total` is what was opened, with what came and went by transfer."""

    row: BudgetLine
    reserved: int
    liquidated: int
    ordered: int
    paid: int
    lapsed: int
    """Given up after the last day for commitments: nobody can use it any more."""

    @property
    def total(self) -> int:
        return self.row.opened + self.row.received - self.row.given

    @property
    def committed(self) -> int:
        """What the line holds beside reservations: commitments of cases, and what was charged to it before it was kept here."""
        return self.row.used - self.reserved - self.lapsed

    @property
    def to_pay(self) -> int:
        """Committed and not yet paid."""
        return self.committed - self.paid

    @property
    def available(self) -> int:
        return self.row.available

    def share(self, amount: int) -> float:
        """Per cent of the line."""
        return 100 * max(0, amount) / self.total if self.total > 0 else 0.0


@dataclass(frozen=True)
class Month:
    """What was committed and paid up to the end of a month, in francs; `number` from 1."""

    number: int
    committed: int
    paid: int


@dataclass(frozen=True)
class Charged:
    """A request charged to a line; the reference of its case only for who sees the case."""

    request: FundingRequest
    reference: str | None


def level(actor: Actor, types: Mapping[str, CaseType]) -> str | None:
    """DECIDE, READ, or None: whether budget lines are any of this actor's business."""
    return DECIDE if has(actor, types, DECIDE) else READ if has(actor, types, READ) else None


def has(actor: Actor, types: Mapping[str, CaseType], right: str) -> bool:
    """Whether one of the actor's roles does this with the budget lines."""
    return any(actor.roles & set(case_type.budget.get(right, ())) for case_type in types.values())


def ensure(session: Session, actor: Actor, wanted: str = READ) -> str:
    """The actor's level. NotFound for who has none, or does not do what is wanted."""
    types = versions.all_current(session)
    held = level(actor, types)
    if held is None or (wanted != READ and not has(actor, types, wanted)):
        raise NotFound
    return held


def years(session: Session) -> list[int]:
    """Budget years, the latest first."""
    return list(session.scalars(select(BudgetLine.year).distinct().order_by(BudgetLine.year.desc())))


def lines(session: Session, year: int) -> list[Line]:
    """The lines of a year, by code."""
    found = session.execute(_figures().where(BudgetLine.year == year).order_by(BudgetLine.code)).all()
    kept = _kept_behind(session)
    return [_line(row, kept) for row in found]


def line(session: Session, year: int, code: str) -> Line:
    """One line. NotFound."""
    row = session.execute(_figures().where(BudgetLine.year == year, BudgetLine.code == code)).one_or_none()
    if row is None:
        raise NotFound
    return _line(row, _kept_behind(session))


def of_request(session: Session, request: FundingRequest) -> Line:
    """The line that a request is charged to."""
    return _line(session.execute(_figures().where(BudgetLine.id == request.line_id)).one(), _kept_behind(session))


def _figures() -> Any:
    request = FundingRequest
    sums = {
        "reserved": func.sum(request.reserved),
        "liquidated": func.sum(request.liquidated),
        "ordered": func.sum(request.ordered),
        "paid": func.sum(request.paid - request.returned),
    }
    charged = select(request.line_id, *(func.coalesce(total, 0).label(name) for name, total in sums.items())).group_by(request.line_id)
    held = charged.subquery()
    columns = [func.coalesce(held.c[name], 0).label(name) for name in sums]
    too_late = (LedgerEntry.line_id == BudgetLine.id, LedgerEntry.kind == literal_column(f"'{LAPSE}'"))
    columns.append(select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(*too_late).scalar_subquery().label("lapsed"))
    return select(BudgetLine, *columns).outerjoin(held, held.c.line_id == BudgetLine.id)


def _kept_behind(session: Session) -> dict[int, tuple[int, int, int]]:
    """Line -> what of (liquidated, ordered, paid) it has more or less than its requests say: the payments of those that were carried
    over to another year stay with the line that made them."""
    amounts = (Payment.liquidated, case((Payment.order_number.is_(None), 0), else_=Payment.liquidated), Payment.paid - Payment.returned)
    query = select(Payment.line_id, FundingRequest.line_id, *amounts).join(FundingRequest, FundingRequest.id == Payment.request_id)
    found: dict[int, tuple[int, int, int]] = {}
    for made, now, *sums in session.execute(query.where(Payment.line_id.is_not(None), Payment.cancelled_at.is_(None))):
        for line_id, sign in ((made, 1), (now, -1)):
            before = found.get(line_id, (0, 0, 0))
            found[line_id] = (before[0] + sign * sums[0], before[1] + sign * sums[1], before[2] + sign * sums[2])
    return found


def _line(row: Any, kept: Mapping[int, tuple[int, int, int]]) -> Line:
    more = kept.get(row.BudgetLine.id, (0, 0, 0))
    liquidated, ordered, paid = (int(said) + moved for said, moved in zip((row.liquidated, row.ordered, row.paid), more, strict=True))
    return Line(row.BudgetLine, int(row.reserved), liquidated, ordered, paid, int(row.lapsed))


def months(session: Session, found: Line, now: dt.datetime) -> list[Month]:
    """Consumption month by month, summed up from January, to the present month or the end of a year that is over."""
    last = MONTHS if found.row.year < now.year else now.month if found.row.year == now.year else 0
    ledger = select(LedgerEntry.at, LedgerEntry.amount).where(LedgerEntry.line_id == found.row.id, LedgerEntry.kind.in_(COMMITTING))
    committed = _by_month(session.execute(ledger.where(LedgerEntry.request_id.is_not(None))).all(), found.row.year)
    of_line = select(FundingRequest.id).where(FundingRequest.line_id == found.row.id)
    made = or_(Payment.line_id == found.row.id, and_(Payment.line_id.is_(None), Payment.request_id.in_(of_line)))
    paid_at = select(Payment.paid_at, Payment.paid - Payment.returned).where(made, Payment.paid_at.is_not(None))
    paid = _by_month(session.execute(paid_at).all(), found.row.year)
    before = found.committed - sum(committed)  # what was charged to the line before it was kept here
    return [Month(number, before + sum(committed[:number]), sum(paid[:number])) for number in range(1, last + 1)]


def _by_month(rows: Sequence[Any], year: int) -> list[int]:
    """Amounts of each month; what lies before or after the year (a commitment carried over, a late payment) counts at its edge."""
    found = [0] * MONTHS
    for at, amount in rows:
        month = 1 if at.year < year else MONTHS if at.year > year else at.month
        found[month - 1] += int(amount)
    return found


def charged(session: Session, actor: Actor, found: Line) -> list[Charged]:
    """The latest requests on a line. Who sees the money of every case still sees of each only what their rights say."""
    visible = select(Case.id).where(policy.visible_cases(actor, versions.all_current(session)))
    query = (
        select(FundingRequest, Case.reference)
        .outerjoin(Case, (Case.id == FundingRequest.case_id) & Case.id.in_(visible))
        .where(FundingRequest.line_id == found.row.id)
        .order_by(FundingRequest.requested_at.desc(), FundingRequest.id.desc())
        .limit(SHOWN)
    )
    return [Charged(row[0], row[1]) for row in session.execute(query)]
