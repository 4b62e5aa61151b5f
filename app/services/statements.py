"""Monthly statements of money (domain: funding §9): lines, what is committed or ordered and not paid, advances, imprests, ended holds.

Every figure is a sum of ledger entries up to a moment, so a month that is over says the same for ever, and its list adds up to it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.db.administration import AdminEntry
from app.db.funding import BudgetLine, FundingRequest, LedgerEntry, Payment, PaymentEntry
from app.db.imprest import ImprestEntry
from app.db.imprest_rules import PAYMENT
from app.db.operations import FundingShare
from app.db.stage_rules import CERTIFIED, JUSTIFIED, LIQUIDATED, ORDERED, PAID, RETURNED
from app.services import administration, imprests
from app.services.actor import Actor
from app.services.errors import NotFound
from app.services.funding import expiry
from app.services.funding.holdings import LINE_OF
from app.services.funding.lines import LAPSE
from app.services.months import Month

HELD = {"reserved": ("reserve", "release"), "committed": ("commit", "carry", "decommit", "restore"), "lapsed": (LAPSE,)}
"""Entries of a line's ledger that add up to what is reserved, what is committed, and what was given up too late to be used again."""
GIVEN_UP = ("decommit", "restore")
SPENT = {"liquidated": (LIQUIDATED,), "ordered": (ORDERED,), "paid": (PAID, RETURNED)}
"""Stages of payments that add up to what was liquidated, ordered and paid (less what came back)."""
COMMITTED, TO_PAY, UNPAID, ADVANCES, EXPIRED, RELEASED = "committed", "to_pay", "unpaid", "advances", "expired", "decommitted"
LISTS = (*HELD, *SPENT, TO_PAY, UNPAID, ADVANCES, EXPIRED, RELEASED)
"""What can be listed: each figure of a statement is the sum of one of these."""
COLUMNS = {"budget.credited": "opened", "budget.frozen": "frozen", "budget.thawed": "frozen"}
"""Acts on a line -> what of it they moved; those between two lines say it by their sign."""
AGES = ((0, 30), (31, 60), (61, 90), (91, None))
"""Days since a mandate was signed."""


@dataclass(frozen=True)
class Line:
    """A line as it stood at the end of a month, in whole francs."""

    row: BudgetLine
    opened: int
    received: int
    given: int
    frozen: int
    reserved: int
    committed: int
    lapsed: int
    liquidated: int
    ordered: int
    paid: int

    @property
    def total(self) -> int:
        return self.opened + self.received - self.given

    @property
    def available(self) -> int:
        return self.total - self.frozen - self.reserved - self.committed - self.lapsed

    def share(self, amount: int) -> float:
        """Per cent of the line."""
        return 100 * max(0, amount) / self.total if self.total > 0 else 0.0


@dataclass(frozen=True)
class Item:
    """What a figure is made of. `what`: the number of a mandate, the post of an imprest, or nothing; `reference` of the case only for who
    sees the case; `days`: since it is due, where that counts."""

    line: str
    request: str
    reference: str | None
    what: str
    at: dt.datetime | None
    amount: int
    days: int = 0


# ------------------------------------------------------------------ lines
def lines(session: Session, wanted: Month) -> list[Line]:
    """The lines of the year as they stood at the end of a month, by code."""
    rows = list(session.scalars(select(BudgetLine).where(BudgetLine.year == wanted.year).order_by(BudgetLine.code)))
    sums = {name: _held(session, wanted, kinds) for name, kinds in HELD.items()}
    sums |= {name: _spent(session, wanted, stages) for name, stages in SPENT.items()}
    moved = _moved_since(session, wanted)
    return [Line(row, **_credits(row, moved), **{name: found.get(row.id, 0) for name, found in sums.items()}) for row in rows]


def _held(session: Session, wanted: Month, kinds: Sequence[str]) -> dict[int, int]:
    query = select(LedgerEntry.line_id, func.sum(LedgerEntry.amount)).where(LedgerEntry.kind.in_(kinds), LedgerEntry.at < wanted.end)
    return {row[0]: int(row[1]) for row in session.execute(query.group_by(LedgerEntry.line_id))}


def _spent(session: Session, wanted: Month, stages: Sequence[str]) -> dict[int, int]:
    query = _stages(wanted, stages).with_only_columns(LINE_OF, func.sum(_signed()))
    return {row[0]: int(row[1]) for row in session.execute(query.group_by(LINE_OF))}


def _stages(wanted: Month, stages: Sequence[str]) -> Any:
    query = select(PaymentEntry).join(Payment, Payment.id == PaymentEntry.payment_id)
    query = query.join(FundingRequest, FundingRequest.id == Payment.request_id)
    return query.where(PaymentEntry.stage.in_(stages), PaymentEntry.at < wanted.end)


