"""What the Treasury says that it paid, beside what is kept here: exports that were sent in, and the differences that somebody handles."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.types import Id, Json, UtcDateTime, Xof
from app.extensions import db

PREVIEW, TAKEN, DROPPED = "preview", "taken", "dropped"
"""States of an export: looked at, compared for good, given up."""


EXPLAINED, CORRECTED, OPEN = "explique", "corrige", "ouvert"
"""Results of a difference; the last one keeps it open."""


class TreasuryExport(db.Model):
    """A file of the Treasury, row by row as it was read. Nothing follows from it before it is confirmed."""

    __tablename__ = "treasury_export"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(10), default=PREVIEW)
    rows: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    agreed: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    taken_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class TreasuryGap(db.Model):
    """A difference on one mandate, open until somebody has explained or corrected it."""

    __tablename__ = "treasury_gap"
    __table_args__ = (
        UniqueConstraint("export_id", "order_number", name="uq_treasury_gap"),
        Index("ix_treasury_gap_open", "settled_at", "id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    export_id: Mapped[int] = mapped_column(ForeignKey("treasury_export.id"))
    line: Mapped[int | None]
    """Of the file; None for a mandate that is only kept here."""
    order_number: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    stated: Mapped[int | None] = mapped_column(Xof)
    kept: Mapped[int | None] = mapped_column(Xof)
    result: Mapped[str] = mapped_column(String(20), default=OPEN)
    remarks: Mapped[str] = mapped_column(Text, default="")
    settled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
