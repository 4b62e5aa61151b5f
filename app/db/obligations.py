"""What members of the staff owe a case, and from when on it keeps them from something new."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.types import Id, UtcDateTime
from app.extensions import db


class Obligation(db.Model):
    """Something that a person owes since a day: a report, the vouchers of an advance. `kind` is declared by the shared folder,
    `engine_scope` is the called process in which it is owed. Open until `cleared_at`."""

    __tablename__ = "obligation"
    __table_args__ = (
        UniqueConstraint("case_id", "engine_scope", "kind", "user_code", name="uq_obligation"),
        Index(
            "ix_obligation_open", "user_code", "kind", sqlite_where=text("cleared_at IS NULL"), postgresql_where=text("cleared_at IS NULL")
        ),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    engine_scope: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(40))
    user_code: Mapped[str] = mapped_column(String(40))
    since: Mapped[dt.date]
    bars_after: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    cleared_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
