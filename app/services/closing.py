"""Closing a case: the checklist, drawn up and looked at again under the lock, and what must never be left open.

(domain: shared subprocesses, SP-CLO; conventions §6; funding §5.)
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import case as sql_case
from sqlalchemy import func, or_, select

from app.db.cases import Case
from app.db.funding import FundingRequest, Payment
from app.db.tasks import COMPANION, STEP, Task
from app.services import obligations, sentences
from app.services.act import Act, Handler
from app.services.errors import Conflict, Invalid
from app.services.funding.requests import UNCHARGED
from app.services.operations import shares
from app.services.sentences import grouped
from workflows.outcome import Open


def _never_collected(act: Act) -> int:
    """Of what the case committed: sums that nobody came for and that went back to the Treasury; they are not owed any more."""
    query = select(Payment.liquidated - Payment.paid, Payment.returned).join(FundingRequest, FundingRequest.id == Payment.request_id)
    found = act.unit.session.execute(query.where(FundingRequest.case_id == act.case.id, Payment.returned > 0))
    return sum(min(left, returned) for left, returned in found)


def closing_list(act: Act, job: Open) -> Mapping[str, Any]:
    """The checklist before closing: steps of other branches and tasks beside the procedure that are open, money not paid, shares of
    children that do not add up. Answers the points that do not hold, whether all do, and what was paid in the case."""
    left = [step.title for step in (act.last.open if act.last else ()) if not step.job]
    closed = select(Task.id).where(Task.case_id == act.case.id, or_(Task.closed_at.is_not(None), Task.engine_id.in_(set(act.closed))))
    points, paid = _points(act, left, set(act.unit.session.scalars(closed)))
    return {"points": points, "liste_controle": points, "liste_controle_ok": not points, "total_paye_dossier": paid}


def check_list(act: Act, task: Any, values: Mapping[str, Any]) -> None:
    """The same under the lock, when closing is proposed: a point that does not hold, now or when the list was drawn up, asks for the reason
    of an exception."""
    open_steps = select(Task.title).where(Task.case_id == act.case.id, Task.kind == STEP, Task.closed_at.is_(None), Task.id != task.id)
    closed = select(Task.id).where(Task.case_id == act.case.id, or_(Task.closed_at.is_not(None), Task.id == task.id))
    session = act.unit.session
    points, _ = _points(act, list(session.scalars(open_steps.order_by(Task.id))), set(session.scalars(closed)))
    if (points or act.fact("liste_controle_ok", task.scope) is False) and not values.get("derogation_motif"):
        told = " ; ".join(point["point"] for point in points or act.fact("liste_controle", task.scope) or ())
        raise Invalid({"derogation_motif": sentences.say("checklist_open", act.actor.language, points=told)})


def _points(act: Act, left: list[str], over: set[int]) -> tuple[list[dict[str, Any]], int]:
    """The points that do not hold, and what was paid. left: steps that are open; over: tasks that are closed, or being closed."""
    beside = select(Task.title, Task.subject_id).where(Task.case_id == act.case.id, Task.kind == COMPANION, Task.closed_at.is_(None))
    left = left + [row.title for row in act.unit.session.execute(beside.order_by(Task.id)) if row.subject_id not in over]
    bound = sql_case((FundingRequest.state == UNCHARGED, FundingRequest.granted), else_=FundingRequest.committed).label("bound")
    money = select(bound, FundingRequest.decommitted, FundingRequest.paid).where(FundingRequest.case_id == act.case.id)
    amounts = act.unit.session.execute(money).all()
    unpaid = sum(row.bound - row.decommitted - row.paid for row in amounts) - _never_collected(act)
    points = [{"point": f"Tâche ouverte : {title}", "ok": False} for title in left]
    if unpaid > 0:
        points.append({"point": f"Engagé et non payé : {grouped(unpaid)} FCFA", "ok": False})
    for code, handed, kept in shares.uneven(act.unit.session, act.case.id):
        points.append({"point": f"{code} : {grouped(handed)} FCFA remis aux fiches, {grouped(kept)} FCFA payés", "ok": False})
    return points, sum(row.paid for row in amounts)


def close(act: Act, job: Open) -> Mapping[str, Any]:
    """Writes the outcome of the case; its last end event closes it and starts the retention clock.

    Conflict while a child of an operation is open, or what children got is not what was paid for them (domain: conventions §6, funding
    §5)."""
    children = select(func.count()).select_from(Case).where(Case.parent_id == act.case.id, Case.closed_at.is_(None))
    if left := act.unit.session.scalar(children):
        raise Conflict("children_open", count=left)
    for code, handed, kept in shares.uneven(act.unit.session, act.case.id):
        raise Conflict("children_uneven", number=code, handed=grouped(handed), paid=grouped(kept))
    outcome = job.inputs.get("issue") or act.fact("issue")
    if outcome is not None:
        act.set("issue", outcome)
    act.columns["closed_at"] = act.now
    obligations.settle(act.unit.session, act.case.id, act.now)
    return {"clos_le": act.now}


HANDLERS: dict[str, Handler] = {"case.checklist": closing_list, "case.close": close}
CONTROLS = {"case.checklist": check_list}
