"""A list of children: sent in, looked at with every error beside its row, confirmed. Until then nothing of it is a case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import queue
from app.db.cases import Case
from app.db.operations import DONE, DROPPED, PREVIEW, RUNNING, ChildList, ChildRow
from app.db.people import Person
from app.db.transaction import Unit, transaction
from app.services import birth, case_file, clock, keys
from app.services.actor import Actor
from app.services.errors import Conflict, Invalid, NotFound
from app.services.operations import births, importing, tables
from app.services.operations.births import Parent
from app.services.operations.checking import Check
from app.services.sentences import say


@dataclass(frozen=True)
class Preview:
    """A list and what became of it so far."""

    list: ChildList
    total: int
    settled: int
    wrong: int
    """Rows with errors, before; rows that became no case, after."""

    @property
    def ready(self) -> bool:
        return self.list.state == PREVIEW and not self.wrong


def send(
    actor: Actor, reference: str, name: str, content: bytes | None, rows: Sequence[Mapping[str, Any]] | None = None, key: str | None = None
) -> int:
    """Reads a file (or rows) and keeps it as a list to be looked at; its number. NotFound, Forbidden, Conflict, Invalid (the file)."""
    read = tables.read(content) if content is not None else _given(rows or ())

    def work(unit: Unit) -> int:
        replay = keys.claim(unit, actor.code, key, keys.body_hash("list", reference, name, read))
        if replay is not None:
            return int(replay["list"])
        parent = Parent(unit, actor, case_number(unit.session, reference))
        made = ChildList(parent_id=parent.case.id, name=name[:200], state=PREVIEW, made_at=unit.now, made_by_id=actor.id)
        unit.session.add(made)
        unit.session.flush()
        unit.session.add_all(Check(unit, actor, parent).rows(made.id, read))
        unit.session.flush()
        keys.answer(unit, actor.code, key, {"list": made.id})
        return int(made.id)

    return transaction(work, clock.now)


def _given(rows: Sequence[Mapping[str, Any]]) -> list[tuple[int, dict[str, str]]]:
    read = [(n, {str(k): "" if v is None else tables._cell(v) for k, v in row.items()}) for n, row in enumerate(rows, 2)]
    return tables.checked(read)


def case_number(session: Session, reference: str) -> int:
    """The row of an operation by its reference. NotFound."""
    found = session.scalar(select(Case.id).where(Case.reference == reference))
    if found is None:
        raise NotFound
    return found


# ------------------------------------------------------------------ looking, confirming
def find(session: Session, actor: Actor, reference: str, list_id: int) -> ChildList:
    """A list of an operation that the actor sees whole. NotFound."""
    file = case_file.find(session, actor, reference)
    case_file.ensure_whole(file)
    found = session.get(ChildList, list_id, populate_existing=True)
    if found is None or found.parent_id != file.case.id:
        raise NotFound
    return found


def preview(session: Session, actor: Actor, reference: str, list_id: int) -> Preview:
    """How a list stands. NotFound."""
    found = find(session, actor, reference, list_id)
    rows = session.execute(select(ChildRow.settled_at, ChildRow.problem, ChildRow.errors).where(ChildRow.list_id == list_id)).all()
    wrong = Counter(bool(row.errors) or bool(row.problem) for row in rows)[True]
    return Preview(found, len(rows), sum(row.settled_at is not None for row in rows), wrong)


def rows_of(session: Session, list_id: int, wrong_only: bool = False, after: int = 0, limit: int = 100) -> list[ChildRow]:
    """Rows of a list from a line on."""
    query = select(ChildRow).where(ChildRow.list_id == list_id, ChildRow.number > after).order_by(ChildRow.number)
    rows = list(session.scalars(query if wrong_only else query.limit(limit)))
    return [row for row in rows if row.errors or row.problem][:limit] if wrong_only else rows


def people_of(session: Session, rows: Sequence[ChildRow]) -> dict[str, Person]:
    """Code -> record of those whom rows may be about."""
    codes = {code for row in rows for code in (*row.likely, row.person_code) if code}
    return {one.code: one for one in session.scalars(select(Person).where(Person.code.in_(codes)))} if codes else {}


def confirm(actor: Actor, reference: str, list_id: int, chosen: Mapping[int, str] | None = None) -> int:
    """The list is to be written: `chosen` gives the record of rows that may be about somebody known (line -> code, "" for a new one).

    NotFound, Forbidden, Conflict (written already), Invalid (rows with errors: nothing is half imported).
    """

    def work(unit: Unit) -> int:
        parent = Parent(unit, actor, case_number(unit.session, reference))
        made = _held(unit, parent.case.id, list_id)
        wrong = [row for row in unit.session.scalars(select(ChildRow).where(ChildRow.list_id == list_id)) if row.errors]
        if wrong:
            raise Invalid({"fichier": say("list_wrong", actor.language, count=len(wrong))})
        for line, code in (chosen or {}).items():
            row = unit.session.scalars(select(ChildRow).where(ChildRow.list_id == list_id, ChildRow.number == line)).one_or_none()
            if row is not None and code in row.likely:
                row.person_code = code
        made.state, made.started_at = RUNNING, unit.now
        unit.after_commit(lambda: queue.enqueue(importing.WRITE, list_id))
        return int(made.id)

    return transaction(work, clock.now)


def drop(actor: Actor, reference: str, list_id: int) -> None:
    """The list is given up; nothing of it was written. NotFound, Forbidden, Conflict."""

    def work(unit: Unit) -> None:
        case_id = case_number(unit.session, reference)
        file = case_file.find(unit.session, actor, reference)
        births.may_add(unit.session, actor, file.case, file.case_type)
        _held(unit, case_id, list_id).state = DROPPED

    transaction(work, clock.now)


def _held(unit: Unit, parent_id: int, list_id: int) -> ChildList:
    query = select(ChildList).where(ChildList.id == list_id, ChildList.parent_id == parent_id).with_for_update()
    made = unit.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if made is None:
        raise NotFound
    if made.state != PREVIEW:
        raise Conflict("list_not_preview")
    return made


def add_one(actor: Actor, reference: str) -> str:
    """A child recorded alone, at the counter: its reference; its first step goes to whoever opened it."""

    def work(unit: Unit) -> str:
        parent = Parent(unit, actor, case_number(unit.session, reference))
        child = births.bear(unit, actor, parent)
        birth.first_task(child)
        return str(child.case.reference)

    return transaction(work, clock.now)


def of_operation(session: Session, parent_id: int) -> list[tuple[ChildList, int, int]]:
    """(list, rows, settled) of an operation, the latest first; dropped ones left out."""
    query = (
        select(ChildList, func.count(ChildRow.id), func.count(ChildRow.settled_at))
        .join(ChildRow, ChildRow.list_id == ChildList.id)
        .where(ChildList.parent_id == parent_id, ChildList.state != DROPPED)
        .group_by(ChildList.id)
    )
    return [(made, rows, settled) for made, rows, settled in session.execute(query.order_by(ChildList.id.desc()).limit(20))]


__all__ = [
    "DONE",
    "PREVIEW",
    "RUNNING",
    "Preview",
    "add_one",
    "confirm",
    "drop",
    "find",
    "of_operation",
    "preview",
    "rows_of",
    "send",
]
