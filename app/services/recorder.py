"""Writes the history of a case: entries of one act, chained, in one statement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert

from app.db.history import HistoryEntry
from app.services import chain
from app.services.actor import Actor
from app.services.policy import Capacity
from workflows.facts import pack

VERSION = 1
_INSERT = insert(HistoryEntry.__table__)


@dataclass
class Recorder:
    """Collects what an act of one case did. `seq` and `head` continue the chain of the case row, which is locked."""

    case_id: int
    reference: str
    version: str
    seq: int
    head: str
    actor: Actor
    capacity: Capacity
    now: dt.datetime
    rows: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self,
        kind: str,
        element: str | None = None,
        *,
        data: Mapping[str, Any] | None = None,
        changes: Mapping[str, tuple[Any, Any]] | None = None,
        actor: Actor | None = None,
        capacity: Capacity | None = None,
    ) -> int:
        """One more entry; its number in the case.

        kind: a past-tense word such as "task.completed". data: what may be read for ever (codes, amounts, rules that fired).
        changes: field -> (before, after), sealed: digests in the chain, values beside it.
        """
        actor, capacity = actor or self.actor, capacity or self.capacity
        self.seq += 1
        sealed, personal = self._sealed(changes or {})
        entry = {
            **self._place(kind, element),
            "actor": actor.code,
            "role": capacity.role,
            "behind": capacity.behind,
            "post": actor.post,
            "data": _plain(data or {}),
            "sealed": sealed,
        }
        text = chain.canonical(entry)
        self.head = chain.link(text)
        columns = {"case_id": self.case_id, "seq": self.seq, "at": self.now, "kind": kind, "element": element, "actor_id": actor.id}
        self.rows.append({**columns, "entry": text, "personal": personal or None})
        return self.seq

    def _sealed(self, changes: Mapping[str, tuple[Any, Any]]) -> tuple[dict[str, str], dict[str, Any]]:
        """Digests that enter the chain, and the salted values that stand beside it."""
        place = f"{self.reference}/{self.seq}"
        sealed, personal = {}, {}
        for name, (before, after) in changes.items():
            sealed[name], personal[name] = chain.sealed(place, name, [pack(before), pack(after)])
        return sealed, personal

    def _place(self, kind: str, element: str | None) -> dict[str, Any]:
        """What an entry is, and where it stands in its chain."""
        return {
            "v": VERSION,
            "case": self.reference,
            "version": self.version,
            "seq": self.seq,
            "prev": self.head,
            "at": self.now.isoformat(timespec="milliseconds"),
            "kind": kind,
            "element": element,
        }

    def write(self, connection: Connection) -> None:
        """One INSERT for all entries."""
        if self.rows:
            connection.execute(_INSERT, self.rows)
            self.rows = []


def _plain(value: Any) -> Any:
    """Data as the canonical form takes it: numbers with decimals as texts."""
    packed = pack(value)
    return _without_floats(packed)


def _without_floats(value: Any) -> Any:
    if isinstance(value, float):
        return str(value)
    if isinstance(value, dict):
        return {str(key): _without_floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_floats(item) for item in value]
    return value
