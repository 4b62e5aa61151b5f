"""Cases, the versions of procedures they are pinned to, and what an act needs of a case."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.types import Id, Json, UtcDateTime, Xof
from app.extensions import db

CHILD_OF, LEFT = "enfant_de", "detache_de"
"""Kinds of the link from a child to its operation, and from one that left to what was its operation."""


class DefinitionVersion(db.Model):
    """A case-type folder as it was, stored once by the hash of its content; `content` is a compressed archive of its files."""

    __tablename__ = "definition_version"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    case_type: Mapped[str] = mapped_column(String(20), index=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    stored_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    current: Mapped[bool] = mapped_column(default=False)


class Case(db.Model):
    """A case. `state` holds the engine's tokens and nothing else; what is known are facts."""

    __tablename__ = "case_file"
    __table_args__ = (
        Index("ix_case_post_status", "post_code", "status", "id"),
        Index("ix_case_type_status", "case_type", "status", "id"),
        Index("ix_case_person", "person_code"),
        Index("ix_case_version", "version_hash", sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")),
        Index("ix_case_opened", "opened_at", "id"),
        Index("ix_case_child", "parent_id", "stage", "id"),
        Index("uq_case_row", "parent_id", "row_key", unique=True),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    case_type: Mapped[str] = mapped_column(String(20))
    version_hash: Mapped[str] = mapped_column(ForeignKey("definition_version.hash"))
    state: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    scopes: Mapped[list[str]] = mapped_column(Json, default=list)
    timers_digest: Mapped[str] = mapped_column(String(64), default="")
    kept_messages: Mapped[int] = mapped_column(default=0)
    history_seq: Mapped[int] = mapped_column(default=0)
    history_head: Mapped[str] = mapped_column(String(64), default="")
    lock_version: Mapped[int] = mapped_column(default=1)

    status: Mapped[str] = mapped_column(String(30), default="soumis")
    priority: Mapped[str] = mapped_column(String(2), default="P3")
    confidentiality: Mapped[str] = mapped_column(String(2), default="C2")
    post_code: Mapped[str] = mapped_column(ForeignKey("post.code"))
    country: Mapped[str | None] = mapped_column(String(2))
    barred: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Who is kept away from the case: see app/services/barring.py."""
    person_code: Mapped[str | None] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200), default="")
    responsible_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    due_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    amount: Mapped[int | None] = mapped_column(Xof)
    outcome: Mapped[str | None] = mapped_column(String(60))
    opened_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    suspended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    incident_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    counted_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    """When all its deadlines were last counted again because a calendar changed."""
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"))
    """The operation of which this case is a child."""
    row_key: Mapped[str | None] = mapped_column(String(80))
    """The row of a list that made the child: the same row again makes none."""
    stage: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """Where a child stands, in the words of its operation."""
    category: Mapped[str] = mapped_column(String(20), default="", server_default="")
    told_id: Mapped[int] = mapped_column(default=0, server_default="0")
    """The last message of its operation that reached this child."""


class CaseLink(db.Model):
    """A tie between two cases (domain: conventions §10)."""

    __tablename__ = "case_link"
    __table_args__ = (UniqueConstraint("case_id", "other_id", "kind", name="uq_case_link"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class Team(db.Model):
    """A person named on a case: who may read a confidential one besides its roles."""

    __tablename__ = "case_team"

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    since: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class CaseLabel(db.Model):
    """A word that a team puts on a case, to find it again."""

    __tablename__ = "case_label"
    __table_args__ = (Index("ix_case_label_label", "label"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    label: Mapped[str] = mapped_column(String(30), primary_key=True)
    put_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    put_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))


class ReferenceCounter(db.Model):
    """Last number given for a prefix, a place and a year. Numbers are never used again."""

    __tablename__ = "reference_counter"

    series: Mapped[str] = mapped_column(String(60), primary_key=True)
    last: Mapped[int]


class KeptMessage(db.Model):
    """A message that nobody awaited yet; offered again at every act of its case."""

    __tablename__ = "kept_message"
    __table_args__ = (UniqueConstraint("source", "source_reference", name="uq_message_source"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    key: Mapped[object | None] = mapped_column(Json)
    payload: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    source: Mapped[str] = mapped_column(String(80))
    source_reference: Mapped[str] = mapped_column(String(120))
    received_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    received_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    taken_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    filed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Pause(db.Model):
    """A time during which deadlines in working days stand still, of a case or of one task; it lasts while `ends_at` is empty."""

    __tablename__ = "pause"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    reason: Mapped[str] = mapped_column(String(30))
    comment: Mapped[str] = mapped_column(Text, default="")
    status_before: Mapped[str | None] = mapped_column(String(30))
    starts_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Incident(db.Model):
    """An act that failed and left its case as it was: what an administrator repairs and retries."""

    __tablename__ = "incident"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    element: Mapped[str | None] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(Text)
    happened_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=1)
    retry_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    resolved_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
