"""What leaves after the commit (notifications) and what makes an act happen once (request keys)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.types import Id, Json, UtcDateTime
from app.extensions import db


class Notification(db.Model):
    """A message to a person or a role, written in the transaction of the act that caused it and sent afterwards."""

    __tablename__ = "notification"
    __table_args__ = (
        Index("ix_notification_unsent", "id", sqlite_where=text("sent_at IS NULL"), postgresql_where=text("sent_at IS NULL")),
        Index("ix_notification_case", "case_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    kind: Mapped[str] = mapped_column(String(60))
    channel: Mapped[str] = mapped_column(String(20), default="inbox")
    recipient_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recipient_role: Mapped[str | None] = mapped_column(String(40))
    recipient_post: Mapped[str | None] = mapped_column(String(20))
    address: Mapped[str | None] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(300), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    claimed_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(Text)


class RequestKey(db.Model):
    """A key that a client gave with an act: the same act again gives the same answer and has no second effect."""

    __tablename__ = "request_key"

    actor: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, object] | None] = mapped_column(Json)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, index=True)
