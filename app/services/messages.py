"""Messages from outside: delivered to who awaits them, else kept and offered again at every act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from app.db.cases import Case, KeptMessage
from app.db.tasks import WAIT
from app.db.transaction import Unit, transaction
from app.extensions import db
from app.services import advance, answers, clock, effects, field_notes, incidents, keys, placing, policy, reminders
from app.services.act import Act, locked
from app.services.actor import Actor
from app.services.errors import Broken, Conflict, Invalid, NotFound
from app.services.handlers import HANDLERS
from app.services.tasks import case_of, reread
from workflows.engine import runtime
from workflows.facts import pack
from workflows.outcome import Awaited, Message

NEW_FACT, UNKNOWN = "examiner_fait_nouveau", "rapprocher_message"
NEW_FACT_DEADLINE = "1 jo"


@dataclass(frozen=True)
class Delivery:
    """What became of a message: taken by who awaited it, or kept in the file."""

    case_id: int
    reference: str
    taken: bool
    duplicate: bool = False
    element: str | None = None
    """Where the procedure took it."""


@dataclass(frozen=True)
class Incoming:
    """A message as it comes: (source, reference) identifies it for ever, so that a repetition is ignored."""

    name: str
    payload: Mapping[str, Any]
    key: Any = None
    source: str = ""
    reference: str = ""


def awaited(act: Act) -> list[Awaited]:
    """Everything a case would take now: what it stands still for, and facts that may come at any time."""
    seen = runtime.look(act.case_type.definition, act.state or b"", act.facts, act.now, **act.surroundings)
    return list(seen.awaited)


def deliver(actor: Actor, reference: str, incoming: Incoming, key: str | None = None) -> Delivery:
    """Delivers a message by its correlation value; kept when nobody awaits it, with a task for the person in charge.

    Raises NotFound (case), Forbidden, Broken.
    """

    def work(unit: Unit) -> Delivery:
        replay = keys.claim(unit, actor.code, key, keys.body_hash("deliver", reference, asdict(incoming)))
        if replay is not None:
            return Delivery(**replay)
        done = _deliver(unit, actor, reference, incoming)
        keys.answer(unit, actor.code, key, asdict(done))
        return done

    return _guarded(reference, work)


def _guarded(reference: str, work: Any) -> Any:
    try:
        return transaction(work, clock.now)
    except Broken as error:
        case_id = case_number(reference)
        incidents.record(case_id, error)
        raise


def case_number(reference: str) -> int:
    """The row of a case by its reference."""
    return db.session.scalars(select(Case.id).where(Case.reference == reference)).one()


def _opened(unit: Unit, actor: Actor, reference: str) -> Act:
    act = locked(unit, actor, HANDLERS, case_id=select(Case.id).where(Case.reference == reference).scalar_subquery())
    act.capacity = policy.Capacity(None) if actor.is_system else policy.ensure_may_work(unit.session, actor, act.case, act.case_type)
    act.recorder.capacity = act.capacity
    return act


def _deliver(unit: Unit, actor: Actor, reference: str, incoming: Incoming) -> Delivery:
    act = _opened(unit, actor, reference)
    if incoming.reference and _seen(unit, incoming):
        return Delivery(act.case.id, act.case.reference, False, duplicate=True)
    values, wanted = _payload(act, incoming)
    incoming = replace(incoming, payload=values)
    row = _keep(act, incoming)
    if act.case.closed_at is not None:
        _ask_to_examine(act, row)
        advance.apply(act, "message.kept", None, data={"message": incoming.name, "closed": True})
        return Delivery(act.case.id, act.case.reference, False)
    message = Message(str(row.id), incoming.name, dict(incoming.payload), incoming.key if incoming.key is not None else act.case.reference)
    act.perform(runtime.deliver, message)
    taken = message.id in act.taken
    if taken:
        row.taken_at = unit.now
        effects.carry_out(act, _taker(act), wanted)
    else:
        act.columns["kept_messages"] = Case.kept_messages + 1
        _ask_to_examine(act, row)
    advance.apply(act, "message.taken" if taken else "message.kept", None, data={"message": incoming.name}, task=None)
    return Delivery(act.case.id, act.case.reference, taken, element=_taker(act) if taken else None)


def _taker(act: Act) -> str | None:
    return next((line.element for line in act.trace if line.kind == "message"), None)


def _payload(act: Act, incoming: Incoming) -> tuple[dict[str, Any], list[str]]:
    """What a message says, through the form that the procedure declares for it: the same validation as for an officer; and the effects
    that it has when it is taken.

    Invalid for a message that this procedure does not know, or whose fields are wrong.
    """
    known = [spec for spec in act.case_type.steps.values() if spec.message == incoming.name]
    if not known:
        raise Invalid({"name": "message_unknown"})
    form = next((spec.form for spec in known if spec.form), None)
    seen = SimpleNamespace(chain=[["", act.case_type.process]], item=None)
    return _read(act, seen, form, incoming.payload) if form else ({}, [])


def _read(act: Act, seen: Any, form_id: str | None, raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Typed values of a message's form, and the effects that they have."""
    form = answers.form_of(act, seen, form_id)
    values = answers.validate(act, seen, form, raw)
    field_notes.ensure(act, form, values)
    return values, effects.of(act, seen, form, values)


