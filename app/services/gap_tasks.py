"""A difference with the Treasury on a mandate of a case is a task of that case, with a deadline and reminders (domain: funding §9).

One on a mandate that nobody knows here belongs to no case: it stays in the list of the Treasury's differences.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.db.funding import FundingRequest, Payment
from app.db.tasks import Task
from app.db.transaction import Unit, transaction
from app.db.treasury import OPEN, TreasuryGap
from app.extensions import db
from app.services import administration, advance, calendars, clock, reminders, rights, scheduling, versions
from app.services.act import Act, locked
from app.services.actor import SYSTEM, Actor
from app.services.errors import Refusal
from app.services.handlers import HANDLERS
from app.services.placing import CENTRAL

log = logging.getLogger(__name__)
TASK = "rapprocher_ecart"
"""The companion of the shared folder."""


def due(session: Session) -> list[int]:
    """Open differences that belong to a case and are no task of it yet."""
    has = with_task(session)
    query = select(TreasuryGap.id).join(Payment, Payment.order_number == TreasuryGap.order_number)
    found = session.scalars(query.where(TreasuryGap.settled_at.is_(None)).order_by(TreasuryGap.id))
    return [number for number in found if number not in has]


def open_all() -> None:
    """Opens the tasks that are due, a transaction each. One that fails keeps no other from its turn, and is tried again by the sweep."""
    found = due(db.session())
    db.session.rollback()
    for gap_id in found:
        try:
            open_task(gap_id)
        except (DBAPIError, Refusal) as error:
            db.session.rollback()
            log.warning("gap_without_task", extra={"gap": gap_id, "reason": str(error)})


def open_task(gap_id: int) -> bool:
    """Opens the task of a difference in its case; whether it did. Early, late and doubled calls are harmless."""
    return transaction(lambda unit: _open(unit, gap_id), clock.now)


def _open(unit: Unit, gap_id: int) -> bool:
    case_id = unit.session.scalar(_cases().where(TreasuryGap.id == gap_id))
    if case_id is None:
        return False
    act = locked(unit, SYSTEM, HANDLERS, case_id=case_id)
    gap = _locked(unit.session, gap_id)
    # A case that was opened by a procedure without this form keeps its differences in the list.
    if gap.settled_at is not None or task_of(unit.session, gap_id) is not None or f"SP_{TASK}" not in act.case_type.forms:
        return False
    _ask(act, gap)
    advance.apply(act, "treasury.gap_found", None, data={"order": gap.order_number, "gap": gap.kind})
    return True


def _ask(act: Act, gap: TreasuryGap) -> None:
    """Whoever compares the Treasury's exports has the task."""
    item = {"gap": gap.id, "mandat_ecart": gap.order_number, "montant_tresor": gap.stated, "montant_ici": gap.kept}
    role = act.case_type.rights[rights.TREASURY][0]
    deadline = act.case_type.shared["companions"][TASK]["deadline"]
    before = act.unit.session.scalar(select(func.count(Task.id)).where(Task.case_id == act.case.id, *_of(gap.id)))
    name = f"{TASK}:{gap.id}:{before}"
    reminders.open_companion(act, TASK, name, role=role, deadline=deadline, item=item, reminded=True)


def answer(act: Act, task: Any, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was found: explained and corrected close the difference; what is to be followed up is a new task, with a new deadline."""
    choice, gap = values[f"resultat_{TASK}"], _locked(act.unit.session, int(task.item["gap"]))
    if gap.settled_at is None:
        note(act.unit, act.actor, gap, choice, str(values.get(f"observations_{TASK}") or ""))
        if choice == OPEN:
            _ask(act, gap)
    return {"choice": choice, "order": gap.order_number}


def note(unit: Unit, actor: Actor, gap: TreasuryGap, result: str, remarks: str) -> None:
    """What somebody found about a difference, in the acts about its export."""
    gap.result, gap.remarks, gap.settled_by_id = result, remarks, actor.id
    gap.settled_at = None if result == OPEN else unit.now
    told = {"order": gap.order_number, "result": result, "remarks": remarks}
    administration.record(unit, actor, "treasury.gap", subject(gap.export_id), **told)


def with_task(session: Session) -> set[int]:
    """Differences that are a task of their case now."""
    cases = _cases().where(TreasuryGap.settled_at.is_(None))
    running = session.scalars(select(Task.engine_id).where(Task.case_id.in_(cases), Task.step == TASK, Task.closed_at.is_(None)))
    return {int(name.split(":")[1]) for name in running}


def task_of(session: Session, gap_id: int) -> int | None:
    """The open task of a difference."""
    return session.scalar(select(Task.id).where(Task.closed_at.is_(None), *_of(gap_id)))


def _of(gap_id: int) -> tuple[Any, ...]:
    return Task.step == TASK, Task.engine_id.startswith(f"{TASK}:{gap_id}:")


def due_at(session: Session, since: dt.datetime) -> dt.datetime:
    """Until when a difference that is no task of a case is to be answered."""
    deadline = next(iter(versions.all_current(session).values())).shared["companions"][TASK]["deadline"]
    return scheduling.plan(calendars.of_place(session, CENTRAL), since, deadline, "P3", reminders=False).due_at


def subject(export_id: int) -> str:
    """Under which name the acts about an export are found."""
    return f"TRESOR/{export_id}"


def _cases() -> Any:
    """Cases of differences."""
    query = select(FundingRequest.case_id).join(Payment, Payment.request_id == FundingRequest.id)
    return query.join(TreasuryGap, TreasuryGap.order_number == Payment.order_number)


def _locked(session: Session, gap_id: int) -> TreasuryGap:
    return session.get_one(TreasuryGap, gap_id, with_for_update=True, populate_existing=True)
