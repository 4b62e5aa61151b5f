"""What an auditor asks of all histories at once: who did what when, sums, exceptions; a sample of cases that can be drawn again.

Only the cases that exist for the actor are looked into; personal values are read in the history of each case, where the reading is noted.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, ColumnElement, cast, func, or_, select, tuple_, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.history import HistoryEntry
from app.db.users import User
from app.services import history, policy, rights, versions
from app.services.actor import Actor
from app.services.errors import NotFound
from app.services.history import Entry

PAGE = 40
PEOPLE = 50
LARGEST_SAMPLE = 100
EXCEPTIONS: dict[str, tuple[str, ...]] = {
    "late": ("task.late", "task.overdue"),
    "corrected": ("facts.corrected",),
    "reopened": ("case.reopened",),
    "doubted": ("document.doubted", "payment.rejected", "payments.frozen"),
}
"""Kinds of entries that an auditor looks at first. There is no derogation from separation of duties: the rules refuse it."""


@dataclass(frozen=True)
class Search:
    """What narrows the entries. `kind`: a family of the history or an exception; sums in whole francs; days as the reader's calendar."""

    kind: str = ""
    who: str = ""
    case_type: str = ""
    post: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    least: int | None = None
    most: int | None = None


@dataclass(frozen=True)
class Found:
    """An entry, and the case that it stands in."""

    id: int
    case_id: int
    reference: str
    confidentiality: str
    entry: Entry


@dataclass(frozen=True)
class Page:
    """Entries, the newest first; `after` opens the older ones."""

    rows: Sequence[Found]
    after: str | None


@dataclass(frozen=True)
class Drawn:
    """A sample: how many cases there were to draw from, and those drawn, in the order of their references."""

    population: int
    cases: Sequence[Any]


def ensure(session: Session, actor: Actor) -> None:
    """NotFound for who does not look across cases."""
    if not rights.has(actor, rights.ACROSS, versions.all_current(session)):
        raise NotFound


def search(session: Session, actor: Actor, wanted: Search, after: str | None = None, size: int = PAGE) -> Page:
    """Entries of all cases that exist for the actor, the newest first, by key."""
    ensure(session, actor)
    query = select(HistoryEntry, Case.reference, Case.confidentiality).join(Case, Case.id == HistoryEntry.case_id)
    query = query.where(HistoryEntry.case_id.in_(_cases(session, actor, wanted.case_type, wanted.post)), *_narrowed(session, wanted))
    key = _key(after)
    if key is not None:
        query = query.where(tuple_(HistoryEntry.at, HistoryEntry.id) < key)
    rows = session.execute(query.order_by(HistoryEntry.at.desc(), HistoryEntry.id.desc()).limit(size + 1)).all()
    found = [Found(row[0].id, row[0].case_id, row[1], row[2], history.read(row[0])) for row in rows[:size]]
    more = f"{found[-1].entry.at.isoformat()}_{found[-1].id}" if len(rows) > size else None
    return Page(found, more)


def _cases(session: Session, actor: Actor, case_type: str, post: str) -> Any:
    query = select(Case.id).where(policy.visible_cases(actor, versions.all_current(session)))
    if case_type:
        query = query.where(Case.case_type == case_type)
    return query.where(Case.post_code == post) if post else query


def _narrowed(session: Session, wanted: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.kind in EXCEPTIONS:
        found.append(HistoryEntry.kind.in_(EXCEPTIONS[wanted.kind]))
    elif wanted.kind in history.FAMILIES:
        found.append(history.of_family(wanted.kind))
    if wanted.who:
        found.append(HistoryEntry.actor_id.in_(_people(wanted.who)))
    if wanted.since is not None:
        found.append(HistoryEntry.at >= wanted.since)
    if wanted.until is not None:
        found.append(HistoryEntry.at < wanted.until)
    if wanted.least is not None or wanted.most is not None:
        found += _sums(session, wanted)
    return found


def _people(text: str) -> Any:
    """Users by login or code, or by a part of their name."""
    plain = text.strip().replace("%", "").replace("_", "").lower()
    name = func.lower(User.given_names + " " + User.family_name)
    return select(User.id).where(or_(func.lower(User.login) == plain, func.lower(User.code) == plain, name.contains(plain))).limit(PEOPLE)


def _sums(session: Session, wanted: Search) -> list[ColumnElement[bool]]:
    """Entries about money, by their amount: it stands in the canonical text, which each database reads in its own way."""
    postgresql = session.get_bind().dialect.name == "postgresql"
    body: Any = cast(HistoryEntry.entry, JSONB) if postgresql else type_coerce(HistoryEntry.entry, JSON)
    amount = body["data"]["amount"].as_float()
    found = [history.of_family("money")]
    found += [amount >= wanted.least] if wanted.least is not None else []
    return found + ([amount <= wanted.most] if wanted.most is not None else [])


def _key(text: str | None) -> Any:
    moment, _, number = (text or "").rpartition("_")
    try:
        at = dt.datetime.fromisoformat(moment)
        return (at if at.tzinfo else at.replace(tzinfo=dt.UTC), int(number[:18]))
    except (ValueError, OverflowError):
        return None


def sample(session: Session, actor: Actor, wanted: Search, size: int, seed: str) -> Drawn:
    """Cases drawn at random among those opened in the period: the same seed over the same cases draws the same ones."""
    ensure(session, actor)
    query = _cases(session, actor, wanted.case_type, wanted.post)
    if wanted.since is not None:
        query = query.where(Case.opened_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(Case.opened_at < wanted.until)
    ids = list(session.scalars(query.order_by(Case.id)))
    drawn = random.Random(seed).sample(ids, min(size, len(ids), LARGEST_SAMPLE))
    columns = (Case.id, Case.reference, Case.case_type, Case.status, Case.post_code, Case.confidentiality, Case.opened_at, Case.closed_at)
    rows = session.execute(select(*columns).where(Case.id.in_(drawn)).order_by(Case.reference)).all()
    return Drawn(len(ids), rows)
