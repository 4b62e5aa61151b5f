"""The credits of budget lines: acts that open, raise or cut them, with four eyes, and the entries that they leave. (domain: funding §2.)

What the database itself refuses: credits without an entry, an entry that is changed, cut or does not follow, one of an act that nobody
confirmed, an act decided by who proposed it or changed after its decision.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db import credit_rules
from app.db.credit_rules import PROPOSED
from app.db.funding import BudgetLine
from app.db.types import Id, Json, UtcDateTime, Xof
from app.extensions import db


class CreditAct(db.Model):
    """What an act of the State (a finance law, a decree) gives to lines of a year or takes from them, as somebody entered it; `rows`: one a
    line. Nothing moves before somebody else has confirmed it. `proposed_behind_id`: for whom it was entered, when somebody stood in."""

    __tablename__ = "credit_act"
    __table_args__ = (
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> proposed_by_id", name="decider_not_proposer"),
        CheckConstraint(
            "decided_by_id IS NULL OR proposed_behind_id IS NULL OR decided_by_id <> proposed_behind_id", name="decider_not_behind"
        ),
        CheckConstraint(f"state = '{PROPOSED}' OR decided_by_id IS NOT NULL", name="decided_by_somebody"),
        Index("ix_credit_act_state", "state", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    year: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    reference: Mapped[str] = mapped_column(String(200))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10), default=PROPOSED)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    proposed_behind_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(Text, default="")


class CreditEntry(db.Model):
    """What a line gained or lost in credits; `balance`: what is opened after it. Without an act: credits taken over with the line."""

    __tablename__ = "credit_entry"
    __table_args__ = (UniqueConstraint("act_id", "line_id", name="uq_credit_entry"), Index("ix_credit_entry_line", "line_id", "id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("budget_line.id"))
    act_id: Mapped[int | None] = mapped_column(ForeignKey("credit_act.id"))
    amount: Mapped[int] = mapped_column(Xof)
    balance: Mapped[int] = mapped_column(Xof)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


credit_rules.TRIGGERS.attach(CreditAct.__table__, CreditEntry.__table__, BudgetLine.__table__)
