"""The history of cases and of readings: append-only, chained entry to entry (see docs/architecture.md, « Chain and proof »)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.types import Id, Json, UtcDateTime
from app.extensions import db


class HistoryEntry(db.Model):
    """`entry` is the canonical JSON that is hashed: the truth. The columns beside it only help to find it.
    `personal` holds the salted values whose digests stand in the entry; erasing it leaves the proof whole."""

    __tablename__ = "history_entry"
    __table_args__ = (
        UniqueConstraint("case_id", "seq", name="uq_history_seq"),
        Index("ix_history_at", "at"),
        Index("ix_history_actor", "actor_id", "at"),
        Index("ix_history_kind", "kind", "at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(Id)
    seq: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(40))
    element: Mapped[str | None] = mapped_column(String(64))
    actor_id: Mapped[int | None] = mapped_column(Id)
    entry: Mapped[str] = mapped_column(Text)
    personal: Mapped[dict[str, object] | None] = mapped_column(Json)


class AccessEntry(db.Model):
    """Who read what: a chain of its own for each case."""

    __tablename__ = "access_entry"
    __table_args__ = (UniqueConstraint("case_id", "seq", name="uq_access_seq"), Index("ix_access_actor", "actor_id", "case_id", "at"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(Id)
    seq: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(40))
    actor_id: Mapped[int] = mapped_column(Id)
    entry: Mapped[str] = mapped_column(Text)


class AccessHead(db.Model):
    """Head of the chain of readings of a case, on a row of its own so that readers never wait for a writer of the case."""

    __tablename__ = "access_head"

    case_id: Mapped[int] = mapped_column(Id, ForeignKey("case_file.id"), primary_key=True)
    seq: Mapped[int]
    head: Mapped[str] = mapped_column(String(64))
