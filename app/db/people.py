"""Persons, bodies and suppliers that cases refer to, and the index that finds a misspelt name."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.types import Id, Json, UtcDateTime
from app.extensions import db


class Person(db.Model):
    """A national, a relative, a witness (domain: conventions §5). `born` is a partial date (YYYY, YYYY-MM or YYYY-MM-DD)."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    family_name: Mapped[str] = mapped_column(String(200))
    given_names: Mapped[str] = mapped_column(String(200), default="")
    other_names: Mapped[list[str]] = mapped_column(Json, default=list)
    sex: Mapped[str] = mapped_column(String(10), default="inconnu")
    born: Mapped[str | None] = mapped_column(String(10))
    birth_year: Mapped[int | None] = mapped_column(index=True)
    birth_place: Mapped[str] = mapped_column(String(200), default="")
    father: Mapped[str] = mapped_column(String(200), default="")
    mother: Mapped[str] = mapped_column(String(200), default="")
    origin: Mapped[dict[str, object] | None] = mapped_column(Json)
    national_number: Mapped[str | None] = mapped_column(String(20), index=True)
    papers: Mapped[list[dict[str, object]]] = mapped_column(Json, default=list)
    phones: Mapped[list[str]] = mapped_column(Json, default=list)
    residence: Mapped[str | None] = mapped_column(String(2))
    situation: Mapped[str] = mapped_column(String(60), default="")
    nationality_status: Mapped[str] = mapped_column(String(30), default="en_verification")
    life_status: Mapped[str] = mapped_column(String(20), default="inconnu")
    died: Mapped[str | None] = mapped_column(String(10))
    """A partial date; known of a dead person only."""
    description: Mapped[str] = mapped_column(Text, default="")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.family_name}".strip()

    @property
    def initials(self) -> str:
        """How a confidential person stands in lists."""
        return " ".join(f"{word[0]}." for word in self.name.split() if word)


class PersonMerge(db.Model):
    """Two records found to be one person: `merged_id` gives way to `kept_id`. `changed` says what the kept record took over (field ->
    [before, after]) and `moved` which records had given way to the merged one before, so that it can be undone."""

    __tablename__ = "person_merge"
    __table_args__ = (Index("ix_person_merge_kept", "kept_id"), Index("ix_person_merge_merged", "merged_id"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    merged_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text)
    changed: Mapped[dict[str, list[Any]]] = mapped_column(Json, default=dict)
    moved: Mapped[list[int]] = mapped_column(Json, default=list)
    merged_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    merged_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    undone_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    undone_reason: Mapped[str | None] = mapped_column(Text)


class PersonPaper(db.Model):
    """Numbers of passports, cards and the like, to be found by number."""

    __tablename__ = "person_paper"

    number: Mapped[str] = mapped_column(String(60), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(30), default="")


class NameWord(db.Model):
    """Every word that a name was ever written with, and its folded key."""

    __tablename__ = "name_word"

    word: Mapped[str] = mapped_column(String(80), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), index=True)


class PersonNamePair(db.Model):
    """Any two folded words of a person's names in alphabetical order; the word alone if there is only one."""

    __tablename__ = "person_name_pair"
    __table_args__ = (Index("ix_person_name_pair_person", "person_id"), {"sqlite_with_rowid": False})

    key: Mapped[str] = mapped_column(String(170), primary_key=True)
    born: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)


class Body(db.Model):
    """A structure (morgue, hospital, court, company, partner …) or a supplier, who can be paid."""

    __tablename__ = "body"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    register: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    country: Mapped[str | None] = mapped_column(String(2))
    city: Mapped[str] = mapped_column(String(100), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    currency: Mapped[str] = mapped_column(String(3), default="XOF")
    account_changed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    account_changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    account_validated_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    account_validated_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    active: Mapped[bool] = mapped_column(default=True)
    details: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
