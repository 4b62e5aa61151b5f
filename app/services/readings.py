"""Who read what of a confidential case: a chain of its own for each case, beside the history of what was done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.history import AccessEntry, AccessHead
from app.db.transaction import Unit, transaction
from app.extensions import db
from app.services import chain, clock
from app.services.actor import Actor

RECORDED = frozenset({"C3", "C4"})
SAME_VISIT = dt.timedelta(minutes=15)
"""Turning pages of one part within this time is one reading."""
REASON_HOLDS = dt.timedelta(hours=8)


@dataclass(frozen=True)
class Reading:
    """One line of the list of readings."""

    at: dt.datetime
    actor_id: int
    part: str
    why: str
    reason: str | None


def record(actor: Actor, case: Any, part: str, why: str, reason: str | None = None) -> bool:
    """Note that the actor read a part of a confidential case; False when this visit is noted already, or the case is not confidential.

    why: "task" (it is the actor's work), "role" (the actor's perimeter), "team", "search". reason: what the actor wrote, for C4.
    """
    if case.confidentiality not in RECORDED or actor.id is None:
        return False
    if reason is None and _noted(db.session(), actor, case.id, part):
        return False

    def work(unit: Unit) -> bool:
        note(unit, actor, [case], part, why, reason)
        return True

    return transaction(work, clock.now)


def note(unit: Unit, actor: Actor, cases: Sequence[Any], part: str, why: str, reason: str | None = None) -> None:
    """The same of several cases at once (id, reference, confidentiality), whenever they were read before. Cases in the order of their ids:
    whoever locks several heads locks them in one order."""
    read = {case.id: case for case in cases if case.confidentiality in RECORDED}
    query = select(AccessHead).where(AccessHead.case_id.in_(read)).order_by(AccessHead.case_id).with_for_update()
    heads = {head.case_id: head for head in unit.session.scalars(query)}
    for case in read.values():
        head = heads.get(case.id)
        if head is None:
            head = AccessHead(case_id=case.id, seq=0, head=chain.GENESIS)
            unit.session.add(head)
        body = {
            "v": 1,
            "case": case.reference,
            "seq": head.seq + 1,
            "prev": head.head,
            "at": unit.now.isoformat(timespec="milliseconds"),
            "kind": part,
            "actor": actor.code,
            "roles": sorted(actor.roles),
            "post": actor.post,
            "why": why,
            "reason": reason,
        }
        text = chain.canonical(body)
        head.seq, head.head = head.seq + 1, chain.link(text)
        unit.session.add(AccessEntry(case_id=case.id, seq=head.seq, at=unit.now, kind=part, actor_id=actor.id, entry=text))


def _noted(session: Session, actor: Actor, case_id: int, part: str) -> bool:
    since = clock.now() - SAME_VISIT
    query = select(AccessEntry.id).where(
        AccessEntry.actor_id == actor.id, AccessEntry.case_id == case_id, AccessEntry.at > since, AccessEntry.kind == part
    )
    return session.scalar(query.limit(1)) is not None


def reason_given(session: Session, actor: Actor, case: Any) -> bool:
    """Whether the actor may open the case without being asked why: a very restricted one asks again every few hours."""
    if case.confidentiality != "C4":
        return True
    since = clock.now() - REASON_HOLDS
    query = select(AccessEntry.entry).where(AccessEntry.actor_id == actor.id, AccessEntry.case_id == case.id, AccessEntry.at > since)
    return any(orjson.loads(entry)["reason"] for entry in session.scalars(query))


def count(session: Session, case_id: int) -> int:
    """How many readings are noted."""
    head = session.get(AccessHead, case_id)
    return head.seq if head else 0


def page(session: Session, case_id: int, before: int | None = None, limit: int = 50) -> tuple[list[Reading], int | None]:
    """Readings, the newest first, those before a number; and the number to go on from, None at the end. The caller checks the right."""
    query = select(AccessEntry).where(AccessEntry.case_id == case_id).order_by(AccessEntry.seq.desc()).limit(limit + 1)
    if before is not None:
        query = query.where(AccessEntry.seq < before)
    rows = list(session.scalars(query))
    readings = []
    for row in rows[:limit]:
        body = orjson.loads(row.entry)
        readings.append(Reading(row.at, row.actor_id, row.kind, body["why"], body["reason"]))
    return readings, rows[limit - 1].seq if len(rows) > limit else None


def verify(session: Session, case_id: int) -> chain.Flaw | None:
    """Where the chain of readings breaks; None when it is intact."""
    head = session.get(AccessHead, case_id)
    query = select(AccessEntry.seq, AccessEntry.entry).where(AccessEntry.case_id == case_id).order_by(AccessEntry.seq)
    rows = ((seq, entry, None) for seq, entry in session.execute(query))
    return chain.verify(rows, head.head if head else chain.GENESIS, head.seq if head else 0)
