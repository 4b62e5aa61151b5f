"""What an operation tells its children: written with its own act, carried to them afterwards, one transaction a child."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app import queue
from app.db.cases import Case
from app.db.operations import ChildMessage
from app.services.act import Act, Handler
from workflows.facts import pack
from workflows.outcome import Open

SPREAD = "app.jobs.operations.spread"
SOURCE = "operation"


def tell(act: Act, job: Open) -> Mapping[str, Any]:
    """Tells all open children the message `message` with the facts `faits` (a context). Answers `informes`, how many there are."""
    payload = job.inputs.get("faits") or {}
    return {"informes": send(act, job.step, str(job.inputs.get("message")), dict(payload))}


def send(act: Act, step: str | None, name: str, payload: Mapping[str, Any], each: Mapping[int, Mapping[str, Any]] | None = None) -> int:
    """Inside an act of an operation: what its children are to hear. How many there are now."""
    written = {str(child): pack(dict(own)) for child, own in (each or {}).items()}
    row = ChildMessage(parent_id=act.case.id, name=name, payload=pack(dict(payload)), each=written, made_at=act.now)
    act.unit.session.add(row)
    act.unit.session.flush()
    query = select(Case.id).where(Case.parent_id == act.case.id, Case.closed_at.is_(None))
    count = len(act.unit.session.scalars(query).all())
    act.recorder.add("children.told", step, data={"message": name, "children": count})
    parent_id = act.case.id
    act.unit.after_commit(lambda: queue.enqueue(SPREAD, parent_id))
    return count


HANDLERS: dict[str, Handler] = {"operation.tell": tell}
