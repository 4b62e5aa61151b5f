"""What may be taken back within a minute: only what the actor did, only while nothing followed. (docs/decisions/0012-undo.md)"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.history import HistoryEntry
from app.services.actor import Actor
from app.services.errors import Conflict
from app.services.policy import Capacity

WITHIN = dt.timedelta(minutes=1)
LOOKED = 20
"""Entries looked through for the last one about a task."""


def last(
    session: Session, case_id: int, kinds: Sequence[str], about: Callable[[Mapping[str, Any]], bool] = lambda data: True
) -> tuple[HistoryEntry, Mapping[str, Any]]:
    """The last entry of some kinds in a case that is about the same, and its data. Conflict when there is none."""
    query = select(HistoryEntry).where(HistoryEntry.case_id == case_id, HistoryEntry.kind.in_(kinds))
    for entry in session.scalars(query.order_by(HistoryEntry.seq.desc()).limit(LOOKED)):
        data = orjson.loads(entry.entry)["data"]
        if about(data):
            return entry, data
    raise Conflict("undo_changed")


def ensure_mine(entry: HistoryEntry, actor: Actor, now: dt.datetime) -> None:
    """Conflict when the entry is somebody else's, older than a minute, or itself takes something back."""
    if entry.actor_id != actor.id or orjson.loads(entry.entry)["data"].get("undone"):
        raise Conflict("undo_changed")
    if entry.at < now - WITHIN:
        raise Conflict("undo_too_late")


def capacity(entry: HistoryEntry) -> Capacity:
    """The capacity in which the act was done: in the same it is taken back."""
    body = orjson.loads(entry.entry)
    return Capacity(body.get("role"), body.get("behind"))
