"""The end of a budget year: each commitment that is not paid is paid, carried over to the next year, or given up (domain: funding §3).

They are listed on three days; what was decided before the last of these is asked again. Nothing is decided by time alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.administration import AdminEntry
from app.db.cases import Case
from app.db.funding import BudgetLine, FundingRequest, LedgerEntry, Payment
from app.db.transaction import Unit, transaction
from app.services import administration, advance, budget, clock, credit_moves, keys, notices, policy, sentences, versions
from app.services.act import Act, locked
from app.services.actor import Actor
from app.services.errors import Invalid, NotFound
from app.services.funding import holdings, imprest, lines
from app.services.funding.holdings import CARRY, Holding
from app.services.handlers import HANDLERS
from app.services.sentences import grouped

PAY, REPORT, GIVE_UP = "payer", "reporter", "degager"
CHOICES = (PAY, REPORT, GIVE_UP)
LISTED_ON = ((11, 15), (11, 30), (12, 15))
DECIDED = "commitment.decided"
REASON = "fin d’exercice"


@dataclass(frozen=True)
class Commitment:
    """A commitment of a year that is not paid; the reference of its case only for who sees the case. `choice`: what was decided."""

    request: FundingRequest
    line: BudgetLine
    reference: str | None
    held: Holding
    advanced: bool
    """The imprest of a post has paid it already: what is awaited is its voucher."""
    choice: str | None = None
    decided: AdminEntry | None = None

    @property
    def free(self) -> int:
        """What may be given up or carried over."""
        return 0 if self.advanced else self.held.free

    @property
    def choices(self) -> tuple[str, ...]:
        """What may be decided."""
        return tuple(one for one in CHOICES if one == PAY or (self.free > 0 and (one == GIVE_UP or self.line.multi_annual)))


def listed(year: int, now: dt.datetime) -> dt.datetime | None:
    """The last day on which the commitments of a year were listed; None before the first."""
    days = [dt.datetime(year, month, day, tzinfo=dt.UTC) for month, day in LISTED_ON]
    return max((day for day in days if day <= now), default=None)


def first_day(year: int) -> dt.date:
    """From when on the commitments of a year are decided on."""
    return dt.date(year, *LISTED_ON[0])


def commitments(session: Session, actor: Actor, year: int, now: dt.datetime) -> list[Commitment]:
    """What the State has committed in a year and not paid, line by line, the oldest first, each with what was decided since the last
    list. NotFound for who does not read the budget."""
    budget.ensure(session, actor)
    return _found(session, actor, year, now)


def undecided(session: Session, actor: Actor, now: dt.datetime) -> list[Commitment]:
    """What waits for this actor's decision: of this year and of the one before."""
    if budget.level(actor, versions.all_current(session)) != budget.DECIDE:
        return []
    years = [year for year in (now.year - 1, now.year) if listed(year, now) is not None]
    return [one for year in years for one in _found(session, actor, year, now) if one.choice is None]


def waiting(session: Session, actor: Actor, now: dt.datetime) -> list[tuple[int, int]]:
    """(year, how many commitments of it wait for this actor's decision), where there are any."""
    years = [one.line.year for one in undecided(session, actor, now)]
    return [(year, years.count(year)) for year in sorted(set(years))]


def _found(session: Session, actor: Actor, year: int, now: dt.datetime, *where: Any) -> list[Commitment]:
    own = select(BudgetLine).where(BudgetLine.year == year, BudgetLine.tracked_only.is_(False))
    rows = {line.id: line for line in session.scalars(own)}
    charged = FundingRequest.id.in_(select(LedgerEntry.request_id).where(LedgerEntry.line_id.in_(rows)))
    held = [one for one in holdings.of_requests(session, charged, *where) if one.line_id in rows and one.to_pay > 0]
    ids = [one.request_id for one in held]
    visible = select(Case.id).where(policy.visible_cases(actor, versions.all_current(session)))
    query = select(FundingRequest, Case.reference).outerjoin(Case, (Case.id == FundingRequest.case_id) & Case.id.in_(visible))
    of = {row[0].id: (row[0], row[1]) for row in session.execute(query.where(FundingRequest.id.in_(ids)))}
    paid = imprest.paid_requests(session, ids)
    told = _decided(session, rows, listed(year, now))
    found = [
        Commitment(*_named(of[one.request_id], rows[one.line_id]), one, one.request_id in paid, *told.get(of[one.request_id][0].code, ()))
        for one in held
    ]
    return sorted(found, key=lambda one: (one.line.code, one.request.requested_at, one.request.id))


def _named(of: tuple[FundingRequest, str | None], line: BudgetLine) -> tuple[FundingRequest, BudgetLine, str | None]:
    return of[0], line, of[1]


