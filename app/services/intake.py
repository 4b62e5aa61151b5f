"""Opening a case: number, pinned version, header facts, first step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import insert, select

from app.db.cases import Case, Team
from app.db.posts import Post
from app.db.tasks import Task
from app.db.transaction import Unit, transaction
from app.db.users import User
from app.services import advance, answers, clock, keys, numbering, policy, responsibility, sheets, versions
from app.services.act import Act
from app.services.actor import Actor
from app.services.errors import Invalid
from app.services.handlers import HANDLERS
from app.services.recorder import Recorder
from workflows.engine import runtime

HEADER_FORM = "SP_ENTETE"


@dataclass(frozen=True)
class Started:
    """A case that was opened, and the first task of whoever opened it."""

    case_id: int
    reference: str
    task_id: int | None


def start_case(actor: Actor, code: str, post_code: str, header: Mapping[str, Any], key: str | None = None) -> Started:
    """Opens a case of a type at a post.

    header: what was typed into the common header form. Raises NotFound (type), Forbidden (role), Invalid (fields), Broken.
    """
    return transaction(lambda unit: _start(unit, actor, code, post_code, header, key), clock.now)


def _start(unit: Unit, actor: Actor, code: str, post_code: str, header: Mapping[str, Any], key: str | None) -> Started:
    replay = keys.claim(unit, actor.code, key, keys.body_hash("start", code, post_code, header))
    if replay is not None:
        return Started(**replay)
    case_type = versions.current(unit.session, code)
    post = unit.session.get(Post, post_code)
    if post is None:
        raise Invalid({"poste_id": "Choisissez le poste dans la liste."}, header)
    capacity = policy.ensure_may_start(actor, case_type, post_code)
    act = _born(unit, actor, capacity, case_type, post)
    values = _header(act, header)
    _write_row(act, values)
    for name, value in _header_facts(act, values, post).items():
        act.set(name, value)
    sheets.put(act, {**sheets.of_country(unit.session, act.case.country), **sheets.of_post(post)})
    _appoint(act)
    act.perform(runtime.start)
    advance.apply(act, "case.started", None, data={"type": code, "post": post_code})
    first = _first_task(act)
    started = Started(act.case.id, act.case.reference, first)
    keys.answer(unit, actor.code, key, asdict(started))
    return started


def _born(unit: Unit, actor: Actor, capacity: policy.Capacity, case_type: Any, post: Post) -> Act:
    reference = numbering.case_reference(unit.session, case_type.reference, post.code, unit.now.year)
    case = SimpleNamespace(
        id=0,
        reference=reference,
        case_type=case_type.code,
        version_hash=case_type.version,
        post_code=post.code,
        country=post.country,
        priority=case_type.priority,
        confidentiality=case_type.confidentiality,
        timers_digest="",
        history_seq=0,
        history_head="",
        lock_version=1,
        suspended_at=None,
        closed_at=None,
        incident_at=None,
    )
    recorder = Recorder(0, reference, case_type.version, 0, "", actor, capacity, unit.now)
    return Act(unit, case, case_type, actor, capacity, {"": {}}, None, recorder, HANDLERS)


def _header(act: Act, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Typed header. What the type already says (priority, confidentiality) and the post need not be typed."""
    form = act.case_type.forms.get(HEADER_FORM)
    known = {"poste_id": act.case.post_code, "priorite": act.case.priority, "confidentialite": act.case.confidentiality}
    proposed = {name: value for name, value in known.items() if form is not None and name in form.names}
    task = SimpleNamespace(chain=[["", act.case_type.process]], item=None)
    return answers.validate(act, task, form, {**proposed, **raw})


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
        "opened_at": act.now,
        "opened_by_id": act.actor.id,
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


def _first_task(act: Act) -> int | None:
    """The first step goes to whoever opened the case, when it is for their role and place; its number."""
    query = select(Task).where(Task.case_id == act.case.id, Task.closed_at.is_(None)).order_by(Task.id)
    for task in act.unit.session.scalars(query):
        if task.kind == "step" and act.actor.id is not None and policy.grants_for(act.actor, task, act.case_type):
            task.assignee_id, task.claimed_at = act.actor.id, act.now
            return task.id
    return None
