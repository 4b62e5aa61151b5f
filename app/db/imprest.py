"""The cash advance (régie) of a post: what it paid at once, the vouchers that show it, how it was filled again. (domain: funding §6.)

What the database itself refuses: an entry that is changed, cut or does not follow; a till that holds something else than its entries add
up to, or less than nothing; vouchers above what was paid; cash above the ceiling; one person on both sides of a replenishment.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db import imprest_rules
from app.db.imprest_rules import ASKED, GRANTED, SHAPE
from app.db.types import Id, Json, UtcDateTime, Xof
from app.extensions import db


class ImprestFund(db.Model):
    """The imprest of a post. `balance` is what is left in hand, `to_regularise` what was paid and no voucher shows yet: both are what its
    entries add up to. `cash_ceiling`: what both may be together after cash has come."""

    __tablename__ = "imprest_fund"
    __table_args__ = (CheckConstraint("balance >= 0", name="balance_not_negative"),)

    post_code: Mapped[str] = mapped_column(ForeignKey("post.code"), primary_key=True)
    cash_ceiling: Mapped[int] = mapped_column(Xof)
    monthly_ceiling: Mapped[int] = mapped_column(Xof)
    balance: Mapped[int] = mapped_column(Xof)
    to_regularise: Mapped[int] = mapped_column(Xof, default=0)
    natures: Mapped[list[str]] = mapped_column(Json, default=list)

    @property
    def room(self) -> int:
        """What may still come into the till."""
        return max(0, self.cash_ceiling - self.balance - self.to_regularise)


class ImprestEntry(db.Model):
    """One movement. `cash`: what the till gained or gave; `owed`: vouchers awaited, more or less; `balance` and `awaited`: both after it.
    A voucher, and a rest that was given back, name the payment that they are about. `digest`: the content of a voucher in the store."""

    __tablename__ = "imprest_entry"
    __table_args__ = (
        CheckConstraint(SHAPE, name="shape"),
        CheckConstraint("balance >= 0 AND awaited >= 0", name="not_below_nothing"),
        Index("ix_imprest_post", "post_code", "id"),
        Index("ix_imprest_payment", "payment_id"),
        Index("ix_imprest_request", "request_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    post_code: Mapped[str] = mapped_column(ForeignKey("imprest_fund.post_code"))
    kind: Mapped[str] = mapped_column(String(20))
    payment_id: Mapped[int | None] = mapped_column(ForeignKey("imprest_entry.id"))
    request_id: Mapped[int | None] = mapped_column(ForeignKey("funding_request.id"))
    cash: Mapped[int] = mapped_column(Xof)
    owed: Mapped[int] = mapped_column(Xof)
    balance: Mapped[int] = mapped_column(Xof)
    awaited: Mapped[int] = mapped_column(Xof)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    number: Mapped[str] = mapped_column(String(80), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    file_name: Mapped[str] = mapped_column(String(200), default="")
    media_type: Mapped[str] = mapped_column(String(100), default="")
    digest: Mapped[str] = mapped_column(String(64), default="")


class ImprestReplenishment(db.Model):
    """Cash that the accountant of a post asks for, the authorising officer grants or refuses, and the post receives. `asked_behind_id`:
    for whom it was asked, when somebody stood in."""

    __tablename__ = "imprest_replenishment"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> asked_by_id", name="decider_not_asker"),
        CheckConstraint("decided_by_id IS NULL OR asked_behind_id IS NULL OR decided_by_id <> asked_behind_id", name="decider_not_behind"),
        CheckConstraint("received_by_id IS NULL OR received_by_id <> decided_by_id", name="receiver_not_decider"),
        Index(
            "uq_imprest_replenishment_open",
            "post_code",
            unique=True,
            sqlite_where=text(f"state IN ('{ASKED}', '{GRANTED}')"),
            postgresql_where=text(f"state IN ('{ASKED}', '{GRANTED}')"),
        ),
        Index("ix_imprest_replenishment_post", "post_code", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    post_code: Mapped[str] = mapped_column(ForeignKey("imprest_fund.post_code"))
    amount: Mapped[int] = mapped_column(Xof)
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default=ASKED)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_behind_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    asked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(Text, default="")
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    received_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    reference: Mapped[str] = mapped_column(String(80), default="")


imprest_rules.TRIGGERS.attach(ImprestFund.__table__, ImprestEntry.__table__)
