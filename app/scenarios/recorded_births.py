"""How a recorded case was born: the line that lets it be born again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.db.cases import Case, KeptMessage
from app.scenarios.family import CHILD, MESSAGE, SPAWNED
from app.scenarios.plainest import Plainest
from app.scenarios.reading import BadScenario
from app.services import versions
from app.services.history import Entry
from app.services.operations import spreading
from workflows.facts import unpack
from workflows.scenarios.vocabulary import FIRST

if TYPE_CHECKING:
    from app.scenarios.recorded import Recorded

Line = dict[str, Any]


def start(record: Recorded, entry: Entry, known: Mapping[str, Any]) -> Line | None:
    """The case is opened again, recorded in its operation, opened by a message, or taken up where a procedure opened it. BadScenario: born
    otherwise."""
    if record.member.birth == SPAWNED:
        name, code = record.member.name, record.case.case_type  # the line takes it up, so that those which follow may name it
        return {} if name == code else {"case": code, "as": name}
    if record.member.birth == CHILD:
        return _recorded_in(record, entry)
    if record.member.birth == MESSAGE:
        return _astray(record, entry)
    if entry.actor_id is None or set(entry.data) - {"type", "post", "trace", "opened", "withdrawn"}:
        raise BadScenario("ce dossier est né autrement que par quelqu’un : il ne se rejoue pas")
    record.header = _header(record, entry)
    said = record.by(entry)
    if not record.alone:
        said |= {"as": record.member.name, "type": record.case.case_type, "post": entry.data["post"], "header": record.header}
    return {"start": said}


def _header(record: Recorded, entry: Entry) -> Line:
    """What was typed into the header; where the procedure forgot at once what had to be typed, something plain."""
    form = record.case_type.header_form
    found = record.said(form, record.facts[""])
    for field in form.fields if form is not None else ():
        if field.required and field.default is None and field.key not in found:
            codes = {kind: [record.names.stranger()] for kind in ("person", "person-or-structure") if kind == field.kind}
            found[field.key] = next(Plainest(form, entry.at, codes, {}, str).values(field), None)
    return {name: value for name, value in found.items() if name != "poste_id"}


def _recorded_in(record: Recorded, entry: Entry) -> Line | None:
    """A child that was recorded alone; one of a list is told by the line of the list."""
    if record.row is not None:
        return None
    parent = record.names.cases[record.member.cause]
    return {"child": record.member.name, **record.by(entry), **({"case": parent} if parent != FIRST else {})}


def _astray(record: Recorded, entry: Entry) -> Line:
    """A message that gave the number of no case, and opened one."""
    session, name, wrong = record.session, str(entry.data["message"]), str(entry.data["to"])
    where = (KeptMessage.name == name, KeptMessage.received_at == entry.at, KeptMessage.source != spreading.SOURCE)
    row = session.scalars(select(KeptMessage).where(*where).order_by(KeptMessage.id).limit(1)).one()
    number = record.names.number(wrong)
    line = {"message": name, "to": number, **({"as": record.member.name} if record.member.name != FIRST else {})}
    key = str(unpack(row.key) or "")
    held = str(session.scalar(select(Case.reference).where(Case.id == row.case_id)))
    tail = next((key.removeprefix(start) for start in (wrong, held) if key.startswith(start)), None)
    if key:
        line["key"] = number + tail if tail is not None else record.names.text(key)
    return {**line, "with": _payload(record, row)}


def _payload(record: Recorded, row: KeptMessage) -> Line:
    """What a message said, by the form of whichever procedure knows it."""
    values = unpack(row.payload)
    types = versions.all_current(record.session).values()
    form = next((one.forms[step.form] for one in types for step in one.steps.values() if step.message == row.name and step.form), None)
    asked = {field.key: field for field in form.fields} if form is not None else {}
    return {key: record.names.fact(value, asked.get(key)) for key, value in values.items() if value not in (None, "", [])}
