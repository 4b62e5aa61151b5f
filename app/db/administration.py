"""What administrators did: users, grants, calendars, settings, versions, incidents. One chain for the whole installation."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.types import Id, UtcDateTime
from app.extensions import db


class AdminEntry(db.Model):
    """`entry` is the canonical JSON that is hashed, as in the history of a case; the columns help to find it."""

    __tablename__ = "admin_entry"
    __table_args__ = (Index("ix_admin_subject", "subject", "seq"),)

    seq: Mapped[int] = mapped_column(Id, primary_key=True, autoincrement=False)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(80))
    actor_id: Mapped[int | None] = mapped_column(Id)
    entry: Mapped[str] = mapped_column(Text)


class AdminHead(db.Model):
    """Number and hash of the last entry: one row, locked by whoever adds another."""

    __tablename__ = "admin_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int]
    head: Mapped[str] = mapped_column(String(64))
