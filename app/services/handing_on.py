"""A message whose step is over, given to the step that is open now (domain: message catalogue, rules)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select

from app.db.cases import KeptMessage
from app.db.outbox import Notification
from app.db.tasks import STEP, Note, Task
from app.services import notices
from app.services.act import Act
from workflows.catalog import CaseType
from workflows.facts import unpack
from workflows.forms.fields import Field


def hand_on(act: Act, message: KeptMessage) -> int:
    """What the message says becomes a note of the case, and whoever does a step that is open now is told; the number of the note.

    It stays kept: what awaits one like it later is still offered it.
    """
    title, said = in_words(act.case_type, message.name, {name: unpack(value) for name, value in message.payload.items()})
    note = Note(case_id=act.case.id, author_id=act.actor.id, written_at=act.now, body="\n".join([title, *said])[: Note.LONGEST])
    act.unit.session.add(note)
    act.unit.session.flush()
    query = select(Task.role, Task.post_code, Task.assignee_id, Task.title)
    open_now = act.unit.session.execute(query.where(Task.case_id == act.case.id, Task.closed_at.is_(None), Task.kind == STEP)).all()
    told = [_notice(act, task, title) for task in open_now]
    if told:
        act.unit.session.execute(insert(Notification), told)
    return note.id


def _notice(act: Act, task: Any, title: str) -> dict[str, Any]:
    known = {"message": title, "task": task.title}
    if task.assignee_id is not None:
        return notices.row(act, "message_added", user_id=task.assignee_id, **known)
    return notices.row(act, "message_added", role=task.role, place=task.post_code, **known)


def in_words(case_type: CaseType | None, name: str, payload: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The name of a message and what it says, a line a field; in the words of a procedure that knows it."""
    spec = case_type.messages.get(name) if case_type else None
    fields = _fields(case_type, name) if case_type else {}
    said = [_line(fields.get(key), key, value) for key, value in payload.items() if value not in (None, "", [])]
    return (spec.title["fr"] if spec else name), said


def _fields(case_type: CaseType, name: str) -> dict[str, Field]:
    forms = (case_type.forms.get(step.form) for step in case_type.steps.values() if step.message == name and step.form)
    return {field.key: field for form in forms if form is not None for field in form.fields}


def _line(field: Field | None, name: str, value: Any) -> str:
    known = {option.value: option.label for option in field.options} if field else {}
    said = ", ".join(_word(one, known) for one in (value if isinstance(value, list) else [value]))
    return f"{field.label if field else name} : {said}"


def _word(value: Any, known: dict[str, str]) -> str:
    return ("Oui" if value else "Non") if isinstance(value, bool) else known.get(str(value), str(value))
