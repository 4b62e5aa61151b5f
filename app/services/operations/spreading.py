"""What an operation tells its children reaches them: one transaction a child, again and again until all have heard."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from app.db.cases import Case, KeptMessage
from app.db.operations import ChildMessage
from app.db.transaction import Unit, transaction
from app.services import advance, clock, incidents
from app.services.act import locked
from app.services.actor import SYSTEM
from app.services.errors import Broken
from app.services.handlers import HANDLERS
from app.services.operations import telling
from workflows.engine import runtime
from workflows.facts import unpack
from workflows.outcome import Message

SOURCE = "operation"


def waiting(session: Session) -> list[int]:
    """Operations with something that was not yet carried to all their children. Takes no locks."""
    return list(session.scalars(select(ChildMessage.parent_id).where(ChildMessage.done_at.is_(None)).distinct()))


def spread(parent_id: int) -> int:
    """Carries to every child what it was not yet told, in the order in which it was said; to how many. Repeated and doubled calls are
    harmless: a child remembers the last message that reached it."""
    count = 0
    for message_id, child_id in _left(parent_id):
        try:
            count += bool(transaction(partial(_carry, message_id=message_id, child_id=child_id), clock.now))
        except Broken as error:
            incidents.record(child_id, error)
            transaction(partial(_skip, message_id=message_id, child_id=child_id), clock.now)
    transaction(lambda unit: _settle(unit, parent_id), clock.now)
    return count


def _left(parent_id: int) -> list[tuple[int, int]]:
    def read(unit: Unit) -> list[tuple[int, int]]:
        said = select(ChildMessage).where(ChildMessage.parent_id == parent_id, ChildMessage.done_at.is_(None)).order_by(ChildMessage.id)
        return [(row.id, child_id) for row in unit.session.scalars(said) for child_id in unit.session.scalars(_unheard(row))]

    return transaction(read, clock.now)


def _unheard(row: ChildMessage) -> Select[int]:
    return select(Case.id).where(*telling.meant(row), Case.told_id < row.id).order_by(Case.id)


def _carry(unit: Unit, message_id: int, child_id: int) -> bool:
    act = locked(unit, SYSTEM, HANDLERS, case_id=child_id)
    if act.case.told_id >= message_id or act.case.closed_at is not None:
        return False
    said = unit.session.get_one(ChildMessage, message_id)
    own = said.each.get(str(child_id), {})
    values = unpack({**said.payload, **own})
    act.columns["told_id"] = message_id
    message = Message(f"{SOURCE}/{message_id}", said.name, values, act.case.reference)
    act.perform(runtime.deliver, message)
    taken = message.id in act.taken
    if not taken:  # a child that is not so far yet: offered again at each of its acts
        act.unit.session.add(
            KeptMessage(
                case_id=child_id,
                name=said.name,
                key=act.case.reference,
                payload={**said.payload, **own},
                source=SOURCE,
                source_reference=f"{message_id}/{child_id}",
                received_at=act.now,
            )
        )
        act.columns["kept_messages"] = Case.kept_messages + 1
    advance.apply(act, "operation.heard" if taken else "operation.ignored", None, data={"message": said.name})
    return taken


def _skip(unit: Unit, message_id: int, child_id: int) -> None:
    unit.session.execute(update(Case).where(Case.id == child_id, Case.told_id < message_id).values(told_id=message_id))


def _settle(unit: Unit, parent_id: int) -> None:
    for row in unit.session.scalars(select(ChildMessage).where(ChildMessage.parent_id == parent_id, ChildMessage.done_at.is_(None))):
        if unit.session.scalar(_unheard(row).limit(1)) is None:
            row.done_at = unit.now
