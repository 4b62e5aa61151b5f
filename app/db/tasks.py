"""Open and closed tasks: the projection of the engine's state that the inbox walks. Rebuilt by `flask projections rebuild`."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, literal_column, text
from sqlalchemy.orm import Mapped, mapped_column

from app.db.types import Id, Json, UtcDateTime
from app.extensions import db

STEP, WAIT, COMPANION = "step", "wait", "companion"
"""A step of the procedure; a message awaited from outside; a task beside the procedure (a delay to deal with, a new fact)."""

NO_DEADLINE = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
"""Stands for "no deadline", so that the inbox sorts the same on every database."""


_WALK = ("post_code", "role", "due_at", "id", "case_type", "barred")
"""A walk of the inbox, with what else it asks: a tab is counted from its index alone, without reading a task."""


def _open(name: str, *columns: str, also: str = "") -> Index:
    where = text("closed_at IS NULL" + also)
    return Index(name, *columns, sqlite_where=where, postgresql_where=where)


class Task(db.Model):
    """Something somebody has to do, or that the case waits for. Copies what the inbox filters and sorts by."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("case_id", "engine_id", name="uq_task_engine"),
        _open("ix_task_mine", "assignee_id", "due_at", "id", "barred", also=" AND assignee_id IS NOT NULL"),
        _open("ix_task_team", *_WALK, also=" AND kind <> 'wait'"),
        _open("ix_task_to_take", *_WALK, also=" AND kind <> 'wait' AND assignee_id IS NULL"),
        _open("ix_task_waiting", *_WALK, also=" AND kind = 'wait'"),
        _open("ix_task_due", "due_at", "id"),
        _open("ix_task_type", "case_type", "due_at", "id"),
        _open("ix_task_country", "country", "due_at", "id"),
        _open("ix_task_stage", "stage_at", "case_id", also=" AND stage_at IS NOT NULL"),
        Index(
            "ix_task_done",
            "closed_by_id",
            text("closed_at DESC"),
            sqlite_where=text("closed_at IS NOT NULL"),
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
        Index("ix_task_case", "case_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"))
    engine_id: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10), default=STEP)
    step: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(200))
    process: Mapped[str] = mapped_column(String(64))
    scope: Mapped[str] = mapped_column(String(40), default="")
    chain: Mapped[list[list[str]]] = mapped_column(Json, default=list)
    lane: Mapped[str | None] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(40))
    post_code: Mapped[str] = mapped_column(String(20))
    case_type: Mapped[str] = mapped_column(String(20))
    country: Mapped[str | None] = mapped_column(String(2))
    priority: Mapped[str] = mapped_column(String(2))
    barred: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Who is kept away, as on its case."""
    message: Mapped[str | None] = mapped_column(String(80))
    item: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    subject_id: Mapped[int | None] = mapped_column(ForeignKey("task.id"))
    sent_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    opened_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=NO_DEADLINE)
    due_rule: Mapped[str | None] = mapped_column(String(200))
    calendar_code: Mapped[str | None] = mapped_column(String(40))
    stage: Mapped[int] = mapped_column(default=0)
    stage_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    extended_to: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    extension_reason: Mapped[str | None] = mapped_column(Text)

    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    claimed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    closed_behind_id: Mapped[int | None] = mapped_column(Id)
    """On whose behalf it was done: the number of a user."""
    closed_how: Mapped[str | None] = mapped_column(String(12))


AWAITED = Task.kind == literal_column("'wait'")
TO_DO = Task.kind != literal_column("'wait'")
"""Conditions of the inbox's indexes, word for word: with a parameter in it a database would not know its index again."""


class TaskSeen(db.Model):
    """The first time a user opened a task: the inbox marks what is new to them."""

    __tablename__ = "task_seen"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), primary_key=True)
    seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Draft(db.Model):
    """What a user typed and has not sent, as typed."""

    __tablename__ = "draft"

    task_id: Mapped[int] = mapped_column(ForeignKey("task.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    raw: Mapped[dict[str, object]] = mapped_column(Json)
    saved_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class Note(db.Model):
    """A remark on a case. Never altered; a correction is a new note."""

    __tablename__ = "note"
    LONGEST = 5_000

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case_file.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    written_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    body: Mapped[str] = mapped_column(Text)
