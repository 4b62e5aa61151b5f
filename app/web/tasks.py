"""A task: its form, its draft, taking it, giving it back, handing it over, completing it."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from app.extensions import db
from app.services import assignment, letter_drafts, messages, notes, readings, step_view
from app.services import tasks as task_service
from app.services.errors import Conflict, Invalid, NotFound, Refusal
from app.services.step_view import StepView
from app.web import access, bulk, case_frame, errors, filters, task_page, undo
from app.web.filters import now
from app.web.language import say
from app.web.reader import me
from app.web.refusals import message_text, sentence

blueprint = Blueprint("tasks", __name__, url_prefix="/taches")


@blueprint.get("/<int:task_id>")
@access.signed_in
def show(task_id: int):
    """The task with its form as it was left."""
    view = step_view.open_step(db.session(), me(), task_id, now())
    if not readings.reason_given(db.session(), me(), view.file.case):
        return case_frame.ask_reason(view.file)
    page = task_page.render(view)
    readings.record(me(), view.file.case, "task", "task" if view.refusal is None else "role")
    if view.new:
        step_view.note_seen(me(), task_id)
    return page


@blueprint.post("/<int:task_id>")
@access.signed_in
def act(task_id: int):
    """What the form was sent for: one of its own buttons, the draft, or the completion."""
    view = step_view.open_step(db.session(), me(), task_id, now())
    posted = task_page.read(view)
    if posted.received:  # each file is an act of its own: what was read before it is read again
        view = _again(task_id)
    if posted.problems:
        return task_page.render(view, raw=posted.raw, problems=posted.problems), 422
    if posted.action == "creer":
        return task_page.leave_to_create(view, posted)
    if posted.action:
        return task_page.render(view, raw=posted.raw)
    if request.form.get("brouillon"):
        assignment.save_draft(me(), task_id, posted.raw)
        flash(say("Brouillon enregistré."), "good")
        return redirect(task_page.address(task_id), 303)
    return _complete(view, posted.raw)


def _complete(view: StepView, raw: dict[str, Any]):
    task_id, key = view.task.id, request.form.get("cle") or secrets.token_urlsafe(16)
    db.session.expunge_all()  # what the next page says of the task is as it was before the act: nothing is read again
    try:
        if view.task.kind == "wait":
            done: Any = messages.record_answer(me(), task_id, raw, key)
        else:
            done = task_service.complete_task(me(), task_id, raw, key)
    except Invalid as refusal:
        return task_page.render(_again(task_id), raw=raw, errors=refusal.errors, key=key), 422
    except Conflict as refusal:
        return task_page.conflict(_again(task_id), raw, sentence(refusal)), 409
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        return task_page.render(_again(task_id), raw=raw, refusal=sentence(refusal)), refusal.status
    return task_page.after(view, done)


def _again(task_id: int) -> StepView:
    db.session.rollback()
    return step_view.open_step(db.session(), me(), task_id, now())


@blueprint.post("/<int:task_id>/brouillon")
@access.signed_in
def draft(task_id: int):
    """The draft as the script saves it; answered with the line to show."""
    view = step_view.open_step(db.session(), me(), task_id, now())
    assignment.save_draft(me(), task_id, task_page.read(view, files=False).raw)
    return {"text": task_page.saved_line(now())}


@blueprint.post("/<int:task_id>/fichier")
@access.signed_in
def upload(task_id: int):
    """One file as the script sends it while the form is being filled in; answered with the code that stands for it."""
    view = step_view.open_step(db.session(), me(), task_id, now())
    file = request.files.get("fichier")
    if file is None or not file.filename:
        return errors.problem(422, say("Choisissez un fichier."))
    try:
        row = task_page.receive(view, request.form.get("champ", ""), file)
    except Invalid as refusal:
        return errors.problem(422, message_text(next(iter(refusal.errors.values()))))
    return {"code": row.code, "text": say("Reçu, %(size)s", size=filters.size(row.size))}


@blueprint.post("/<int:task_id>/lettre")
@access.signed_in
def letter(task_id: int):
    """A letter that may leave once the task is done, as a draft with what is typed; what is typed is kept."""
    view = step_view.open_step(db.session(), me(), task_id, now())
    if not task_page.editable(view):
        raise NotFound
    process, _, element = request.form.get("lettre", "").partition(" ")
    raw = task_page.read(view, files=False).raw
    content = letter_drafts.draft(view, process, element, task_page.values(view, raw), now())
    name = f"projet-{view.file.case.reference}.pdf"
    readings.record(me(), view.file.case, "task", "task")
    assignment.save_draft(me(), task_id, raw)
    answer = Response(content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=name)
    return answer


@blueprint.post("/<int:task_id>/prendre")
@access.signed_in
def take(task_id: int):
    """Mine from now on."""
    assignment.claim(me(), task_id)
    undo.offer([task_id])
    return redirect(task_page.address(task_id), 303)


@blueprint.post("/<int:task_id>/rendre")
@access.signed_in
def give_back(task_id: int):
    """The team's again; what was typed stays as a draft."""
    assignment.release(me(), task_id)
    undo.offer([task_id])
    flash(say("La tâche est rendue à l'équipe."), "good")
    return redirect(url_for("tasks.show", task_id=task_id), 303)


@blueprint.get("/<int:task_id>/confier")
@access.signed_in
def choose_hand(task_id: int):
    """To whom the task may be handed."""
    return bulk.choose_hand_page([task_id])


@blueprint.post("/<int:task_id>/confier")
@access.signed_in
def hand_over(task_id: int):
    """Handed over to somebody who may do it."""
    try:
        assignment.assign(me(), task_id, request.form.get("to", ""))
    except Invalid as refusal:
        return bulk.choose_hand_page([task_id], message_text(next(iter(refusal.errors.values())))), 422
    undo.offer([task_id])
    flash(say("La tâche est confiée."), "good")
    return redirect(url_for("tasks.show", task_id=task_id), 303)


@blueprint.post("/<int:task_id>/note")
@access.signed_in
def keep_as_note(task_id: int):
    """What was typed too late becomes a note on the case."""
    view = step_view.open_step(db.session(), me(), task_id, now())
    notes.write(me(), view.task.case_id, request.form.get("body", ""), request.form.get("cle"))
    flash(say("Votre saisie est gardée dans les notes du dossier."), "good")
    return redirect(url_for("cases.part", reference=view.file.case.reference, part="notes"), 303)
