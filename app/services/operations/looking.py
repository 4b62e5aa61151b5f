"""Looking at an operation: whether what it waits for has come true among its children."""

from __future__ import annotations

from app.db.transaction import Unit, transaction
from app.services import advance, clock, incidents
from app.services.act import locked
from app.services.actor import SYSTEM
from app.services.errors import Broken, NotFound
from app.services.handlers import HANDLERS
from workflows.engine import runtime


def look(case_id: int) -> bool:
    """Whether the operation went on. Doubled, early and late calls are harmless; a broken procedure becomes an incident."""
    try:
        return transaction(lambda unit: _look(unit, case_id), clock.now)
    except NotFound:
        return False
    except Broken as error:
        incidents.record(case_id, error)
        return False


def _look(unit: Unit, case_id: int) -> bool:
    act = locked(unit, SYSTEM, HANDLERS, case_id=case_id)
    if act.case.closed_at is not None or act.case.suspended_at is not None:
        return False
    act.perform(runtime.fire_due)
    if not act.taken:
        return False
    advance.apply(act, "children.gathered", next((line.element for line in act.trace if line.kind == "message"), None))
    return True
