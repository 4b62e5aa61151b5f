"""Values that a register gives once: numbers of deeds, of documents, of receipts."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.types import UtcDateTime
from app.extensions import db


class TakenValue(db.Model):
    """A value of a register, and the case that has it. Kept for ever: a number is never given twice."""

    __tablename__ = "taken_value"

    register: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[str] = mapped_column(String(200), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    taken_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
