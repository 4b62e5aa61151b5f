"""A task as its page shows it: the form in the pinned version with the facts it sees, whose it is and why, what comes before and after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from app.db.tasks import COMPANION, WAIT, Draft, Task, TaskSeen
from app.db.transaction import transaction
from app.db.upserts import InsertOnce
from app.services import calendars, case_file, clock, history, policy, references, sealing, settings
from app.services.actor import Actor
from app.services.case_file import CaseFile
from app.services.errors import Forbidden, NotFound, Refusal
from app.services.tasks import excluded_by
from workflows.catalog import CaseType, StepSpec
from workflows.feel import Host
from workflows.forms import FormDefinition

MOST_NEXT = 5
KEPT = 512
"""Steps whose followers are kept: versions never change."""
_OWN = (
    select(Draft, TaskSeen.seen_at)
    .select_from(Task)
    .outerjoin(Draft, and_(Draft.task_id == Task.id, Draft.user_id == bindparam("user_id")))
    .outerjoin(TaskSeen, and_(TaskSeen.task_id == Task.id, TaskSeen.user_id == bindparam("user_id")))
    .where(Task.id == bindparam("task_id"))
)
_SEEN = InsertOnce(TaskSeen.__table__)
_BEFORE = (
    select(Task)
    .where(
        *(Task.case_id == bindparam("case_id"), Task.closed_at == bindparam("opened_at")),
        *(Task.closed_how == "done", Task.id != bindparam("task_id")),
    )
    .order_by(Task.id.desc())
    .limit(1)
)


@dataclass(frozen=True)
class FormRoom:
    """What drawing and reading a form needs: the facts its expressions see, its evaluator, its zone, its registers."""

    form: FormDefinition | None
    facts: Mapping[str, Any]
    host: Host
    zone: str
    resolve: references.Resolve
    case_type: CaseType

    def proposed(self, now: dt.datetime) -> dict[str, Any]:
        """What the form proposes as answers when it opens, as JSON; nothing without a form."""
        if self.form is None:
            return {}
        return self.form.defaults(self.facts, self.host, now, zone=self.zone, resolve=self.resolve, kinds=self.case_type.kinds)


@dataclass(frozen=True)
class StepView:
    """A task for one actor. `refusal` says why the actor may not complete it; None: they may.

    What only a page shows is looked up when the page asks for it: a form that is sent needs none of it.
    """

    session: Session
    actor: Actor
    task: Task
    file: CaseFile
    spec: StepSpec | None
    room: FormRoom
    refusal: Refusal | None

    @property
    def draft(self) -> Draft | None:
        """What the actor typed and has not sent."""
        return self._own[0]

    @property
    def new(self) -> bool:
        """Whether the actor never opened the task."""
        return self._own[1] is None

    @cached_property
    def _own(self) -> tuple[Draft | None, dt.datetime | None]:
        draft_row, seen_at = self.session.execute(_OWN, {"task_id": self.task.id, "user_id": self.actor.id}).one()
        return draft_row, seen_at

    @cached_property
    def before(self) -> Task | None:
        """The step whose completion opened this one, as far as the rows tell."""
        task = self.task
        given = {"case_id": task.case_id, "opened_at": task.opened_at, "task_id": task.id}
        return self.session.scalars(_BEFORE, given).one_or_none()

    @cached_property
    def answered(self) -> Mapping[str, Any]:
        """What was known when the task was done, by name: its answers as they were given, whatever was corrected since."""
        assert self.task.closed_at is not None
        known: dict[str, dict[str, Any]] = {"": {}}
        for name, value in history.facts_at(self.session, self.file, self.task.closed_at)[0].items():
            fact, _, scope = name.partition("@")
            known.setdefault(scope, {})[fact] = value
        links = _links(self.task.chain, self.file.case_type)
        seen = self.file.case_type.definition.view(known, links, references.unpack_item(self.task.item), {})
        return {**seen, **known.get(self.task.engine_id, {})}

    @cached_property
    def subject(self) -> Task | None:
        """The late task that this one, beside the procedure, is about."""
        return self.session.get(Task, self.task.subject_id) if self.task.subject_id else None

    @property
    def sealed(self) -> bool:
        """Whether what was answered is kept from the actor by now."""
        task = self.task
        return sealing.sealed(self.session, self.file, self.actor, task.step, task.closed_by_id, task.process)

    @property
    def supervises(self) -> bool:
        """Whether the actor answers for the delays of the task."""
        return policy.supervises(self.actor, self.task, self.file.case_type)

    @property
    def screen(self) -> str | None:
        """Name of a special screen that the step asks for."""
        return self.spec.properties.get("screen") if self.spec else None


def open_step(session: Session, actor: Actor, task_id: int, now: dt.datetime) -> StepView:
    """A task, open or closed. NotFound when there is none, or none for this actor."""
    task = session.get(Task, task_id)
    if task is None:
        raise NotFound
    file = _file(session, actor, task)
    spec = file.case_type.step(task.process, task.step)
    form = file.case_type.forms.get(_form_id(task, spec) or "")
    room = form_room(session, file, form, task.chain, task.item, now)
    return StepView(session, actor, task, file, spec, room, _refusal(session, actor, task, file.case_type, spec))


def _file(session: Session, actor: Actor, task: Task) -> CaseFile:
    """The case of a task: whoever may do the task sees as much of the case as the task shows."""
    try:
        return case_file.find_by_id(session, actor, task.case_id)
    except NotFound:
        case = session.get_one(case_file.Case, task.case_id)
        case_type = case_file.versions.pinned(session, case.version_hash)
        if not policy.grants_for(actor, task, case_type):
            raise
        return CaseFile(case, case_type, policy.TASKS)


def _form_id(task: Task, spec: StepSpec | None) -> str | None:
    if task.kind == COMPANION:
        return f"SP_{task.step}"
    return spec.form if spec else None


def form_room(session: Session, file: CaseFile, form: FormDefinition | None, chain: Any, item: Any, now: dt.datetime) -> FormRoom:
    """The surroundings of a form in a case, without a lock: for showing it."""
    case, case_type = file.case, file.case_type
    functions = calendars.functions_of(session, case.post_code)
    system = {"reglages": settings.reglages(session, case_type)}
    seen = case_type.definition.view(case_file.facts(session, file), _links(chain, case_type), references.unpack_item(item), system)
    return FormRoom(
        form=form,
        facts=seen,
        host=Host({**case_type.definition.functions, **functions}, now=lambda: now),
        zone=references.zone_of(session, case.post_code),
        resolve=references.resolver(session, case.id),
        case_type=case_type,
    )


def _links(chain: Any, case_type: CaseType) -> list[tuple[str, str]]:
    return [(scope, process) for scope, process in chain or [["", case_type.process]]]


def header_room(session: Session, case_type: CaseType, post_code: str, now: dt.datetime) -> FormRoom:
    """The surroundings of the common header, before there is a case."""
    functions = calendars.functions_of(session, post_code)
    return FormRoom(
        form=case_type.header_form,
        facts={"reglages": settings.reglages(session, case_type), "poste_id": post_code, "type_dossier": case_type.code},
        host=Host({**case_type.definition.functions, **functions}, now=lambda: now),
        zone=references.zone_of(session, post_code),
        resolve=references.resolver(session, 0),
        case_type=case_type,
    )


def _refusal(session: Session, actor: Actor, task: Task, case_type: CaseType, spec: StepSpec | None) -> Refusal | None:
    if task.kind == WAIT:
        return _wait_refusal(session, actor, task, case_type)
    try:
        policy.ensure_may_do(session, actor, task, case_type, excluded=excluded_by(spec) if spec else ())
    except Refusal as refusal:
        return refusal
    return None


def _wait_refusal(session: Session, actor: Actor, task: Task, case_type: CaseType) -> Refusal | None:
    if policy.grants_for(actor, task, case_type):
        return None
    role = case_type.roles.get(task.role)
    return Forbidden("not_your_role", role=role.name.get(actor.language, role.name["fr"]) if role else task.role)


@lru_cache(KEPT)
def following(case_type: CaseType, process: str, element: str) -> tuple[tuple[str, str, str], ...]:
    """(question of the last gateway, answer that leads there, title) of the steps that may come next in the same diagram.

    Through gateways and steps without people, no further; question and answer are empty where nothing is asked.
    """
    outgoing: dict[str, list[Any]] = {}
    for flow in case_type.elements.flows.values():
        if flow.process == process:
            outgoing.setdefault(flow.source, []).append(flow)
    found: dict[str, tuple[str, str, str]] = {}
    waiting, seen = [(flow, "", flow.title) for flow in outgoing.get(element, ())], set()
    while waiting and len(found) < MOST_NEXT:
        flow, question, answer = waiting.pop(0)
        if flow.id in seen:
            continue
        seen.add(flow.id)
        spec = case_type.step(process, flow.target)
        if spec is None:
            continue
        if "Gateway" in spec.kind or spec.kind in ("scriptTask", "serviceTask", "sendTask", "businessRuleTask"):
            asked = spec.title if spec.title != spec.id else ""
            waiting += [(one, *((asked, one.title) if one.title else (question, answer))) for one in outgoing.get(spec.id, ())]
        elif spec.kind != "endEvent" and spec.id != element:
            found.setdefault(spec.id, (question, answer, spec.title))
    return tuple(found.values())


def note_seen(actor: Actor, task_id: int) -> None:
    """The actor has opened the task: it is no longer new to them."""

    row = {"user_id": actor.id, "task_id": task_id}
    transaction(lambda unit: _SEEN.execute(unit.connection, {**row, "seen_at": unit.now}), clock.now)
