"""Facts corrected by hand: due moments and open conditions follow; the history keeps before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.db.transaction import Unit, transaction
from app.services import advance, clock, due_moments, incidents, policy
from app.services.act import locked
from app.services.actor import Actor
from app.services.errors import Broken, Conflict, Forbidden, Invalid
from app.services.handlers import HANDLERS
from workflows.engine import runtime
from workflows.facts import Change


def correct(actor: Actor, case_id: int, facts: Mapping[str, Any], reason: str) -> None:
    """Sets facts of the case's own scope to typed values, with a reason. By the system, or whoever decides on the case.

    Raises NotFound, Forbidden, Invalid (no reason), Conflict (closed), Broken.
    """
    if not reason.strip():
        raise Invalid({"reason": "reason_missing"})

    def work(unit: Unit) -> None:
        act = locked(unit, actor, HANDLERS, case_id=case_id)
        if not actor.is_system:
            act.capacity = policy.ensure_may_work(unit.session, actor, act.case, act.case_type)
            if act.case_type.access.get(act.capacity.role or "") != "decide":
                raise Forbidden("may_not_correct")
        act.recorder.capacity = act.capacity
        if act.case.closed_at is not None:
            raise Conflict("case_closed")
        act.perform(runtime.change, [Change("", name, value) for name, value in facts.items()])
        due_moments.move_tasks(act, "correction")
        advance.apply(act, "facts.corrected", None, data={"facts": sorted(facts), "reason": reason.strip()[:500]})

    try:
        transaction(work, clock.now)
    except Broken as error:
        incidents.record(case_id, error)
        raise
