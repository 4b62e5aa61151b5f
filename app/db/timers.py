"""What will fall due by itself in a procedure: the projection of the engine's timers."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.types import Id, UtcDateTime
from app.extensions import db


class Timer(db.Model):
    """A timer that waits. `due_at` is empty while the fact that it follows is unknown; `retry_at` holds it back after an incident."""

    __tablename__ = "timer"
    __table_args__ = (
        Index("ix_timer_due", "due_at", "case_id", sqlite_where=text("due_at IS NOT NULL"), postgresql_where=text("due_at IS NOT NULL")),
    )

    case_id: Mapped[int] = mapped_column(Id, ForeignKey("case_file.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(140), primary_key=True)
    element: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    due_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
