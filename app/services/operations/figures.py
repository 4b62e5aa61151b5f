"""What an operation knows of its children: computed from their rows, never typed (domain: conventions §6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.facts import Fact
from workflows.facts import unpack
from workflows.operation import Operation

if TYPE_CHECKING:
    from app.services.act import Act


def of(session: Session, parent_id: int, operation: Operation) -> dict[str, int]:
    """fact -> figure, from the children as they are now."""
    query = select(Case.id, Case.stage, Case.category, Case.outcome, Case.closed_at).where(Case.parent_id == parent_id)
    children = session.execute(query).all()
    added = {figure.sum for figure in operation.figures.values() if figure.sum}
    known = facts_of(session, Case.parent_id == parent_id, added) if added else {}
    found = {}
    for name, figure in operation.figures.items():
        meant = [one.id for one in children if figure.counts(one.stage, one.category, one.outcome, one.closed_at is None)]
        found[name] = sum(int(known.get(one, {}).get(figure.sum) or 0) for one in meant) if figure.sum else len(meant)
    for name, figure in operation.figures.items():
        if figure.of is not None:
            found[name] = round(100 * found[name] / found[figure.of]) if found[figure.of] else 0
    return found


def facts_of(session: Session, which: ColumnElement[bool], names: Iterable[str]) -> dict[int, dict[str, Any]]:
    """Number of a case -> its facts of these names, of the cases for which a condition holds."""
    query = select(Fact.case_id, Fact.name, Fact.value).join(Case, Case.id == Fact.case_id)
    query = query.where(which, Fact.scope == "", Fact.name.in_(sorted(names)))
    found: dict[int, dict[str, Any]] = {}
    for case_id, name, value in session.execute(query):
        found.setdefault(case_id, {})[name] = unpack(orjson.loads(value))
    return found


def children(session: Session, parent_id: int, stages: Sequence[str] = (), open_only: bool = True) -> list[Any]:
    """The children of an operation in the order in which they were recorded."""
    query = select(Case.id, Case.reference, Case.person_code, Case.stage, Case.category, Case.opened_at).where(Case.parent_id == parent_id)
    if stages:
        query = query.where(Case.stage.in_(stages))
    if open_only:
        query = query.where(Case.closed_at.is_(None))
    return list(session.execute(query.order_by(Case.id)))


def note(act: Act) -> dict[str, int]:
    """Inside an act, under the lock of the operation: its figures become facts, those that changed."""
    operation = act.case_type.operation
    if operation is None:
        return {}
    found = of(act.unit.session, act.case.id, operation)
    for name, value in found.items():
        if act.fact(name) != value:
            act.set(name, value)
    return found
