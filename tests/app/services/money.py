"""Money of a staged case: asking, looking at lines, requests and payments."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from sqlalchemy import func, insert, select, update

from app.db.facts import Fact
from app.db.funding import BudgetLine, FundingRequest, LedgerEntry, Payment, PaymentEntry
from app.db.imprest import ImprestEntry, ImprestFund
from app.db.imprest_rules import OPENING, PAYMENT, VOUCHER
from app.db.operations import FundingShare
from app.db.stage_rules import LIQUIDATED, ORDERED, PAID
from app.db.transaction import transaction
from app.extensions import db
from app.scenarios.expectations import used_equals_ledger
from app.services import clock
from app.services.errors import Invalid, Refusal
from app.services.funding import credits, imprest
from app.services.funding.requests import UNCHARGED
from app.services.tasks import Completion
from tests.app.services.staging import StagedCase, one, rows, write

LINE = "PROT-SOC"
CHAIN = ("asked", "granted", "committed", "liquidated", "ordered", "paid")


def ask(case: StagedCase, amount: int, by: str = "U-14", **other: Any) -> Completion:
    """The case asks for an amount, whatever the scale of its type gives."""
    allow(case, amount)
    return case.do("preparer_demande", by, **request(case, amount, **other))


def request(case: StagedCase, amount: int, **other: Any) -> dict[str, Any]:
    """The answers of the request for money of the usual scenario, for another amount."""
    answers = case.answers("preparer_demande")
    quotes = [document(case, f"devis_{number}.pdf") for number in range(3)]
    answers |= {"montant_demande": amount, "base_calcul": [{"libelle": "Forfait", "quantite": 1, "pu": amount, "total": amount}]}
    del answers["justification_devis_unique"]
    return answers | {"devis": quotes} | other


def document(case: StagedCase, name: str, by: str = "U-14", step: str | None = None) -> str:
    """The code of a document that somebody adds to the case, at a step or beside it."""
    return case.document(name, by, step)


def allow(case: StagedCase, amount: int) -> None:
    """The scale of the type gives this much (the tests are about the levels of decision, not about the scale)."""
    scope = case.scope_of("preparer_demande")
    write(update(Fact).where(Fact.case_id == case.case_id, Fact.scope == scope, Fact.name == "montant").values(value=str(amount)))


def set_fact(case: StagedCase, name: str, value: str, scope: str = "") -> None:
    """A fact as JSON text, behind the back of the services."""
    write(update(Fact).where(Fact.case_id == case.case_id, Fact.scope == scope, Fact.name == name).values(value=value))


def line() -> BudgetLine:
    """The line that pays for such cases, as it is now."""
    return one(select(BudgetLine).where(BudgetLine.code == LINE, BudgetLine.year == 2026))


def leave(amount: int) -> None:
    """Only so much is left on the line."""
    now = line()
    transaction(lambda unit: credits.enter(unit.session, now.id, amount - now.available, unit.now), clock.now)


def asked_of(case: StagedCase) -> FundingRequest:
    """The only request of a case."""
    return one(select(FundingRequest).where(FundingRequest.case_id == case.case_id))


def requests_of(case: StagedCase) -> list[FundingRequest]:
    """The requests of a case, the oldest first."""
    return rows(select(FundingRequest).where(FundingRequest.case_id == case.case_id).order_by(FundingRequest.id))


def payments() -> list[Payment]:
    """Every payment."""
    return rows(select(Payment).order_by(Payment.id))


def ledger(case: StagedCase) -> list[tuple[str, int, str]]:
    """(kind, amount, reason) of what a case did to the line."""
    entries = rows(select(LedgerEntry).where(LedgerEntry.request_id == asked_of(case).id).order_by(LedgerEntry.id))
    return [(entry.kind, entry.amount, entry.reason) for entry in entries]


def book(line_id: int, amount: int, **entry: Any) -> None:
    """An entry of the ledger, behind the back of the services; the database moves its line."""
    said = {"kind": "reserve", "reason": "", "request_id": None} | entry
    balance = select(BudgetLine.used + amount).where(BudgetLine.id == line_id).scalar_subquery()
    write(insert(LedgerEntry).values(line_id=line_id, amount=amount, balance=balance, **said))


def ensure_sound() -> None:
    """What holds at all times: a line holds what its ledger adds up to, and not more than it may; no amount grows along the chain; a
    request is the sum of its ledger, of its instalments and at most of its shares; nobody is on two sides of a case."""
    used_equals_ledger()
    for now in rows(select(BudgetLine).where(BudgetLine.tracked_only.is_(False))):
        assert 0 <= now.used <= now.ceiling, now.code
    for request in rows(select(FundingRequest)):
        amounts = [getattr(request, name) for name in CHAIN]
        assert amounts == sorted(amounts, reverse=True) and amounts[-1] >= 0, (request.code, amounts)
        assert request.liquidated + request.decommitted <= request.committed
        assert request.returned <= request.paid
        _sums(request)
    _ensure_apart()
    for fund in rows(select(ImprestFund)):
        _till(fund)


def _till(fund: ImprestFund) -> None:
    """An imprest holds and awaits what its entries add up to; of no payment more is shown and given back than was paid; each payment
    stands against the commitment of its request."""
    entries = rows(select(ImprestEntry).where(ImprestEntry.post_code == fund.post_code).order_by(ImprestEntry.id))
    assert fund.balance == sum(entry.cash for entry in entries), fund.post_code
    assert fund.to_regularise == sum(entry.owed for entry in entries), fund.post_code
    assert fund.balance >= 0 <= fund.to_regularise, fund.post_code
    for paid in (entry for entry in entries if entry.kind == PAYMENT):
        left = paid.owed + sum(entry.owed for entry in entries if entry.payment_id == paid.id)
        assert 0 <= left <= paid.owed, (fund.post_code, paid.id, left)
        if paid.request_id and one(select(FundingRequest).where(FundingRequest.id == paid.request_id)).state != UNCHARGED:
            assert paid.owed == _sum(LedgerEntry.amount, LedgerEntry.request_id == paid.request_id, LedgerEntry.kind == "commit")


def till(post: str, balance: int) -> None:
    """So much is in the till of a post, and no more."""
    now = one(select(ImprestFund).where(ImprestFund.post_code == post))
    cash = balance - now.balance
    said = {"kind": OPENING, "cash": cash, "owed": 0, "awaited": now.to_regularise}
    said = said if cash >= 0 else said | {"kind": PAYMENT, "owed": -cash, "awaited": now.to_regularise - cash}
    plain = dict.fromkeys(("number", "reason", "file_name", "media_type", "digest"), "")
    write(insert(ImprestEntry).values(post_code=post, balance=balance, at=dt.datetime(2026, 1, 5, tzinfo=dt.UTC), **said, **plain))


def advance(request: FundingRequest, post: str, amount: int, at: dt.datetime) -> int:
    """The imprest of a post has paid for a request; the number of the entry."""
    return _booked(post, PAYMENT, cash=-amount, owed=amount, at=at, request_id=request.id)


def shown(payment: int, amount: int) -> None:
    """A voucher shows so much of what an imprest paid."""
    paid = one(select(ImprestEntry).where(ImprestEntry.id == payment))
    _booked(paid.post_code, VOUCHER, owed=-amount, at=paid.at, payment_id=payment, request_id=paid.request_id)


def _booked(post: str, kind: str, **entry: Any) -> int:
    number = transaction(lambda unit: imprest.book(unit.session, post, kind, **entry), clock.now)
    assert number is not None
    return number


def _sums(request: FundingRequest) -> None:
    """A request against its ledger, its instalments and its shares."""
    held = _sum(LedgerEntry.amount, LedgerEntry.request_id == request.id, LedgerEntry.kind != "lapse")
    assert held == request.reserved + request.committed - request.decommitted - request.restored, (request.code, "ledger", held)
    paid = [payment for payment in rows(select(Payment).where(Payment.request_id == request.id)) if payment.cancelled_at is None]
    if paid or not _given(request):
        assert sum(one.liquidated for one in paid) == request.liquidated, request.code
        assert sum(one.liquidated for one in paid if one.order_number) == request.ordered, request.code
        assert sum(one.paid for one in paid) == request.paid, request.code
    for payment in paid:
        _stages(payment)
    assert all(one.paid <= one.liquidated and one.returned <= one.liquidated for one in paid), request.code
    shares = _sum(FundingShare.amount, FundingShare.request_id == request.id)
    assert shares <= request.granted, (request.code, "shares", shares)


def _stages(payment: Payment) -> None:
    """A payment says of itself what its entries add up to; one that a test put there has none."""
    entries = rows(select(PaymentEntry).where(PaymentEntry.payment_id == payment.id))
    sums = {stage: sum(entry.amount for entry in entries if entry.stage == stage) for stage in (LIQUIDATED, ORDERED, PAID)}
    if entries:
        ordered = payment.liquidated if payment.order_number else 0
        assert sums == {LIQUIDATED: payment.liquidated, ORDERED: ordered, PAID: payment.paid}, payment.code


def _given(request: FundingRequest) -> bool:
    """Whether a test put the request there: aid given before, of which nothing is told but the amount."""
    return request.engine_scope == ""


def _sum(column: Any, *where: Any) -> int:
    return int(rows(select(func.coalesce(func.sum(column), 0)).where(*where))[0])


def _ensure_apart() -> None:
    """Rule S1, case by case: who asked, granted, certified, ordered and paid are different people, in themselves and by delegation."""
    sides: dict[int, dict[str, set[int]]] = {}
    for request in rows(select(FundingRequest)):
        _note(sides, request.case_id, asked=request.requester_id, granted=request.approver_id)
        for payment in rows(select(Payment).where(Payment.request_id == request.id)):
            people = {"certified": payment.certifier_id, "ordered": payment.orderer_id, "paid": payment.accountant_id}
            _note(sides, request.case_id, **people)
    for case_id, people in sides.items():
        for side, other in itertools.combinations(people, 2):
            assert not people[side] & people[other], (case_id, side, other, people[side] & people[other])


def _note(sides: dict[int, dict[str, set[int]]], case_id: int, **people: int | None) -> None:
    for side, person in people.items():
        sides.setdefault(case_id, {}).setdefault(side, set()).update({person} - {None})


def money_now() -> tuple[int, ...]:
    """Sums of all amounts that only people move."""
    columns = [func.coalesce(func.sum(getattr(FundingRequest, name)), 0) for name in CHAIN]
    found = tuple(int(amount) for amount in db.session.execute(select(*columns)).one())
    db.session.rollback()
    return found


def sentence(refused: Any) -> str:
    """What the person reads, beside the field or above the page."""
    error: Refusal = refused.value
    if not isinstance(error, Invalid):
        return error.sentence()
    told = [text for texts in error.errors.values() for text in (texts if isinstance(texts, list) else [texts])]
    return " ".join(str(getattr(text, "text", text)) for text in told)


def had(case: StagedCase, amount: int, beneficiary: str = "P-0014") -> None:
    """Another case of the beneficiary was granted an amount on the same line this year."""
    values = {"code": f"DF-{amount}", "case_id": case.case_id, "line_id": line().id, "nature": "transport", "state": "solde"}
    values |= {"asked": amount, "granted": amount, "beneficiary_code": beneficiary, "requested_at": case.now, "engine_scope": ""}
    zeros = {"cumulated", "reserved", "committed", "decommitted", "liquidated", "ordered", "paid", "returned", "restored"}
    write(insert(FundingRequest).values(**values, purpose="", collective=False, **dict.fromkeys(zeros, 0)))


def signed(case: StagedCase) -> dict[str, Any]:
    """The answers of whoever signs the payment order."""
    answers = case.answers("ordonnancer")
    answers["signature_mandat"]["feuille"] = document(case, "mandat.pdf")
    return answers
