"""What an operation tells its children: written with its own act, carried to them afterwards, one transaction a child."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, select

from app import queue
from app.db.cases import Case
from app.db.operations import ChildMessage
from app.services.act import Act, Handler
from workflows.facts import pack
from workflows.outcome import Open

SPREAD = "app.jobs.operations.spread"
SOURCE = "operation"


def tell(act: Act, job: Open) -> Mapping[str, Any]:
    """Tells all open children the message `message` with the facts `faits` (a context). With `chacun`, a list of contexts {dossier, and
    what only this child is told}, nobody else is meant. Answers `informes`, how many are told."""
    message, payload, each = str(job.inputs.get("message")), dict(job.inputs.get("faits") or {}), job.inputs.get("chacun")
    if each is None:
        return {"informes": send(act, job.step, message, payload)}
    own = {str(one["dossier"]): {name: value for name, value in one.items() if name != "dossier"} for one in each}
    query = select(Case.reference, Case.id).where(Case.parent_id == act.case.id, Case.reference.in_(own))
    meant = {case_id: own[reference] for reference, case_id in act.unit.session.execute(query)}
    return {"informes": send(act, job.step, message, payload, meant, only=True) if meant else 0}


def send(
    act: Act,
    step: str | None,
    name: str,
    payload: Mapping[str, Any],
    each: Mapping[int, Mapping[str, Any]] | None = None,
    only: bool = False,
) -> int:
    """Inside an act of an operation: what its children (`only`: those of `each`) are to hear. How many there are now."""
    written = {str(child): pack(dict(own)) for child, own in (each or {}).items()}
    row = ChildMessage(parent_id=act.case.id, name=name, payload=pack(dict(payload)), each=written, only_each=only, made_at=act.now)
    act.unit.session.add(row)
    act.unit.session.flush()
    count = len(act.unit.session.scalars(select(Case.id).where(*meant(row))).all())
    act.recorder.add("children.told", step, data={"message": name, "children": count})
    parent_id = act.case.id
    act.unit.after_commit(lambda: queue.enqueue(SPREAD, parent_id))
    return count


def meant(row: ChildMessage) -> tuple[ColumnElement[bool], ...]:
    """The open children that are to hear a message: there when it was said and, where it names some, named."""
    there = (Case.parent_id == row.parent_id, Case.closed_at.is_(None), Case.opened_at <= row.made_at)
    return (*there, Case.id.in_([int(child) for child in row.each])) if row.only_each else there


HANDLERS: dict[str, Handler] = {"operation.tell": tell}
