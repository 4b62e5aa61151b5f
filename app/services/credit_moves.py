"""Moving credits: transfers between lines of a year, freezing, opening and closing a line (domain: funding §2 and §3).

Each move stands in the chain of administrative acts under the lines that it touches. Spent or held credit cannot be moved: the
database refuses it too.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.funding import BudgetLine
from app.db.transaction import Unit, transaction
from app.services import administration, budget, clock, keys, sentences
from app.services.actor import Actor
from app.services.errors import Invalid, NotFound
from app.services.funding.lines import OPEN
from app.services.sentences import grouped

CLOSED = "ferme"
LONGEST = 500


def transfer(actor: Actor, year: int, source: str, target: str, amount: int | None, reason: str, key: str | None = None) -> None:
    """Moves credit from one line to another of the same year. NotFound, Invalid (amount, reason, more than is available)."""

    def work(unit: Unit) -> None:
        if keys.claim(unit, actor.code, key, keys.body_hash("transfer", year, source, target, amount, reason)) is not None:
            return
        budget.ensure(unit.session, actor, budget.DECIDE)
        moved, said = _checked(amount, reason)
        if source == target:
            raise Invalid({"target": "move_same"}, target)
        found = _locked(unit.session, year, source, target)
        if source not in found:
            raise NotFound
        if target not in found:
            raise Invalid({"target": "move_other"}, target)
        giving, getting = found[source], found[target]
        _ensure_available(giving, moved)
        giving.given, getting.received = giving.given + moved, getting.received + moved
        for one, other in ((giving, getting), (getting, giving)):
            sign = -moved if one is giving else moved
            administration.record(unit, actor, "budget.transferred", subject(one), other=other.code, amount=sign, reason=said)
        keys.answer(unit, actor.code, key, {"done": True})

    transaction(work, clock.now)


def freeze(actor: Actor, year: int, code: str, amount: int | None, reason: str, *, thaw: bool = False, key: str | None = None) -> None:
    """Takes credit of a line out of use, or gives it back (`thaw`). NotFound, Invalid."""

    def work(unit: Unit) -> None:
        if keys.claim(unit, actor.code, key, keys.body_hash("freeze", year, code, amount, reason, thaw)) is not None:
            return
        line = _one(unit, actor, year, code)
        moved, said = _checked(amount, reason)
        if thaw and moved > line.frozen:
            raise Invalid({"amount": sentences.say("move_frozen", frozen=grouped(line.frozen))}, amount)
        if not thaw:
            _ensure_available(line, moved)
        line.frozen += -moved if thaw else moved
        administration.record(unit, actor, "budget.thawed" if thaw else "budget.frozen", subject(line), amount=moved, reason=said)
        keys.answer(unit, actor.code, key, {"done": True})

    transaction(work, clock.now)


def switch(actor: Actor, year: int, code: str, *, opened: bool, reason: str) -> None:
    """Opens a line for new requests, or closes it (what is committed goes on). NotFound, Invalid."""

    def work(unit: Unit) -> None:
        line = _one(unit, actor, year, code)
        _, said = _checked(1, reason)
        line.state = OPEN if opened else CLOSED
        administration.record(unit, actor, "budget.opened" if opened else "budget.closed", subject(line), reason=said)

    transaction(work, clock.now)


def subject(line: BudgetLine) -> str:
    """Under which name the acts about a line are found."""
    return f"{line.code}/{line.year}"


def next_year(session: Session, line: BudgetLine) -> BudgetLine:
    """Makes the line of the year after, which has none: the same, closed and without credits."""
    said = ("label", "label_en", "source", "funder", "currency", "imputation")
    same = ("code", *said, "case_types", "natures", "multi_annual", "tracked_only")
    made = BudgetLine(year=line.year + 1, opened=0, received=0, given=0, frozen=0, used=0, state=CLOSED)
    for name in same:
        setattr(made, name, getattr(line, name))
    made.last_commitment_on, made.last_payment_on = _a_year_later(line.last_commitment_on), _a_year_later(line.last_payment_on)
    session.add(made)
    session.flush()
    return made


def _a_year_later(day: dt.date | None) -> dt.date | None:
    return day and (dt.date(day.year + 1, 2, 28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1))


def _one(unit: Unit, actor: Actor, year: int, code: str) -> BudgetLine:
    budget.ensure(unit.session, actor, budget.DECIDE)
    found = _locked(unit.session, year, code)
    if code not in found:
        raise NotFound
    return found[code]


def _locked(session: Session, year: int, *codes: str) -> dict[str, BudgetLine]:
    """The lines, locked in the order of their codes: two transfers the other way round do not wait for each other."""
    query = select(BudgetLine).where(BudgetLine.year == year, BudgetLine.code.in_(codes)).order_by(BudgetLine.code)
    return {line.code: line for line in session.scalars(query.with_for_update().execution_options(populate_existing=True))}


def _checked(amount: int | None, reason: str) -> tuple[int, str]:
    errors = {}
    said = reason.replace("\x00", "").strip()[:LONGEST]
    if amount is None or amount <= 0:
        errors["amount"] = "move_amount"
    if not said:
        errors["reason"] = "move_reason"
    if errors or amount is None:
        raise Invalid(errors, reason)
    return amount, said


def _ensure_available(line: BudgetLine, amount: int) -> None:
    if amount > line.available:
        raise Invalid({"amount": sentences.say("move_too_much", available=grouped(max(0, line.available)))}, amount)
