"""A case as a person reads it: the row, its procedure in the pinned version, what the person may see of it, and the parts of its file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.db import facts as fact_rows
from app.db.cases import Case, CaseLink, KeptMessage
from app.db.documents import Document
from app.db.outbox import Notification
from app.db.people import Body, Person
from app.db.tasks import NO_DEADLINE, WAIT, Note, Task
from app.db.timers import Timer
from app.services import policy, versions
from app.services.actor import Actor
from app.services.errors import NotFound
from workflows.catalog import CaseType
from workflows.facts import unpack

_DOCUMENTS = select(Document).where(Document.case_id == bindparam("case_id")).order_by(Document.added_at.desc(), Document.id.desc())

Facts = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class CaseFile:
    """A case that exists for an actor. `sight`: policy.FULL, SHEET (its money) or TASKS (what its own tasks show)."""

    case: Case
    case_type: CaseType
    sight: str
    read: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was read of it already: a page asks for its facts in several places."""

    @property
    def whole(self) -> bool:
        return self.sight == policy.FULL


def find(session: Session, actor: Actor, reference: str) -> CaseFile:
    """The case of a reference. NotFound when there is none, or none for this actor."""
    case = session.scalars(select(Case).where(Case.reference == reference)).one_or_none()
    return _seen(session, actor, case)


def find_by_id(session: Session, actor: Actor, case_id: int) -> CaseFile:
    """The same by number."""
    return _seen(session, actor, session.get(Case, case_id))


def _seen(session: Session, actor: Actor, case: Case | None) -> CaseFile:
    if case is None:
        raise NotFound
    case_type = versions.pinned(session, case.version_hash)
    return CaseFile(case, case_type, policy.ensure_sees(session, actor, case, case_type))


def ensure_whole(file: CaseFile) -> None:
    """NotFound for a part of the file that this actor's sight does not reach."""
    if not file.whole:
        raise NotFound


def facts(session: Session, file: CaseFile) -> Facts:
    """All known values by scope; "" is the case's own. Read once."""
    if "facts" not in file.read:
        found: Facts = {"": {}}
        for scope, name, value in fact_rows.of_case(session.connection(), file.case.id):
            found.setdefault(scope, {})[name] = unpack(orjson.loads(value))
        file.read["facts"] = found
    return file.read["facts"]


def open_tasks(session: Session, file: CaseFile) -> list[Task]:
    """What is to be done now, by deadline; waits come apart."""
    query = select(Task).where(Task.case_id == file.case.id, Task.closed_at.is_(None), Task.kind != WAIT)
    return list(session.scalars(query.order_by(Task.due_at, Task.id)))


def waits(session: Session, file: CaseFile) -> list[Task]:
    """What the case waits for, the oldest first."""
    query = select(Task).where(Task.case_id == file.case.id, Task.closed_at.is_(None), Task.kind == WAIT)
    return list(session.scalars(query.order_by(Task.opened_at, Task.id)))


def coming(session: Session, file: CaseFile, at_most: int) -> list[Timer]:
    """What falls due by itself in the procedure, the soonest first."""
    query = select(Timer).where(Timer.case_id == file.case.id, Timer.due_at.is_not(None)).order_by(Timer.due_at, Timer.key)
    return list(session.scalars(query.limit(at_most)))


def done_tasks(session: Session, file: CaseFile) -> list[Task]:
    """Steps that were completed, in that order."""
    query = select(Task).where(Task.case_id == file.case.id, Task.closed_how == "done").order_by(Task.closed_at, Task.id)
    return list(session.scalars(query))


def next_deadline(tasks: Iterable[Task]) -> dt.datetime | None:
    """The first moment at which something is due."""
    return min((task.due_at for task in tasks if task.due_at != NO_DEADLINE), default=None)


def documents(session: Session, file: CaseFile) -> list[Document]:
    """The documents of the case, the latest first."""
    return list(session.scalars(_DOCUMENTS, {"case_id": file.case.id}))


def notes(session: Session, file: CaseFile) -> list[Note]:
    """The notes, the latest first."""
    return list(session.scalars(select(Note).where(Note.case_id == file.case.id).order_by(Note.written_at.desc(), Note.id.desc())))


