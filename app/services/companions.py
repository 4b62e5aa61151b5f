"""Tasks beside a procedure: a delay that a supervisor deals with, a fact that nobody awaited."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select, update

from app.db.cases import Case, KeptMessage
from app.db.tasks import Task
from app.db.users import User
from app.services import actor as actors
from app.services import advance, answers, due_moments, gap_tasks, handing_on, policy, reopening, sentences
from app.services.act import Act
from app.services.errors import Forbidden, Invalid
from workflows.engine import runtime
from workflows.facts import unpack
from workflows.outcome import Message

Companion = Callable[[Act, Any, Mapping[str, Any]], Mapping[str, Any]]


def complete(act: Act, task: Any, raw: Mapping[str, Any]) -> None:
    """Completes a companion task: its form is validated like any other, its consequence is here."""
    form = act.case_type.forms.get(f"SP_{task.step}")
    seen = SimpleNamespace(chain=[["", act.case_type.process]], item=task.item)
    values = answers.validate(act, seen, form, raw)
    told = COMPANIONS[task.step](act, task, values)
    who = {"closed_by_id": act.actor.id, "closed_behind_id": act.capacity.behind}
    done = {"closed_at": act.now, **who, "closed_how": "done", "stage_at": None}
    act.unit.session.execute(update(Task).where(Task.id == task.id).values(done))
    advance.apply(act, "companion.completed", task.step, data={"task": task.id, **told}, told=advance.beside_the_facts(act, task, values))


def deal_with_delay(act: Act, task: Any, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Somebody else gets the late task, or it gets more time, or the supervisor takes it over."""
    choice = values["resultat_traiter_retard"]
    where = (Task.id == task.subject_id, Task.closed_at.is_(None))
    subject = act.unit.session.execute(select(*Task.__table__.c).where(*where)).one_or_none()
    if subject is None:
        return {"choice": choice, "late_task": "closed"}
    changes: dict[str, Any] = {}
    if choice == "reaffecte":
        changes["assignee_id"] = _other(act, subject, values.get("nouvel_assigne"))
    if choice == "repris":
        changes["assignee_id"] = act.actor.id
    if choice == "prolonge":
        new = values.get("nouvelle_echeance")
        if new is None or new <= act.now:
            raise Invalid({"nouvelle_echeance": "Donnez une échéance à venir, par exemple demain à 17 h."})
        changes |= {"extended_to": new, "extension_reason": values.get("motif_retard"), "stage": 0}
    if "assignee_id" in changes:
        changes["claimed_at"] = act.now
    act.unit.session.execute(update(Task).where(Task.id == subject.id).values(changes))
    if choice == "prolonge":
        act.perform(runtime.fire_due)
        due_moments.move_tasks(act, "extended")
    return {"choice": choice, "late_task": subject.id}


def _other(act: Act, subject: Any, code: Any) -> int:
    """The person who is to do the late task now; Invalid when they may not."""
    session = act.unit.session
    user_id = session.scalar(select(User.id).where(User.code == str(code), User.active.is_(True))) if code else None
    other = actors.load(session, user_id, act.now.date()) if user_id is not None else None
    if other is None or other.id is None:
        raise Invalid({"nouvel_assigne": "Choisissez la personne qui reprend la tâche."})
    spec = act.case_type.step(subject.process, subject.step)
    excluded = str(spec.properties.get("four_eyes") or "").split(",") if spec else []
    free = SimpleNamespace(**dict(subject._mapping) | {"assignee_id": None})
    try:
        policy.ensure_may_do(session, other, free, act.case_type, excluded=[step.strip() for step in excluded if step.strip()])
    except Forbidden as refusal:
        said = Forbidden("assignee_cannot", who=other.name, why=refusal.sentence(act.actor.language))
        raise Invalid({"nouvel_assigne": said.sentence(act.actor.language)}) from None
    return other.id


def examine_new_fact(act: Act, task: Any, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """A message that nothing awaited: filed, given to the step that awaits it now or to the one that is open, or a reason to re-open."""
    choice = values["resultat_examiner_fait_nouveau"]
    message = act.unit.session.get(KeptMessage, int(task.item["message"]))
    if message is None:
        return {"choice": choice}
    if act.case.closed_at is not None and choice in ("refaire", "suivante"):
        raise Invalid({"resultat_examiner_fait_nouveau": sentences.say("new_fact_case_closed", act.actor.language)})
    if choice == "joindre":
        message.filed_at = act.now
        act.columns["kept_messages"] = Case.kept_messages - 1
    if choice == "rouvrir" and act.case.closed_at is not None:
        if act.case_type.access.get(act.capacity.role or "") != "decide" and not policy.supervises(act.actor, task, act.case_type):
            raise Forbidden("may_not_suspend")
        reopening.again(act, str(values.get("observations_examiner_fait_nouveau") or message.name))
    if choice == "suivante":
        return {"choice": choice, "message": message.name, "note": handing_on.hand_on(act, message)}
    if choice == "refaire":
        act.perform(runtime.deliver, Message(str(message.id), message.name, unpack(message.payload), unpack(message.key)))
        if str(message.id) in act.taken:
            message.taken_at = act.now
    return {"choice": choice, "message": message.name}


COMPANIONS: dict[str, Companion] = {
    "traiter_retard": deal_with_delay,
    "examiner_fait_nouveau": examine_new_fact,
    gap_tasks.TASK: gap_tasks.answer,
}
"""Step -> what its completion does. Titles and forms are the shared folder's."""
