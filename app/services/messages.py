"""Messages from outside: delivered to who awaits them, else kept and offered again at every act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from app.db.cases import Case
from app.db.tasks import WAIT
from app.db.transaction import Unit, transaction
from app.extensions import db
from app.services import advance, clock, effects, incidents, keys, matching, policy, receiving
from app.services.act import Act, locked
from app.services.actor import Actor
from app.services.errors import Broken, Conflict, NotFound
from app.services.handlers import HANDLERS
from app.services.receiving import Delivery, Incoming
from app.services.tasks import case_of, reread
from workflows.engine import runtime
from workflows.outcome import Awaited, Message

__all__ = ["Delivery", "Incoming", "awaited", "deliver", "record_answer", "record_event"]


def awaited(act: Act) -> list[Awaited]:
    """Everything a case would take now: what it stands still for, and facts that may come at any time."""
    seen = runtime.look(act.case_type.definition, act.state or b"", act.facts, act.now, **act.surroundings)
    return list(seen.awaited)


def deliver(actor: Actor, reference: str, incoming: Incoming, key: str | None = None) -> Delivery:
    """Delivers a message by its correlation value; kept when nobody awaits it, with a task for the person in charge. A message
    whose case is unknown, or not for whoever sends it, opens a case of its own, in which a person says where it belongs.

    Raises NotFound (who may send none), Forbidden, Invalid, Broken.
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
        case_id = db.session.scalar(select(Case.id).where(Case.reference == reference))
        if case_id is not None:
            incidents.record(case_id, error)
        raise


def _opened(unit: Unit, actor: Actor, reference: str) -> Act:
    act = locked(unit, actor, HANDLERS, case_id=select(Case.id).where(Case.reference == reference).scalar_subquery())
    act.capacity = policy.Capacity(None) if actor.is_system else policy.ensure_may_work(unit.session, actor, act.case, act.case_type)
    act.recorder.capacity = act.capacity
    return act


def _deliver(unit: Unit, actor: Actor, reference: str, incoming: Incoming) -> Delivery:
    try:
        act = _opened(unit, actor, reference)
    except NotFound:
        return matching.keep_apart(unit, actor, reference, incoming, HANDLERS)
    if receiving.came_before(unit, incoming):
        return Delivery(act.case.id, act.case.reference, False, duplicate=True)
    values, wanted = receiving.typed(act, incoming.name, incoming.payload)
    row = receiving.keep(act, replace(incoming, payload=values))
    closed = act.case.closed_at is not None
    element = receiving.offer(act, row, wanted)
    taken = element is not None
    said = {"message": incoming.name, **({"closed": True} if closed else {})}
    advance.apply(act, "message.taken" if taken else "message.kept", None, data=said)
    return Delivery(act.case.id, act.case.reference, taken, element=element)


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
    values, wanted = receiving.read(act, seen, wait.extensions.get("form"), data)
    row = receiving.keep(act, Incoming(wait.message, values))
    act.perform(runtime.deliver, Message(str(row.id), wait.message, values, waiter=wait.id))
    if str(row.id) not in act.taken:
        raise Conflict("not_awaited")
    row.taken_at = act.now
    effects.carry_out(act, wait.element, wanted)
    advance.apply(act, "message.recorded", wait.element, data={"message": wait.message})
    return Delivery(act.case.id, act.case.reference, True, element=wait.element)