def sent(session: Session, file: CaseFile, limit: int = 100) -> list[Notification]:
    """What left about the case, the latest first."""
    query = select(Notification).where(Notification.case_id == file.case.id).order_by(Notification.id.desc()).limit(limit)
    return list(session.scalars(query))


def received(session: Session, file: CaseFile, limit: int = 100) -> list[KeptMessage]:
    """What came in, the latest first."""
    query = select(KeptMessage).where(KeptMessage.case_id == file.case.id).order_by(KeptMessage.id.desc()).limit(limit)
    return list(session.scalars(query))


@dataclass(frozen=True)
class Tie:
    """Another case that this one is tied to, as far as it exists for the actor: else only its number is known."""

    kind: str
    reference: str
    case_type: str
    visible: bool


def links(session: Session, actor: Actor, file: CaseFile) -> list[Tie]:
    """Ties to other cases, in both directions."""
    own = file.case.id
    query = (
        select(CaseLink.kind, Case)
        .join(Case, Case.id == func.coalesce(func.nullif(CaseLink.other_id, own), CaseLink.case_id))
        .where(or_(CaseLink.case_id == own, CaseLink.other_id == own))
        .order_by(CaseLink.id)
    )
    found = []
    for kind, other in session.execute(query):
        seen = policy.sight(session, actor, other, versions.pinned(session, other.version_hash)) != policy.NONE
        found.append(Tie(kind, other.reference, other.case_type, seen))
    return found


@dataclass(frozen=True)
class Named:
    """A person or a body that a fact of the case names."""

    fact: str
    code: str
    name: str
    kind: str
    person: Person | None = None


def named(session: Session, file: CaseFile, known: Facts) -> list[Named]:
    """Persons and bodies that the facts of the case refer to, once each, in the order of the forms."""
    wanted: dict[str, str] = {}
    for name, code in _references(file, known):
        wanted.setdefault(code, name)
    if not wanted:
        return []
    people = {row.code: row for row in session.scalars(select(Person).where(Person.code.in_(wanted)))}
    bodies = {row.code: row for row in session.scalars(select(Body).where(Body.code.in_(wanted)))}
    found = []
    for code, name in wanted.items():
        if code in people:
            found.append(Named(name, code, people[code].name, "person", people[code]))
        elif code in bodies:
            found.append(Named(name, code, bodies[code].name, bodies[code].kind))
    return found


PEOPLE = frozenset({"person", "structure", "person-or-structure"})


def _references(file: CaseFile, known: Facts) -> Iterable[tuple[str, str]]:
    for name, spec in file.case_type.kinds.items():
        for values in known.values():
            value = values.get(name)
            if isinstance(value, str) and spec.kind in PEOPLE:
                yield name, value
            elif spec.kind == "table" and isinstance(value, list):
                yield from _in_rows(name, spec, value)


def _in_rows(name: str, field: Any, rows: list[Any]) -> Iterable[tuple[str, str]]:
    for part in field.parts:
        if part.kind in PEOPLE:
            yield from ((name, row[part.key]) for row in rows if isinstance(row, Mapping) and isinstance(row.get(part.key), str))


def person(session: Session, file: CaseFile) -> Person | None:
    """The person whom the case is about. Read once."""
    if file.case.person_code is None:
        return None
    if "person" not in file.read:
        file.read["person"] = session.scalars(select(Person).where(Person.code == file.case.person_code)).one_or_none()
    found: Person | None = file.read["person"]
    return found


def counts(session: Session, file: CaseFile) -> dict[str, int]:
    """How many documents, notes and messages there are, in one statement, for the tabs."""
    own = file.case.id
    parts = {
        "documents": select(func.count()).select_from(Document).where(Document.case_id == own),
        "notes": select(func.count()).select_from(Note).where(Note.case_id == own),
        "sent": select(func.count()).select_from(Notification).where(Notification.case_id == own),
        "received": select(func.count()).select_from(KeptMessage).where(KeptMessage.case_id == own),
    }
    row = session.execute(select(*(query.scalar_subquery().label(name) for name, query in parts.items()))).one()
    return dict(row._mapping)
