"""An operation stands still until its children are so far: asked under its lock, at every act of its own and after every act of theirs.

A receive task with the property `children` (FEEL over the figures) waits for nobody outside. The children never touch the row of
their operation: their acts have it looked at afterwards, and a sweep looks at all that wait. So nothing is lost, and nobody waits
for a lock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.tasks import WAIT, Task
from app.services.operations import figures
from workflows.outcome import Awaited, Message

if TYPE_CHECKING:
    from app.services.act import Act

PROPERTY = "children"
LOOK = "app.jobs.operations.look"


def ready(act: Act) -> Message | None:
    """The message that ends a wait for children, when what it waits for has come true."""
    if act.case_type.operation is None or not act.case.id or act.last is None or act.last.ended:
        return None
    waits = [(one, condition) for one in act.last.awaited if (condition := _condition(act, one))]
    if not waits:
        return None
    figures.note(act)
    for wait, condition in waits:
        if act.case_type.evaluate(wait, condition, act) is True:
            return Message(f"{PROPERTY}/{wait.id}", wait.message, {}, waiter=wait.id)
    return None


def _condition(act: Act, wait: Awaited) -> str | None:
    if wait.kind not in ("step", "gateway"):
        return None
    spec = act.case_type.step(wait.process, wait.element)
    said = spec.properties.get(PROPERTY) if spec else None
    return str(said) if said else None


def gathering(session: Session, operations: list[str]) -> list[int]:
    """Open operations of these types that stand still for somebody: the sweep looks at each. Takes no locks."""
    query = select(Case.id).join(Task, Task.case_id == Case.id)
    where = (Case.case_type.in_(operations), Case.closed_at.is_(None), Task.kind == WAIT, Task.closed_at.is_(None))
    return list(session.scalars(query.where(*where).distinct().order_by(Case.id)))
