"""A child leaves its operation: it goes on alone, and the operation no longer counts it nor waits for it (domain: conventions §6)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from app import queue
from app.db.cases import CHILD_OF, LEFT, CaseLink
from app.db.operations import FundingShare
from app.services.act import Act, Handler
from app.services.errors import Conflict
from app.services.operations.waiting import LOOK
from workflows.outcome import Open


def leave(act: Act, job: Open) -> Mapping[str, Any]:
    """The case is no longer a child of its operation; a link tells that it was. Conflict when a share was allotted to it: the money of the
    operation is handed over or returned within the operation."""
    session, parent_id = act.unit.session, act.case.parent_id
    if parent_id is None:
        return {}
    if session.scalar(select(FundingShare.id).where(FundingShare.case_id == act.case.id).limit(1)) is not None:
        raise Conflict("child_has_share")
    act.columns |= {"parent_id": None, "row_key": None}
    tie = (CaseLink.case_id == act.case.id, CaseLink.other_id == parent_id, CaseLink.kind == CHILD_OF)
    session.execute(update(CaseLink).where(*tie).values(kind=LEFT, made_at=act.now, made_by_id=act.actor.id))
    act.recorder.add("operation.left", job.step, data={"operation": act.fact("operation_id")})
    act.unit.after_commit(lambda: queue.enqueue_soon(LOOK, parent_id))
    return {}


HANDLERS: dict[str, Handler] = {"operation.leave": leave}
