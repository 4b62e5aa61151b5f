"""Sheets of countries: what the ministry knows of a place, by the names under which procedures read it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.types import Json, UtcDateTime
from app.extensions import db


class CountrySheet(db.Model):
    """Facts of a country by name, e.g. its zone for transport, whether an air link exists, kilometres to the border by road."""

    __tablename__ = "country_sheet"

    country: Mapped[str] = mapped_column(String(2), primary_key=True)
    facts: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    changed_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