def _signed() -> Any:
    """What was returned counts against what was paid."""
    return case((PaymentEntry.stage == RETURNED, -PaymentEntry.amount), else_=PaymentEntry.amount)


def _credits(row: BudgetLine, moved: Mapping[tuple[str, str], int]) -> dict[str, int]:
    subject = f"{row.code}/{row.year}"
    return {name: getattr(row, name) - moved.get((subject, name), 0) for name in ("opened", "received", "given", "frozen")}


def _moved_since(session: Session, wanted: Month) -> dict[tuple[str, str], int]:
    """(line, column) -> what was moved after the month: the acts are in the chain, the line says only how it stands now."""
    kinds = ("budget.credited", "budget.transferred", "budget.carried", "budget.frozen", "budget.thawed")
    found: dict[tuple[str, str], int] = {}
    for entry in session.scalars(select(AdminEntry).where(AdminEntry.kind.in_(kinds), AdminEntry.at >= wanted.end)):
        amount = int(administration.data_of(entry)["amount"])
        column = COLUMNS.get(entry.kind) or ("received" if amount > 0 else "given")
        moved = -amount if entry.kind == "budget.thawed" else amount if entry.kind == "budget.credited" else abs(amount)
        found[entry.subject, column] = found.get((entry.subject, column), 0) + moved
    return found


# ------------------------------------------------------------------ lists
def items(session: Session, actor: Actor, wanted: Month, what: str, line: str | None, now: dt.datetime) -> list[Item]:
    """What a figure adds up from, the oldest first. line: the code of one. NotFound for what is not listed."""
    if what not in LISTS:
        raise NotFound
    found = _raw(session, wanted, what, now)
    codes = {row.id: row.code for row in session.execute(select(BudgetLine.id, BudgetLine.code))}
    named = imprests.names_of(session, actor, [one.request_id for one in found])
    listed = [
        Item(codes.get(one.line_id or 0, ""), *named.get(one.request_id or 0, ("", None)), one.what, one.at, one.amount, one.days)
        for one in found
    ]
    return [item for item in listed if line is None or item.line == line]


@dataclass(frozen=True)
class Raw:
    """An item before anything of it is named."""

    line_id: int | None
    request_id: int | None
    what: str
    at: dt.datetime
    amount: int
    days: int = 0


def _raw(session: Session, wanted: Month, what: str, now: dt.datetime) -> list[Raw]:
    if what in HELD:
        return [one for one in _of_ledger(session, wanted, HELD[what]) if one.amount]
    if what in SPENT:
        return [one for one in _of_payments(session, wanted, SPENT[what]) if one.amount]
    if what == TO_PAY:
        return _to_pay(session, wanted, now)
    if what == UNPAID:
        return _unpaid(session, wanted, now)
    if what == ADVANCES:
        return sorted([*_imprests(session, wanted, now), *_instalments(session, wanted, now)], key=lambda one: one.at)
    expired = (LedgerEntry.kind == "release", LedgerEntry.reason == expiry.REASON)
    where = expired if what == EXPIRED else (LedgerEntry.kind.in_(GIVEN_UP),)
    inside = (LedgerEntry.at >= wanted.start, LedgerEntry.at < wanted.end)
    rows = session.scalars(select(LedgerEntry).where(*where, *inside).order_by(LedgerEntry.id))
    return [Raw(row.line_id, row.request_id, "", row.at, -row.amount) for row in rows]


def _of_ledger(session: Session, wanted: Month, kinds: Sequence[str]) -> list[Raw]:
    """By request; what was charged to a line before it was kept here has none."""
    of_year = select(BudgetLine.id).where(BudgetLine.year == wanted.year)
    key = (LedgerEntry.line_id, LedgerEntry.request_id)
    query = select(*key, func.min(LedgerEntry.at), func.sum(LedgerEntry.amount)).group_by(*key).order_by(func.min(LedgerEntry.id))
    query = query.where(LedgerEntry.kind.in_(kinds), LedgerEntry.at < wanted.end, LedgerEntry.line_id.in_(of_year))
    return [Raw(row[0], row[1], "", row[2], int(row[3])) for row in session.execute(query)]


def _of_payments(session: Session, wanted: Month, stages: Sequence[str]) -> list[Raw]:
    of_year = select(BudgetLine.id).where(BudgetLine.year == wanted.year)
    key = (LINE_OF, FundingRequest.id, Payment.id, Payment.order_number)
    query = _stages(wanted, stages).with_only_columns(*key, func.min(PaymentEntry.at), func.sum(_signed()))
    query = query.where(LINE_OF.in_(of_year)).group_by(*key).order_by(func.min(PaymentEntry.id))
    return [Raw(row[0], row[1], row[3] or "", row[4], int(row[5])) for row in session.execute(query)]