def _decided(session: Session, rows: Mapping[int, BudgetLine], since: dt.datetime | None) -> dict[str, tuple[str, AdminEntry]]:
    """Request -> what was decided last, since the list."""
    if since is None:
        return {}
    subjects = [credit_moves.subject(line) for line in rows.values()]
    query = select(AdminEntry).where(AdminEntry.kind == DECIDED, AdminEntry.at >= since, AdminEntry.subject.in_(subjects))
    entries = [(administration.data_of(entry), entry) for entry in session.scalars(query.order_by(AdminEntry.seq))]
    return {data["request"]: (data["choice"], entry) for data, entry in entries}


def commitment(session: Session, actor: Actor, year: int, code: str, now: dt.datetime) -> Commitment:
    """One commitment of a year that is not paid. NotFound."""
    budget.ensure(session, actor)
    found = _found(session, actor, year, now, FundingRequest.code == code)
    if not found:
        raise NotFound
    return found[0]


def decide(actor: Actor, year: int, code: str, choice: str, reason: str, key: str | None = None) -> None:
    """What becomes of a commitment: paid within the year (nothing moves), carried over to the line of the next year with its credit, or
    given up. NotFound, Invalid."""

    def work(unit: Unit) -> None:
        if keys.claim(unit, actor.code, key, keys.body_hash("year_end", year, code, choice, reason)) is not None:
            return
        budget.ensure(unit.session, actor, budget.DECIDE)
        case_id = unit.session.scalar(select(FundingRequest.case_id).where(FundingRequest.code == code))
        if case_id is None:
            raise NotFound
        act = locked(unit, actor, HANDLERS, case_id=case_id)
        unit.session.expire_all()
        found = next(iter(_found(unit.session, actor, year, unit.now, FundingRequest.code == code)), None)
        said = reason.replace("\x00", "").strip()[:500]
        _ensure(found, year, choice, said, unit.now)
        assert found is not None
        amount = found.held.to_pay if choice == PAY else found.free
        if choice == GIVE_UP:
            holdings.give_up(act, found.request, amount, REASON)
            act.recorder.add("funding.decommitted", None, data={"request": code, "amount": amount, "why": REASON})
            notices.tell(act, "commitment_given_up", amount=grouped(amount))
        elif choice == REPORT:
            _carry(act, found, amount, said)
        administration.record(
            unit, actor, DECIDED, credit_moves.subject(found.line), request=code, choice=choice, amount=amount, reason=said
        )
        advance.apply(act, f"funding.year_end_{choice}", None, data={"request": code, "amount": amount, "why": said})
        keys.answer(unit, actor.code, key, {"done": True})

    transaction(work, clock.now)


def _ensure(found: Commitment | None, year: int, choice: str, said: str, now: dt.datetime) -> None:
    if found is None:
        raise Invalid({"choix": "year_end_paid"})
    if listed(year, now) is None:
        raise Invalid({"choix": sentences.say("year_end_early", year=year, day=f"{first_day(year):%d/%m/%Y}")})
    errors: dict[str, Any] = {}
    if choice not in CHOICES:
        errors["choix"] = "year_end_choice"
    elif choice != PAY and found.free <= 0:
        errors["choix"] = "year_end_spent"
    elif choice == REPORT and not found.line.multi_annual:
        errors["choix"] = sentences.say("year_end_one_year", line=found.line.code)
    if not said:
        errors["motif"] = "move_reason"
    if errors:
        raise Invalid(errors)


def _carry(act: Act, found: Commitment, amount: int, said: str) -> None:
    """The commitment goes on on the line of the next year, with its credit: neither line has more or less available than before. What
    was liquidated stays with the year."""
    session = act.unit.session
    line = session.get_one(BudgetLine, found.line.id, with_for_update=True, populate_existing=True)
    target = _next(session, line)
    told = {"by_id": act.actor.id, "at": act.now, "reason": REASON}
    lines.charge(session, line.id, found.request.id, CARRY, -amount, **told)
    session.refresh(line)
    line.given, target.received = line.given + amount, target.received + amount
    session.flush()
    lines.charge(session, target.id, found.request.id, CARRY, amount, **told)
    for one, other, sign in ((line, target, -1), (target, line, 1)):
        subject = credit_moves.subject(one)
        administration.record(
            act.unit, act.actor, "budget.carried", subject, other=credit_moves.subject(other), amount=sign * amount, reason=said
        )
    for payment in session.scalars(select(Payment).where(Payment.request_id == found.request.id, Payment.line_id.is_(None))):
        payment.line_id = line.id
    found.request.line_id = target.id
    session.flush()


def _next(session: Session, line: BudgetLine) -> BudgetLine:
    """The line of the next year; made, closed and without credits of its own, where there is none yet, to hold what is carried."""
    query = select(BudgetLine).where(BudgetLine.code == line.code, BudgetLine.year == line.year + 1)
    known = session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()
    return known or credit_moves.next_year(session, line)
