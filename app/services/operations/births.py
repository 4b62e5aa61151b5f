"""A child of an operation: a case of its own, with a number below that of the operation and the facts that it takes over."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.cases import CHILD_OF, Case, CaseLink
from app.db.posts import Post
from app.db.transaction import Unit
from app.services import birth, numbering, policy, versions
from app.services.act import Act
from app.services.actor import Actor
from app.services.errors import Conflict, Forbidden, NotFound
from app.services.handlers import HANDLERS
from app.services.operations.taking import accepts, facts_of, inherited
from app.services.spawning import NOT_COPIED
from workflows.catalog import CaseType


class Parent:
    """An operation as those see it who add children: shared lock on its row, so that it does not move meanwhile."""

    def __init__(self, unit: Unit, actor: Actor, case_id: int) -> None:
        """NotFound (case, or one without children), Forbidden, Conflict (closed; takes no more children)."""
        query = select(Case).where(Case.id == case_id).with_for_update(read=True).execution_options(populate_existing=True)
        case = unit.session.scalars(query).one_or_none()
        if case is None:
            raise NotFound
        case_type = versions.pinned(unit.session, case.version_hash)
        if case_type.operation is None:
            raise NotFound
        self.case, self.case_type, self.operation = case, case_type, case_type.operation
        self.capacity = may_add(unit.session, actor, case, case_type)
        if case.closed_at is not None:
            raise Conflict("case_closed")
        self.facts = facts_of(unit, case.id)
        if not accepts(self.case_type, self.facts, unit):
            raise Conflict("children_not_now")
        self.child_type = versions.current(unit.session, self.operation.child)
        self.post = unit.session.get_one(Post, case.post_code)


def may_add(session: Session, actor: Actor, case: Any, case_type: CaseType) -> policy.Capacity:
    """In which capacity somebody adds children to an operation. Forbidden, NotFound."""
    capacity = policy.ensure_may_work(session, actor, case, case_type)
    wanted = case_type.operation.recorders if case_type.operation else ()
    if not wanted:
        return capacity
    held = [grant for role in wanted for grant in actor.holding(role) if grant.covers(case_type.code)]
    if not held:
        raise Forbidden("children_not_yours")
    held.sort(key=lambda grant: grant.behind is not None)
    return policy.Capacity(held[0].role, held[0].behind)


def bear(unit: Unit, actor: Actor, parent: Parent, row_key: str | None = None) -> Act:
    """Opens a child and writes it; its first step is open. Inside a transaction that holds `parent`."""
    child = birth.begin(unit, actor, parent.capacity, parent.child_type, parent.post, HANDLERS, reference=_number(unit, parent.case))
    child.case.barred, child.case.parent_id, child.case.row_key = parent.case.barred, parent.case.id, row_key
    taken = inherited(parent.operation, parent.facts)
    birth.complete(child, _header(parent), parent.post, {**taken, "operation_id": parent.case.reference}, {"from": parent.case.reference})
    unit.session.add(CaseLink(case_id=child.case.id, other_id=parent.case.id, kind=CHILD_OF, made_at=unit.now, made_by_id=actor.id))
    unit.session.flush()
    return child


def _number(unit: Unit, parent: Case) -> str:
    """The number of a child: that of its operation, and its own, counted in the order of recording."""
    return f"{parent.reference}-{numbering.draw(unit.session, parent.reference):03d}"


def _header(parent: Parent) -> dict[str, Any]:
    form = parent.child_type.header_form
    names = [name for name in (form.names if form else ()) if name not in NOT_COPIED]
    copied = {name: parent.facts[name] for name in names if parent.facts.get(name) is not None}
    return {**copied, "priorite": parent.case.priority, "confidentialite": parent.case.confidentiality}