def _to_pay(session: Session, wanted: Month, now: dt.datetime) -> list[Raw]:
    """Commitments of the year that are not paid: before it closes somebody decides about each (domain: funding §3)."""
    paid: dict[int | None, int] = {}
    for one in _of_payments(session, wanted, SPENT["paid"]):
        paid[one.request_id] = paid.get(one.request_id, 0) + one.amount
    day, found = wanted.as_of(now).date(), _of_ledger(session, wanted, HELD[COMMITTED])
    left = [replace(one, amount=one.amount - paid.get(one.request_id, 0), days=(day - one.at.date()).days) for one in found]
    return [one for one in left if one.amount > 0]


def _unpaid(session: Session, wanted: Month, now: dt.datetime) -> list[Raw]:
    """Mandates that were signed and of which no payment was heard, of whatever year; days since the signature."""
    signed, heard = (func.sum(PaymentEntry.amount).filter(PaymentEntry.stage == stage) for stage in (ORDERED, PAID))
    last = func.max(PaymentEntry.at).filter(PaymentEntry.stage == ORDERED, PaymentEntry.amount > 0)
    key = (LINE_OF, FundingRequest.id, Payment.id, Payment.order_number)
    query = _stages(wanted, (ORDERED, PAID)).with_only_columns(*key, last, signed).group_by(*key)
    query = query.having(func.coalesce(signed, 0) > 0, func.coalesce(heard, 0) == 0).order_by(last, Payment.id)
    day = wanted.as_of(now).date()
    return [Raw(row[0], row[1], row[3] or "", row[4], int(row[5]), (day - row[4].date()).days) for row in session.execute(query)]


def _imprests(session: Session, wanted: Month, now: dt.datetime) -> list[Raw]:
    """What imprests paid and no voucher showed by the end of the month."""
    entries = list(session.scalars(select(ImprestEntry).where(ImprestEntry.at < wanted.end).order_by(ImprestEntry.id)))
    shown: dict[int, int] = {}
    for entry in entries:
        if entry.payment_id is not None:
            shown[entry.payment_id] = shown.get(entry.payment_id, 0) - entry.owed
    of = {row.id: row.line_id for row in session.execute(select(FundingRequest.id, FundingRequest.line_id))}
    day = wanted.as_of(now).date()
    return [
        Raw(of.get(one.request_id or 0), one.request_id, one.post_code, one.at, one.owed - shown.get(one.id, 0), (day - one.at.date()).days)
        for one in entries
        if one.kind == PAYMENT and one.owed > shown.get(one.id, 0)
    ]


def _instalments(session: Session, wanted: Month, now: dt.datetime) -> list[Raw]:
    """What was paid before the service and is neither certified, nor shown by vouchers, nor signed for by those helped, request by
    request; imprests are told apart."""
    key = (LINE_OF, FundingRequest.id, PaymentEntry.stage)
    query = _stages(wanted, (PAID, RETURNED, CERTIFIED, JUSTIFIED))
    query = query.with_only_columns(*key, func.min(PaymentEntry.at), func.sum(PaymentEntry.amount))
    on_imprest = select(ImprestEntry.request_id).where(ImprestEntry.kind == PAYMENT, ImprestEntry.request_id.is_not(None))
    query = query.where(FundingRequest.id.not_in(on_imprest)).group_by(*key)
    sums: dict[tuple[int, int], dict[str, tuple[dt.datetime, int]]] = {}
    for line_id, request_id, stage, at, amount in session.execute(query):
        sums.setdefault((line_id, request_id), {})[stage] = (at, int(amount))
    handed = _handed_over(session, wanted)
    day, found = wanted.as_of(now).date(), []
    for (line_id, request_id), stages in sums.items():
        paid, back, done, shown = (stages.get(stage, (now, 0))[1] for stage in (PAID, RETURNED, CERTIFIED, JUSTIFIED))
        at, left = stages.get(PAID, (now, 0))[0], paid - back - max(done, shown, handed.get(request_id, 0))
        if paid and left > 0:
            found.append(Raw(line_id, request_id, "", at, left, (day - at.date()).days))
    return found


def _handed_over(session: Session, wanted: Month) -> dict[int, int]:
    """What those helped by an operation have signed for."""
    query = select(FundingShare.request_id, func.sum(FundingShare.paid)).group_by(FundingShare.request_id)
    return {row[0]: int(row[1]) for row in session.execute(query.where(FundingShare.paid_at < wanted.end))}


def ages(found: Sequence[Item]) -> list[tuple[int, int | None, list[Item]]]:
    """(from, to, mandates) by the days since they were signed."""
    return [(first, last, [one for one in found if first <= one.days and (last is None or one.days <= last)]) for first, last in AGES]