def _seen(unit: Unit, incoming: Incoming) -> bool:
    where = (KeptMessage.source == incoming.source, KeptMessage.source_reference == incoming.reference)
    return unit.session.scalar(select(KeptMessage.id).where(*where)) is not None


def _keep(act: Act, incoming: Incoming) -> KeptMessage:
    row = KeptMessage(
        case_id=act.case.id,
        name=incoming.name,
        key=pack(incoming.key),
        payload=pack(dict(incoming.payload)),
        source=incoming.source or act.actor.code,
        source_reference=incoming.reference or f"{act.case.reference}/{act.case.lock_version}/{incoming.name}",
        received_at=act.now,
        received_by_id=act.actor.id,
    )
    act.unit.session.add(row)
    act.unit.session.flush()
    return row


def _ask_to_examine(act: Act, row: KeptMessage) -> None:
    """Nobody awaits it: a person looks at it within a working day (domain: message catalogue, rules)."""
    role = placing.responsible_role(act.case_type)
    item = {"message": row.id, "name": row.name}
    reminders.open_companion(act, NEW_FACT, f"{NEW_FACT}:{row.id}", role=role, deadline=NEW_FACT_DEADLINE, item=item)


# ------------------------------------------------------------------ recorded by an officer
def record_answer(actor: Actor, task_id: int, data: Mapping[str, Any], key: str | None = None) -> Delivery:
    """An officer writes down the answer for which a case stands still (a task of kind "wait"), through the form of the wait."""

    def work(unit: Unit) -> Delivery:
        replay = keys.claim(unit, actor.code, key, keys.body_hash("answer", task_id, data))
        if replay is not None:
            return Delivery(**replay)
        act = locked(unit, actor, HANDLERS, task_id=task_id)
        task = reread(act, task_id)
        if task.kind != WAIT:
            raise NotFound
        if task.closed_at is not None:
            raise Conflict("task_withdrawn")
        act.capacity = policy.ensure_may_do(unit.session, actor, task, act.case_type)
        act.recorder.capacity = act.capacity
        done = _record(act, task.engine_id, task, data)
        keys.answer(unit, actor.code, key, asdict(done))
        return done

    try:
        return transaction(work, clock.now)
    except Broken as error:
        incidents.record(case_of(task_id), error)
        raise


def record_event(actor: Actor, reference: str, waiter: str, data: Mapping[str, Any], key: str | None = None) -> Delivery:
    """An officer writes down a fact that may come at any time. `waiter`: "id:element" of what awaits it."""

    def work(unit: Unit) -> Delivery:
        replay = keys.claim(unit, actor.code, key, keys.body_hash("event", reference, waiter, data))
        if replay is not None:
            return Delivery(**replay)
        done = _record(_opened(unit, actor, reference), waiter, None, data)
        keys.answer(unit, actor.code, key, asdict(done))
        return done

    return _guarded(reference, work)


def _record(act: Act, waiter: str, task: Any, data: Mapping[str, Any]) -> Delivery:
    if act.case.closed_at is not None:
        raise Conflict("case_closed")
    wait = next((one for one in awaited(act) if f"{one.id}:{one.element}" == waiter), None)
    if wait is None:
        raise Conflict("not_awaited")
    seen = task or SimpleNamespace(chain=[[link.id, link.process] for link in wait.chain], item=None)
    values, wanted = _read(act, seen, wait.extensions.get("form"), data)
    row = _keep(act, Incoming(wait.message, values))
    act.perform(runtime.deliver, Message(str(row.id), wait.message, values, waiter=wait.id))
    if str(row.id) not in act.taken:
        raise Conflict("not_awaited")
    row.taken_at = act.now
    effects.carry_out(act, wait.element, wanted)
    advance.apply(act, "message.recorded", wait.element, data={"message": wait.message})
    return Delivery(act.case.id, act.case.reference, True, element=wait.element)
