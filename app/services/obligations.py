"""What members of the staff owe, and what that keeps them from: the shared folder declares the kinds (`obligations:`) with their
sentence, a service task of a procedure opens and clears them, a step names those that forbid it.

A step with the control `obligation.none` has three properties: `obligations`, the kinds that forbid, separated by commas; `obliged`, FEEL
over the facts and the answers, that gives the users to look at; `obliged_field`, the question beside which the refusal is said.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.obligations import Obligation
from app.db.users import User
from app.services import answers
from app.services.act import Act, Handler
from app.services.errors import Broken, Invalid
from workflows.outcome import Open


def open_for(act: Act, job: Open) -> Mapping[str, Any]:
    """Each of `agents` (codes of users) owes `obligation` from the day `depuis` on, and is kept from what it forbids after the moment
    `interdit_apres`. Opened again in the same process: from then on. Broken when the folder declares no such kind."""
    kind, agents = _kind(act, job), list(dict.fromkeys(job.inputs.get("agents") or ()))
    session, owed = act.unit.session, {"since": job.inputs["depuis"], "bars_after": job.inputs["interdit_apres"]}
    for agent in agents:
        row = session.scalars(_of_process(act, job, kind).where(Obligation.user_code == agent)).one_or_none()
        if row is None:
            session.add(Obligation(case_id=act.case.id, engine_scope=job.scope, kind=kind, user_code=agent, **owed))
        else:
            row.since, row.bars_after, row.cleared_at = owed["since"], owed["bars_after"], None
    session.flush()
    if agents:
        act.recorder.add("obligation.opened", job.step, data={"kind": kind, "agents": agents, "since": owed["since"].isoformat()})
    return {}


def clear(act: Act, job: Open) -> Mapping[str, Any]:
    """What this process had opened of `obligation` is no longer owed."""
    kind = _kind(act, job)
    rows = act.unit.session.scalars(_of_process(act, job, kind).where(Obligation.cleared_at.is_(None)).order_by(Obligation.id)).all()
    for row in rows:
        row.cleared_at = act.now
    act.unit.session.flush()
    if rows:
        act.recorder.add("obligation.cleared", job.step, data={"kind": kind, "agents": [row.user_code for row in rows]})
    return {}


def _of_process(act: Act, job: Open, kind: str) -> Any:
    where = (Obligation.case_id == act.case.id, Obligation.engine_scope == job.scope, Obligation.kind == kind)
    return select(Obligation).where(*where).with_for_update()


def _kind(act: Act, job: Open) -> str:
    kind = str(job.inputs.get("obligation"))
    if kind not in act.case_type.shared["obligations"]:
        raise Broken(f"aucune obligation ne s’appelle « {kind} »", element=job.step)
    return kind


def settle(session: Session, case_id: int, now: dt.datetime) -> None:
    """A case closes: what was still owed in it was accounted for by whoever closed it (the checklist asks for the reason)."""
    session.execute(update(Obligation).where(Obligation.case_id == case_id, Obligation.cleared_at.is_(None)).values(cleared_at=now))


# ------------------------------------------------------------------ control
def none_due(act: Act, task: Any, values: Mapping[str, Any]) -> None:
    """Nobody whom the step names owes, for too long, something that forbids it. Invalid, with the folder's sentence for each kind."""
    said = act.case_type.elements.in_process[task.process, task.step].properties
    definition = act.case_type.definition
    seen = {**answers.view(act, task), **values}
    agents = definition.evaluate(str(said["obliged"]), seen, act.now, act.functions) or []
    kinds = [kind.strip() for kind in str(said["obligations"]).split(",")]
    found = [text for kind in kinds for text in _refusals(act, kind, overdue(act.unit.session, agents, kind, act.now))]
    if found:
        raise Invalid({str(said["obliged_field"]): " ".join(found)}, dict(values))


def overdue(session: Session, agents: Iterable[str], kind: str, now: dt.datetime) -> list[Any]:
    """(name, since) of those among `agents` whom the kind keeps from something new, the longest first; once each."""
    query = select(User.code, User.given_names, User.family_name, Obligation.since).join(Obligation, Obligation.user_code == User.code)
    owed = (Obligation.user_code.in_(set(agents)), Obligation.kind == kind, Obligation.cleared_at.is_(None), Obligation.bars_after < now)
    rows = session.execute(query.where(*owed).order_by(Obligation.since, Obligation.id))
    return list({row.code: row for row in reversed(rows.all())}.values())[::-1]


def _refusals(act: Act, kind: str, owing: list[Any]) -> list[str]:
    sentence = act.case_type.shared["obligations"][kind]["refusal"][act.actor.language]
    told = [(f"{row.given_names} {row.family_name}".strip(), row.since.strftime("%d/%m/%Y")) for row in owing]
    return [sentence.format(who=who, since=since) for who, since in told]


HANDLERS: dict[str, Handler] = {"obligation.open": open_for, "obligation.clear": clear}
CONTROLS = {"obligation.none": none_due}
