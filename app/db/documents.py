"""Documents of cases: what they are and where their content lies. The content is outside the database, under its digest."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.types import Id, UtcDateTime
from app.extensions import db


class Document(db.Model):
    """A file given to a case. Never replaced: another version is another document."""

    __tablename__ = "document"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    field: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[str] = mapped_column(String(60), default="")
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    added_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    added_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    number: Mapped[str] = mapped_column(String(80), default="")
    issued_on: Mapped[dt.date | None]
    verified_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    doubt: Mapped[str] = mapped_column(Text, default="")
