"""Money: budget lines and their ledger, requests from asking to paying, payments. (domain: funding.)

What the database itself refuses: spending more than a line holds, an amount that grows along the chain
(paid <= ordered <= liquidated <= committed <= granted <= asked), instalments or shares above their request, one invoice paid twice, one
person on two sides of four eyes, a ledger that is changed or cut, a line that holds something else than its ledger adds up to.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import money_rules, stage_rules
from app.db.types import Id, Json, UtcDateTime, Xof
from app.extensions import db


class BudgetLine(db.Model):
    """A line of one budget year. `used` is what reservations and commitments hold; `ceiling` what may be held:
    opened + received - given - frozen. Lines that are only tracked (a partner pays) warn and do not block."""

    __tablename__ = "budget_line"
    __table_args__ = (
        UniqueConstraint("code", "year", name="uq_budget_line"),
        CheckConstraint("used >= 0", name="used_not_negative"),
        CheckConstraint("tracked_only OR used <= opened + received - given - frozen", name="used_within_ceiling"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(20))
    year: Mapped[int]
    label: Mapped[str] = mapped_column(String(200))
    label_en: Mapped[str] = mapped_column(String(200), default="", server_default="")
    source: Mapped[str] = mapped_column(String(60), default="etat")
    funder: Mapped[str] = mapped_column(String(100), default="")
    currency: Mapped[str] = mapped_column(String(3), default="XOF", server_default="XOF")
    """In which its money comes (ISO 4217); every amount here is in XOF."""
    opened: Mapped[int] = mapped_column(Xof, default=0)
    """What its entries of credits add up to (`app/db/credits.py`)."""
    received: Mapped[int] = mapped_column(Xof, default=0)
    given: Mapped[int] = mapped_column(Xof, default=0)
    frozen: Mapped[int] = mapped_column(Xof, default=0)
    used: Mapped[int] = mapped_column(Xof, default=0)
    last_commitment_on: Mapped[dt.date | None]
    last_payment_on: Mapped[dt.date | None]
    state: Mapped[str] = mapped_column(String(20), default="ouvert")
    case_types: Mapped[list[str]] = mapped_column(Json, default=list)
    natures: Mapped[list[str]] = mapped_column(Json, default=list)
    multi_annual: Mapped[bool] = mapped_column(default=False)
    tracked_only: Mapped[bool] = mapped_column(default=False)
    imputation: Mapped[str] = mapped_column(String(120), default="")

    def named(self, language: str) -> str:
        """What it is called; in French where nobody has said it in the other language."""
        return self.label_en if language == "en" and self.label_en else self.label

    @property
    def ceiling(self) -> int:
        return self.opened + self.received - self.given - self.frozen

    @property
    def available(self) -> int:
        return self.ceiling - self.used


class FundingRequest(db.Model):
    """One request for money of one case, through its whole life. `engine_scope` is the call that carries it."""

    __tablename__ = "funding_request"
    __table_args__ = (
        CheckConstraint("asked > 0", name="asked_positive"),
        CheckConstraint("granted <= asked", name="granted_within_asked"),
        CheckConstraint("committed <= granted", name="committed_within_granted"),
        CheckConstraint("liquidated <= committed", name="liquidated_within_committed"),
        CheckConstraint("liquidated + decommitted <= committed", name="decommitted_is_not_spent"),
        CheckConstraint("ordered <= liquidated", name="ordered_within_liquidated"),
        CheckConstraint("paid <= ordered", name="paid_within_ordered"),
        CheckConstraint("returned <= paid", name="returned_within_paid"),
        CheckConstraint("restored <= returned", name="restored_within_returned"),
        CheckConstraint("reserved >= 0 AND granted >= 0 AND committed >= 0 AND liquidated >= 0 AND paid >= 0", name="amounts_not_negative"),
        CheckConstraint("approver_id IS NULL OR approver_id <> requester_id", name="approver_not_requester"),
        CheckConstraint("certifier_id IS NULL OR (certifier_id <> requester_id AND certifier_id <> approver_id)", name="certifier_apart"),
        Index("ix_funding_request_case", "case_id"),
        Index("ix_funding_request_payee", "payee_code", "decided_at"),
        Index("ix_funding_request_helped", "beneficiary_code", "line_id"),
        Index(
            "ix_funding_request_reserved",
            "reserved_until",
            sqlite_where=text("reserved > 0"),
            postgresql_where=text("reserved > 0"),
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    engine_scope: Mapped[str] = mapped_column(String(40), default="")
    line_id: Mapped[int] = mapped_column(ForeignKey("budget_line.id"), index=True)
    nature: Mapped[str] = mapped_column(String(40))
    purpose: Mapped[str] = mapped_column(String(300), default="")
    beneficiary_code: Mapped[str | None] = mapped_column(String(40))
    payee_code: Mapped[str | None] = mapped_column(String(40))
    collective: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(20), default="demande")
    asked: Mapped[int] = mapped_column(Xof)
    cumulated: Mapped[int] = mapped_column(Xof, default=0)
    reserved: Mapped[int] = mapped_column(Xof, default=0)
    granted: Mapped[int] = mapped_column(Xof, default=0)
    committed: Mapped[int] = mapped_column(Xof, default=0)
    decommitted: Mapped[int] = mapped_column(Xof, default=0)
    liquidated: Mapped[int] = mapped_column(Xof, default=0)
    ordered: Mapped[int] = mapped_column(Xof, default=0)
    paid: Mapped[int] = mapped_column(Xof, default=0)
    returned: Mapped[int] = mapped_column(Xof, default=0)
    restored: Mapped[int] = mapped_column(Xof, default=0, server_default="0")
    """What was returned of an advance, and whose credit the line holds again."""
    required_role: Mapped[str | None] = mapped_column(String(40))
    commitment_number: Mapped[str | None] = mapped_column(String(40))
    visa_number: Mapped[str | None] = mapped_column(String(40))
    requester_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approver_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    certifier_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    requested_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    reserved_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    frozen_reason: Mapped[str | None] = mapped_column(String(200))


class LedgerEntry(db.Model):
    """What a request did to a line. Only added to, and each entry moves `used` of its line: the database does that by itself, and
    refuses any other change of it. `balance` is what the line holds after the entry."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        Index("ix_ledger_line", "line_id", "id"),
        Index("ix_ledger_request", "request_id"),
        Index("ix_ledger_lapsed", "line_id", sqlite_where=text("kind = 'lapse'"), postgresql_where=text("kind = 'lapse'")),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("budget_line.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("funding_request.id"))
    kind: Mapped[str] = mapped_column(String(20))
    amount: Mapped[int] = mapped_column(Xof)
    balance: Mapped[int] = mapped_column(Xof, server_default="0")
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")


class Payment(db.Model):
    """One instalment of a commitment, from the certified service to the Treasury's answer."""

    __tablename__ = "payment"
    __table_args__ = (
        Index(
            "uq_payment_invoice",
            "payee_code",
            "invoice",
            unique=True,
            sqlite_where=text("cancelled_at IS NULL AND invoice IS NOT NULL"),
            postgresql_where=text("cancelled_at IS NULL AND invoice IS NOT NULL"),
        ),
        CheckConstraint("paid <= liquidated", name="paid_within_liquidated"),
        CheckConstraint("orderer_id IS NULL OR accountant_id IS NULL OR orderer_id <> accountant_id", name="orderer_not_accountant"),
        Index("ix_payment_request", "request_id"),
        Index("ix_payment_line", "line_id", sqlite_where=text("line_id IS NOT NULL"), postgresql_where=text("line_id IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("funding_request.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("budget_line.id"))
    """The line that pays it, where what was left of its request was carried over to another year since; else that of the request."""
    instalment: Mapped[int] = mapped_column(default=1)
    payee_code: Mapped[str | None] = mapped_column(String(40))
    invoice: Mapped[str | None] = mapped_column(String(80))
    certified: Mapped[int] = mapped_column(Xof, default=0)
    justified: Mapped[int] = mapped_column(Xof, default=0, server_default="0")
    """What vouchers show that an advance was spent on."""
    liquidated: Mapped[int] = mapped_column(Xof, default=0)
    withheld: Mapped[int] = mapped_column(Xof, default=0)
    paid: Mapped[int] = mapped_column(Xof, default=0)
    returned: Mapped[int] = mapped_column(Xof, default=0)
    order_number: Mapped[str | None] = mapped_column(String(40), unique=True)
    mode: Mapped[str | None] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(20), default="certifie")
    certifier_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    liquidator_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    orderer_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    accountant_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    certified_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    ordered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    paid_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    payment_reference: Mapped[str | None] = mapped_column(String(80))
    cancelled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class PaymentEntry(db.Model):
    """A stage that a payment reached, or went back from: only added to. What a payment says of itself is what its entries add up to."""

    __tablename__ = "payment_entry"
    __table_args__ = (Index("ix_payment_entry_payment", "payment_id", "stage"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"))
    stage: Mapped[str] = mapped_column(String(20))
    amount: Mapped[int] = mapped_column(Xof)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


stage_rules.TRIGGERS.attach(PaymentEntry.__table__)
money_rules.TRIGGERS.attach(BudgetLine.__table__, FundingRequest.__table__, LedgerEntry.__table__, Payment.__table__)
