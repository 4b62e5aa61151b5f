"""The history of a case as it is read: a stable order, pages by number, a constant number of queries, nothing written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.history import HistoryEntry
from app.services.case_file import CaseFile
from workflows import xmlfile
from workflows.catalog import CaseType
from workflows.facts import unpack

PAGE = 40
FAMILIES: dict[str, tuple[str, ...]] = {
    "decisions": ("task.completed", "companion.completed", "case.started", "case.completed", "case.cancelled", "case.linked"),
    "changes": (
        *("task.claimed", "task.released", "task.handed_over", "note.written", "case.labelled", "case.unlabelled"),
        *("letter.", "document.", "message.", "data.disclosed", "person."),
    ),
    "money": ("funding.", "payment.", "payments."),
    "system": (
        "deadline.",
        "deadlines.",
        "task.late",
        "task.overdue",
        "confidentiality.",
        "priority.",
        "projections.",
        "number.",
        "case.asked",
    ),
}
"""Kinds of entries by what an auditor looks for; a name that ends with a point stands for all that begin with it."""


@dataclass(frozen=True)
class Entry:
    """One act. `changes`: fact -> (before, after), typed; `erased`: how many personal values are no longer there."""

    seq: int
    at: dt.datetime
    kind: str
    element: str | None
    actor_id: int | None
    role: str | None
    behind: int | None
    post: str
    version: str
    data: Mapping[str, Any]
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    erased: int = 0


@dataclass(frozen=True)
class Timeline:
    """One page, the newest first; `before` opens the older ones, None at the beginning of the case."""

    entries: Sequence[Entry]
    before: int | None
    total: int


def timeline(
    session: Session,
    file: CaseFile,
    *,
    before: int | None = None,
    family: str = "",
    actor_id: int | None = None,
    element: str = "",
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    limit: int = PAGE,
) -> Timeline:
    """Entries of a case, narrowed by family of acts, person, step or period."""
    query = select(HistoryEntry).where(HistoryEntry.case_id == file.case.id).order_by(HistoryEntry.seq.desc())
    if before is not None:
        query = query.where(HistoryEntry.seq < before)
    if family in FAMILIES:
        query = query.where(of_family(family))
    if actor_id is not None:
        query = query.where(HistoryEntry.actor_id == actor_id)
    if element:
        query = query.where(HistoryEntry.element == element)
    if since is not None:
        query = query.where(HistoryEntry.at >= since)
    if until is not None:
        query = query.where(HistoryEntry.at < until)
    rows = list(session.scalars(query.limit(limit + 1)))
    entries = [read(row) for row in rows[:limit]]
    return Timeline(entries, entries[-1].seq if len(rows) > limit else None, file.case.history_seq)


def of_family(family: str) -> Any:
    """SQL condition on entries: those of a family."""
    exact = [kind for kind in FAMILIES[family] if not kind.endswith(".")]
    condition: Any = HistoryEntry.kind.in_(exact)
    for prefix in (kind for kind in FAMILIES[family] if kind.endswith(".")):
        condition = condition | HistoryEntry.kind.startswith(prefix)
    return condition


def read(row: HistoryEntry) -> Entry:
    """An entry from its row: the canonical text, and the values beside it as far as they are still there."""
    body = orjson.loads(row.entry)
    values: dict[str, Any] = dict(row.personal or {})
    changes = {name: (unpack(pair[1][0]), unpack(pair[1][1])) for name, pair in values.items()}
    return Entry(
        seq=row.seq,
        at=row.at,
        kind=row.kind,
        element=row.element,
        actor_id=row.actor_id,
        role=body.get("role"),
        behind=body.get("behind"),
        post=body.get("post") or "",
        version=body.get("version") or "",
        data=body.get("data") or {},
        changes=changes,
        erased=len(body.get("sealed") or {}) - len(changes),
    )


_titles: dict[str, dict[str, str]] = {}


def decision_titles(case_type: CaseType) -> dict[str, str]:
    """id -> French title of the decision tables of a version."""
    if case_type.version not in _titles:
        found = {}
        for path, content in case_type.files.items():
            if path.endswith(".dmn"):
                root = xmlfile.parse(content)
                found.update({node.get("id"): node.get("name") for node in root.iter("{*}decision") if node.get("name")})
        _titles[case_type.version] = found
    return _titles[case_type.version]


def people(session: Session, file: CaseFile) -> list[tuple[int, int]]:
    """(user, number of entries) of everybody who acted in the case, the most active first."""
    query = (
        select(HistoryEntry.actor_id, func.count())
        .where(HistoryEntry.case_id == file.case.id, HistoryEntry.actor_id.is_not(None))
        .group_by(HistoryEntry.actor_id)
        .order_by(func.count().desc(), HistoryEntry.actor_id)
    )
    return [(user_id, count) for user_id, count in session.execute(query) if user_id is not None]


def passed(session: Session, file: CaseFile) -> dict[str, set[str]]:
    """process -> ids of the elements and flows of its diagram that the case has passed, by rules, gateways and events."""
    query = select(HistoryEntry.entry).where(HistoryEntry.case_id == file.case.id)
    found: dict[str, set[str]] = {}
    for text in session.scalars(query):
        for line in orjson.loads(text)["data"].get("trace") or ():
            there = found.setdefault(line.get("process") or file.case_type.process, set())
            there.add(line["element"])
            if line["kind"] == "gateway" and isinstance(line["detail"], list):
                there.update(str(flow) for flow in line["detail"])
    return found


def facts_at(session: Session, file: CaseFile, moment: dt.datetime) -> tuple[dict[str, Any], int]:
    """What was known of the case at a moment, by fact, and the number of the last entry counted."""
    query = (
        select(HistoryEntry)
        .where(HistoryEntry.case_id == file.case.id, HistoryEntry.at <= moment, HistoryEntry.personal.is_not(None))
        .order_by(HistoryEntry.seq)
    )
    known: dict[str, Any] = {}
    last = 0
    for row in session.scalars(query):
        for name, (_, value) in read(row).changes.items():
            known[name] = value
        last = row.seq
    return known, last
