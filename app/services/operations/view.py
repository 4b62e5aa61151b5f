"""The page of an operation: its children with figures and filters, its lists, what was shared out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, select
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.operations import FundingShare
from app.db.people import Person
from app.db.tasks import STEP, Task
from app.services import case_file, policy, versions
from app.services.actor import Actor
from app.services.case_file import CaseFile
from app.services.errors import NotFound
from app.services.operations import figures
from workflows.catalog import CaseType


@dataclass(frozen=True)
class Children:
    """A page of the children of an operation."""

    rows: list[Any]
    after: int | None
    figures: dict[str, int]


def child_type(session: Session, case_type: CaseType) -> CaseType:
    """The type of the children of an operation, of its own folder or of another. NotFound for a type without children."""
    if case_type.operation is None:
        raise NotFound
    return versions.current(session, case_type.operation.child)


def children(
    session: Session, actor: Actor, file: CaseFile, stage: str = "", category: str = "", after: int = 0, limit: int = 100
) -> Children:
    """Children in the order of recording, with the share and what was handed over. NotFound for a case without children.

    The person and the title are told only of those that exist for the actor: an operation names nobody whose case is closed to its reader.
    """
    operation = file.case_type.operation
    if operation is None:
        raise NotFound
    seen = policy.visible_cases(actor, versions.all_current(session))
    query = (
        select(
            case((seen, Case.title)).label("title"),
            *(Case.id, Case.reference, Case.stage, Case.category, Case.amount, Case.status, Case.outcome, Case.confidentiality),
            *(Person.family_name, Person.given_names, FundingShare.amount.label("share"), FundingShare.paid),
        )
        .select_from(Case)
        .outerjoin(Person, and_(Person.code == Case.person_code, seen))
        .outerjoin(FundingShare, FundingShare.case_id == Case.id)
        .where(Case.parent_id == file.case.id, Case.id > after)
    )
    if stage:
        query = query.where(Case.stage == stage)
    if category:
        query = query.where(Case.category == category)
    rows = list(session.execute(query.order_by(Case.id).limit(limit + 1)))
    more = rows[limit - 1].id if len(rows) > limit else None
    return Children(rows[:limit], more, figures.of(session, file.case.id, operation))


def as_rows(session: Session, actor: Actor, reference: str, stage: str, category: str, after: int, limit: int) -> dict[str, Any]:
    """The same for machines, each child with its first open task. NotFound."""
    file = case_file.find(session, actor, reference)
    case_file.ensure_whole(file)
    found = children(session, actor, file, stage, category, after, limit)
    ids = [row.id for row in found.rows]
    query = select(Task.case_id, Task.id, Task.step).where(Task.case_id.in_(ids), Task.kind == STEP, Task.closed_at.is_(None))
    tasks = {case_id: (task_id, step) for case_id, task_id, step in session.execute(query.order_by(Task.id.desc()))}
    rows = [
        {
            **{name: getattr(row, name) for name in ("reference", "title", "stage", "category", "amount", "status", "outcome")},
            "task": tasks.get(row.id, (None, None))[0],
            "step": tasks.get(row.id, (None, None))[1],
        }
        for row in found.rows
    ]
    return {"figures": found.figures, "children": rows, "after": found.after}
