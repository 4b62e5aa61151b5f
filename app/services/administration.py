"""The chain of administrative acts: who gave which right, changed which day, took up which incident."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.administration import AdminEntry, AdminHead
from app.db.transaction import Unit
from app.services import chain
from app.services.actor import Actor

HEAD = 1


def record(unit: Unit, actor: Actor, kind: str, subject: str, **data: Any) -> int:
    """One more entry in the transaction of the act; its number. `data`: what may be read for ever (codes, dates, roles)."""
    session = unit.session
    head = session.get(AdminHead, HEAD, with_for_update=True)
    if head is None:
        head = AdminHead(id=HEAD, seq=0, head=chain.GENESIS)
        session.add(head)
    text = chain.canonical(
        {
            "v": 1,
            "seq": head.seq + 1,
            "prev": head.head,
            "at": unit.now.isoformat(timespec="milliseconds"),
            "kind": kind,
            "subject": subject,
            "actor": actor.code,
            "data": plain(data),
        }
    )
    head.seq, head.head = head.seq + 1, chain.link(text)
    session.add(AdminEntry(seq=head.seq, at=unit.now, kind=kind, subject=subject, actor_id=actor.id, entry=text))
    return head.seq


def plain(value: Any) -> Any:
    """Values as the canonical form takes them: dates and moments as ISO texts, sets as sorted lists."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, float):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def of_subject(session: Session, subject: str, limit: int = 50) -> list[AdminEntry]:
    """The last acts about one user, calendar, setting or version, the newest first."""
    query = select(AdminEntry).where(AdminEntry.subject == subject).order_by(AdminEntry.seq.desc()).limit(limit)
    return list(session.scalars(query))


def data_of(row: AdminEntry) -> dict[str, Any]:
    """What an entry tells beside its kind and subject."""
    return dict(json.loads(row.entry)["data"])


def latest(session: Session, limit: int = 50) -> list[AdminEntry]:
    """The last acts of all, the newest first."""
    return list(session.scalars(select(AdminEntry).order_by(AdminEntry.seq.desc()).limit(limit)))


def verify(session: Session) -> chain.Flaw | None:
    """Where the chain of administrative acts breaks; None when it is intact."""
    head = session.get(AdminHead, HEAD)
    rows = session.execute(select(AdminEntry.seq, AdminEntry.entry).order_by(AdminEntry.seq))
    return chain.verify(((seq, entry, None) for seq, entry in rows), head.head if head else chain.GENESIS, head.seq if head else 0)
