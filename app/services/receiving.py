"""What a case does with a message that reached it: taken by who awaited it, else kept, with a person who looks at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from app.db.cases import Case, KeptMessage
from app.db.transaction import Unit
from app.services import answers, effects, field_notes, placing, reminders
from app.services.act import Act
from app.services.errors import Invalid
from workflows.engine import runtime
from workflows.facts import pack, unpack
from workflows.outcome import Message

NEW_FACT = "examiner_fait_nouveau"
NEW_FACT_DEADLINE = "1 jo"


@dataclass(frozen=True)
class Delivery:
    """What became of a message: taken by who awaited it, or kept in the file; when its case is not known, in a case of its own."""

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


def keep(act: Act, incoming: Incoming) -> KeptMessage:
    """The row of a message that came."""
    row = KeptMessage(
        case_id=act.case.id or None,
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


def came_before(unit: Unit, incoming: Incoming) -> bool:
    """Whether a message with this number of this sender came already."""
    where = (KeptMessage.source == incoming.source, KeptMessage.source_reference == incoming.reference)
    return bool(incoming.reference) and unit.session.scalar(select(KeptMessage.id).where(*where)) is not None


def offer(act: Act, row: KeptMessage, wanted: list[str]) -> str | None:
    """Offers a kept message, its values typed, to its case; the element that took it. When nothing did, somebody examines it.

    wanted: the effects that the message has when it is taken.
    """
    if act.case.closed_at is not None:
        ask_to_examine(act, row)
        return None
    key = unpack(row.key)
    message = Message(str(row.id), row.name, unpack(row.payload), key if key is not None else act.case.reference)
    act.perform(runtime.deliver, message)
    if message.id in act.taken:
        row.taken_at = act.now
        effects.carry_out(act, taker(act), wanted)
        return taker(act)
    act.columns["kept_messages"] = Case.kept_messages + 1
    ask_to_examine(act, row)
    return None


def taker(act: Act) -> str | None:
    """The element that took a message in this act."""
    return next((line.element for line in act.trace if line.kind == "message"), None)


def typed(act: Act, name: str, payload: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """What a message says, through the form that the procedure declares for it: the same validation as for an officer; and the effects
    that it has when it is taken.

    Invalid for a message that this procedure does not know, or whose fields are wrong.
    """
    known = [spec for spec in act.case_type.steps.values() if spec.message == name]
    if not known:
        raise Invalid({"name": "message_unknown"})
    form = next((spec.form for spec in known if spec.form), None)
    seen = SimpleNamespace(chain=[["", act.case_type.process]], item=None)
    return read(act, seen, form, payload) if form else ({}, [])


def read(act: Act, seen: Any, form_id: str | None, raw: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Typed values of a message's form, and the effects that they have."""
    form = answers.form_of(act, seen, form_id)
    values = answers.validate(act, seen, form, raw)
    field_notes.ensure(act, form, values)
    return values, effects.of(act, seen, form, values)


def ask_to_examine(act: Act, row: KeptMessage) -> None:
    """Nobody awaits it: a person looks at it within a working day (domain: message catalogue, rules)."""
    role = placing.responsible_role(act.case_type)
    item = {"message": row.id, "name": row.name}
    reminders.open_companion(act, NEW_FACT, f"{NEW_FACT}:{row.id}", role=role, deadline=NEW_FACT_DEADLINE, item=item)
