"""Places of the ministry, their calendars, announced holidays, and settings."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.types import Id, Json, UtcDateTime
from app.extensions import db


class Post(db.Model):
    """An embassy, a consulate, a border station or a central service. `kind` is the dossier's `genre`; `zone` is IANA."""

    __tablename__ = "post"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    name_fr: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2), index=True)
    city: Mapped[str] = mapped_column(String(100), default="")
    zone: Mapped[str] = mapped_column(String(60))
    currency: Mapped[str] = mapped_column(String(3), default="XOF")
    jurisdiction: Mapped[list[str]] = mapped_column(Json, default=list)
    languages: Mapped[list[str]] = mapped_column(Json, default=list)
    calendar_code: Mapped[str] = mapped_column(String(40))


class CalendarRow(db.Model):
    """Working week of a place: `weekend` lists days 0 (Monday) to 6; `hours` gives for each weekday pairs of local times;
    `fixed` the yearly days off as MM-DD."""

    __tablename__ = "calendar"

    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    zone: Mapped[str] = mapped_column(String(60))
    weekend: Mapped[list[int]] = mapped_column(Json)
    hours: Mapped[dict[str, list[list[str]]]] = mapped_column(Json)
    fixed: Mapped[list[str]] = mapped_column(Json, default=list)
    recount_from: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """What was counted in it before must be counted again; empty when all of it was."""


class Holiday(db.Model):
    """A day off of one calendar. An estimated one counts until it is changed (domain: conventions §3)."""

    __tablename__ = "holiday"
    __table_args__ = (UniqueConstraint("calendar_code", "day", name="uq_holiday_day"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    calendar_code: Mapped[str] = mapped_column(ForeignKey("calendar.code", ondelete="CASCADE"))
    day: Mapped[dt.date]
    label: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(20), default="confirmed")
    extent: Mapped[str] = mapped_column(String(20), default="whole")
    source: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class Setting(db.Model):
    """A value that an administrator changed; the folder's `settings.yaml` gives all the others."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[object] = mapped_column(Json)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
