"""Tasks over JSON: list mine, read one with its form, claim, complete."""

from __future__ import annotations

import json
from typing import Any

from flask import current_app, request
from flask_smorest import Blueprint

from app.api import answers, edge, schemas
from app.api.cases import _time
from app.api.tokens import caller, idempotency_key, with_token
from app.extensions import db
from app.services import assignment, clock, documents, inbox, step_view, tasks
from workflows.facts import pack

blueprint = Blueprint("api_tasks", __name__, description="Tasks")


@blueprint.get("/tasks")
@with_token
@blueprint.arguments(schemas.ListIn, location="query")
@blueprint.response(200, answers.ListOut)
def listed(data: dict[str, Any]) -> Any:
    """A page of one of my lists, by deadline; `after` gives the next page."""
    filters = inbox.Filters(data["type"], data["post"], data["country"], data["due"], data["text"])
    page = inbox.page(db.session(), caller(), data["tab"], filters, data["after"], clock.now())
    return {"tasks": [_row(row) for row in page.rows], "after": page.after, "counts": dict(page.counts)}


def _row(row: Any) -> dict[str, Any]:
    return {
        "task": row.id,
        "step": row.step,
        "title": row.title,
        "kind": row.kind,
        "case": row.reference,
        "type": row.case_type,
        "role": row.role,
        "post": row.post_code,
        "priority": row.priority,
        "due_at": _time(row.due_at),
        "assigned": row.assignee_id is not None,
    }


@blueprint.get("/tasks/<int:task_id>")
@with_token
@blueprint.response(200, answers.TaskOut)
def read(task_id: int) -> Any:
    """A task with its form (form-js), what its expressions know, and whether I may complete it."""
    view = step_view.open_step(db.session(), caller(), task_id, clock.now())
    room, file = view.room, view.file
    form = room.form
    return {
        "task": view.task.id,
        "step": view.task.step,
        "title": view.task.title,
        "case": file.case.reference,
        "due_at": _time(view.task.due_at),
        "closed_at": _time(view.task.closed_at),
        "may_complete": view.refusal is None,
        "why_not": view.refusal.sentence(caller().language) if view.refusal else None,
        "form": _source(file.case_type, form.id) if form else None,
        "proposed": room.proposed(clock.now()),
        "known": {name: pack(value) for name, value in room.facts.items() if name != "reglages"} if file.whole else {},
        "draft": view.draft.raw if view.draft else None,
    }


def _source(case_type: Any, form_id: str) -> Any:
    """The form-js file of a form."""
    for path, content in case_type.files.items():
        if path.endswith(".form"):
            document = json.loads(content)
            if document.get("id") == form_id:
                return document
    return None


@blueprint.post("/tasks/<int:task_id>/claim")
@with_token
@blueprint.response(204)
def claim(task_id: int) -> Any:
    """Take a task of my team."""
    assignment.claim(caller(), task_id)


@blueprint.post("/tasks/<int:task_id>/documents")
@with_token
@blueprint.arguments(schemas.DocumentIn, location="query")
@blueprint.doc(requestBody={"required": True, "content": {one: {} for one in documents.MEDIA}})
@blueprint.response(201, answers.DocumentOut)
@edge.takes_file(*documents.MEDIA, heaviest=documents.LARGEST)
def add_document(data: dict[str, Any], task_id: int) -> Any:
    """Keep a file (the body of the request) with the case of a task; answers of its form name it by the code that comes back."""
    case_id = step_view.open_step(db.session(), caller(), task_id, clock.now()).task.case_id
    kept_in = documents.Store(current_app.config["JATIGI"].documents)
    row = documents.receive(caller(), kept_in, case_id, request.stream, data["name"], task_id=task_id, field=data["field"])
    return {"document": row.code, "name": row.name, "size": row.size, "sha256": row.digest}


@blueprint.post("/tasks/<int:task_id>/complete")
@with_token
@blueprint.arguments(schemas.AnswersIn)
@blueprint.response(200, schemas.DoneOut)
def complete(data: dict[str, Any], task_id: int) -> Any:
    """Complete a task with the answers of its form. Send `Idempotency-Key`: the same key again answers the same."""
    return tasks.complete_task(caller(), task_id, data["answers"], idempotency_key())
