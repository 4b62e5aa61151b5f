"""A case is born: number, pinned version, header facts, first step. Opened by people (`intake.py`) or by a case (`spawning.py`)."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy import insert, select

from app.db.cases import Case, Team
from app.db.posts import Post
from app.db.tasks import Task
from app.db.transaction import Unit
from app.db.users import User
from app.services import advance, numbering, policy, responsibility, sheets
from app.services.act import Act, Handler
from app.services.actor import Actor
from app.services.recorder import Recorder
from workflows.catalog import CaseType
from workflows.engine import runtime


def begin(
    unit: Unit,
    actor: Actor,
    capacity: policy.Capacity,
    case_type: CaseType,
    post: Post,
    handlers: Mapping[str, Handler],
    reference: str | None = None,
) -> Act:
    """The act that opens a case, with its number (the next of its series unless one is given); nothing is written yet."""
    reference = reference or numbering.case_reference(unit.session, case_type.reference, post.code, unit.now.year)
    case = SimpleNamespace(
        id=0,
        reference=reference,
        case_type=case_type.code,
        version_hash=case_type.version,
        post_code=post.code,
        country=post.country,
        priority=case_type.priority,
        confidentiality=case_type.confidentiality,
        barred="",
        timers_digest="",
        history_seq=0,
        history_head="",
        lock_version=1,
        suspended_at=None,
        closed_at=None,
        incident_at=None,
        parent_id=None,
        row_key=None,
        stage="",
    )
    recorder = Recorder(0, reference, case_type.version, 0, "", actor, capacity, unit.now)
    return Act(unit, case, case_type, actor, capacity, {"": {}}, None, recorder, handlers)


def complete(act: Act, values: Mapping[str, Any], post: Post, known: Mapping[str, Any], cause: Mapping[str, Any]) -> None:
    """Writes the case and starts its procedure. `values`: the typed header; `known`: facts set besides; `cause`: for the history."""
    _write_row(act, values)
    for name, value in {**_header_facts(act, values, post), **known}.items():
        act.set(name, value)
    session = act.unit.session
    sheets.put(act, {**sheets.of_country(session, act.case.country), **sheets.of_post(post), "role_ouverture": act.capacity.role})
    _appoint(act)
    act.perform(runtime.start)
    advance.apply(act, "case.started", None, data={"type": act.case.case_type, "post": post.code, **cause})


def first_task(act: Act) -> int | None:
    """The first step goes to whoever opened the case, when it is for their role and place; its number."""
    query = select(Task).where(Task.case_id == act.case.id, Task.closed_at.is_(None)).order_by(Task.id)
    for task in act.unit.session.scalars(query):
        if task.kind == "step" and act.actor.id is not None and policy.grants_for(act.actor, task, act.case_type):
            task.assignee_id, task.claimed_at = act.actor.id, act.now
            return task.id
    return None


def _higher(one: str, other: str) -> str:
    """The stricter of two levels C1 to C4: a type's floor is never passed downwards."""
    return max(one, other)


def _write_row(act: Act, values: Mapping[str, Any]) -> None:
    row = {
        "reference": act.case.reference,
        "case_type": act.case.case_type,
        "version_hash": act.case.version_hash,
        "state": b"",
        "scopes": [],
        "status": "soumis",
        "priority": values.get("priorite") or act.case.priority,
        "confidentiality": _higher(act.case.confidentiality, values.get("confidentialite") or ""),
        "post_code": act.case.post_code,
        "country": values.get("pays_evenement") or act.case.country,
        "barred": act.case.barred,
        "opened_at": act.now,
        "opened_by_id": act.actor.id,
        "parent_id": act.case.parent_id,
        "row_key": act.case.row_key,
    }
    act.case.id = act.unit.session.execute(insert(Case).values(row).returning(Case.id)).scalar_one()
    act.case.country, act.case.priority, act.case.confidentiality = row["country"], row["priority"], row["confidentiality"]
    act.recorder.case_id = act.case.id
    if act.actor.id is not None:
        act.unit.session.add(Team(case_id=act.case.id, user_id=act.actor.id, since=act.now))
        act.unit.session.flush()


def _header_facts(act: Act, values: Mapping[str, Any], post: Post) -> dict[str, Any]:
    """The common header as facts of the case (domain: conventions §5)."""
    known = {
        "numero": act.case.reference,
        "type_dossier": act.case.case_type,
        "poste_id": post.code,
        "pays_evenement": act.case.country,
        "priorite": act.case.priority,
        "confidentialite": act.case.confidentiality,
        "date_signalement": act.now,
    }
    typed = {name: value for name, value in values.items() if value not in (None, []) and name not in ("poste_id", "confidentialite")}
    return {**known, **typed}


def _appoint(act: Act) -> None:
    """The person in charge, unless the header names one."""
    user = None if act.fact("responsable") else responsibility.choose(act.unit.session, act.actor, act.case_type, act.now.date())
    if user is not None:
        act.set("responsable", user.code)
    named = select(User.id).where(User.code == str(act.fact("responsable")))
    act.columns["responsible_id"] = act.unit.session.scalar(named)
