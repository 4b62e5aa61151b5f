"""What waits for an approver's decision on money, of all cases: by deadline, by amount or by line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.db.funding import BudgetLine, FundingRequest
from app.db.tasks import Task
from app.services import barring, versions
from app.services.actor import Actor
from app.services.approval_view import SCREEN
from app.services.inbox_walks import TEAM, conditions, reach_of

BY_DUE, BY_AMOUNT, BY_LINE = "by_due", "by_amount", "by_line"
ORDERS = {
    BY_DUE: (Task.due_at, Task.id),
    BY_AMOUNT: (FundingRequest.asked, Task.due_at, Task.id),
    BY_LINE: (BudgetLine.code, Task.due_at, Task.id),
}
"""Name of an order -> by what: the small sums first, those of one line together."""
MOST = 100
"""Decisions shown at most; whoever has more than that begins with the first ones."""


@dataclass(frozen=True)
class Waiting:
    """One decision: its task, and what is asked of which line."""

    task_id: int
    asked: int
    line: BudgetLine


def queue(session: Session, actor: Actor, order: str, beside: int | None = None) -> Sequence[Waiting]:
    """The open decisions that are the actor's or free for their roles, in an order of ORDERS. `beside`: a task that counts though it is
    done, so that what follows it is known. A case keeps its version: the steps are those of every version that a case still has."""
    types = versions.all_in_use(session)
    steps = {name for one in types for name, step in one.steps.items() if step.properties.get("screen") == SCREEN}
    walks = [and_(*conditions(TEAM, walk)) for walk in reach_of(session, actor).own]
    if not walks:
        return []
    theirs = or_(Task.assignee_id == actor.id, and_(Task.assignee_id.is_(None), or_(*walks)))
    waits = and_(Task.closed_at.is_(None), theirs, barring.open_to(Task.barred, actor.id, actor.post))
    query = (
        select(Task.id, FundingRequest.asked, BudgetLine)
        .join(FundingRequest, and_(FundingRequest.case_id == Task.case_id, FundingRequest.engine_scope == Task.scope))
        .join(BudgetLine, BudgetLine.id == FundingRequest.line_id)
        .where(Task.step.in_(sorted(steps)), waits if beside is None else or_(waits, Task.id == beside))
        .order_by(*ORDERS[order])
        .limit(MOST)
    )
    return [Waiting(*row) for row in session.execute(query)]


@dataclass(frozen=True)
class Place:
    """Where a decision stands in the queue: those before and after it, its number among how many; 0 of 0 when it is not in it."""

    before: int | None = None
    after: int | None = None
    number: int = 0
    among: int = 0


def place(session: Session, actor: Actor, order: str, task_id: int) -> Place:
    """The place of a decision, which may be made already."""
    ids = [one.task_id for one in queue(session, actor, order, beside=task_id)]
    if task_id not in ids:
        return Place()
    at = ids.index(task_id)
    return Place(ids[at - 1] if at else None, ids[at + 1] if at + 1 < len(ids) else None, at + 1, len(ids))
