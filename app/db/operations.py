"""Operations and their children: lists that were sent in, what an operation tells its children, the share of each in its money."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from app.db import money_rules
from app.db.types import Id, Json, UtcDateTime, Xof
from app.extensions import db

PREVIEW, RUNNING, DONE, DROPPED = "preview", "running", "done", "dropped"
"""States of a list: looked at, being written, written, given up. Nothing of it is a case before « running »."""


class ChildList(db.Model):
    """A list of children that somebody sent in, and how far it is written."""

    __tablename__ = "child_list"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(10), default=PREVIEW, index=True)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    started_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    finished_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class ChildRow(db.Model):
    """A row of such a list: what was written, what is wrong with it, who it may be, and the case it became."""

    __tablename__ = "child_row"
    __table_args__ = (UniqueConstraint("list_id", "number", name="uq_child_row"), Index("ix_child_row_left", "list_id", "settled_at"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("child_list.id", ondelete="CASCADE"))
    number: Mapped[int]
    """Line of the file; the first below its heading is 2."""
    row_key: Mapped[str] = mapped_column(String(80))
    raw: Mapped[dict[str, object]] = mapped_column(Json)
    person: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    """Name, sex, birth of a person without a record."""
    person_code: Mapped[str | None] = mapped_column(String(40))
    likely: Mapped[list[str]] = mapped_column(Json, default=list)
    """Records that may be the same person."""
    errors: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    notes: Mapped[list[str]] = mapped_column(Json, default=list)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    problem: Mapped[str | None] = mapped_column(Text)
    """Why it became no case after all."""
    settled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class ChildMessage(db.Model):
    """What an operation tells its children: carried to one after the other, each in a transaction of its own."""

    __tablename__ = "child_message"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    payload: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    each: Mapped[dict[str, dict[str, object]]] = mapped_column(Json, default=dict)
    """Number of a child -> what is meant for it alone."""
    only_each: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    """Whether nobody but the children of `each` is meant."""
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, index=True)


class FundingShare(db.Model):
    """What one child is to get of a collective request, and got. The shares of a request add up to what it was granted at the most."""

    __tablename__ = "funding_share"
    __table_args__ = (
        UniqueConstraint("request_id", "case_id", name="uq_funding_share"),
        CheckConstraint("amount >= 0 AND paid >= 0 AND paid <= amount", name="share_paid_within_amount"),
        Index("ix_funding_share_helped", "beneficiary_code"),
        Index("ix_funding_share_case", "case_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("funding_request.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    beneficiary_code: Mapped[str | None] = mapped_column(String(40))
    amount: Mapped[int] = mapped_column(Xof)
    paid: Mapped[int] = mapped_column(Xof, default=0)
    mode: Mapped[str | None] = mapped_column(String(30))
    paid_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    paid_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


money_rules.TRIGGERS.attach(FundingShare.__table__)
