"""Recording a fact that may come at any time: a change of mind, a late offer, an order of a judge."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from app.extensions import db
from app.services import case_file, events_view, messages
from app.services import suspension as suspension_service
from app.services.case_file import CaseFile
from app.services.errors import Conflict, Invalid
from app.web import access, filters, forms, registers, task_page
from app.web.filters import now
from app.web.language import chosen, say
from app.web.reader import me
from app.web.refusals import field_errors

blueprint = Blueprint("events", __name__, url_prefix="/dossiers")
OURS = frozenset({"cle", "terminer", "quoi"})


@blueprint.get("/<reference>/faits")
@access.signed_in
def choose(reference: str):
    """What may be recorded now, or the form of the one that was chosen."""
    file = case_file.find(db.session(), me(), reference)
    waits = events_view.expected(db.session(), me(), file, now())
    wanted = request.args.get("quoi", "")
    wait = next((one for one in waits if events_view.key(one) == wanted), None)
    if wait is None:
        lines = [(events_view.key(one), _title(file, one)) for one in waits]
        return render_template("events/choose.html", case=file.case, lines=lines)
    return _form(file, wait, {})


@blueprint.post("/<reference>/faits")
@access.signed_in
def record(reference: str):
    """Record it; the procedure takes it at once."""
    file = case_file.find(db.session(), me(), reference)
    wanted = request.form.get("quoi", "")
    wait = next((one for one in events_view.expected(db.session(), me(), file, now()) if events_view.key(one) == wanted), None)
    if wait is None:
        raise Conflict("not_awaited")
    form = events_view.room(db.session(), file, wait, now()).form
    submitted = forms.read(form, request.form, ours=OURS) if form else forms.Submitted({})
    raw = forms.press(form, submitted) if form else {}
    if submitted.action:
        return _form(file, wait, raw)
    title = _title(file, wait)
    try:
        messages.record_event(me(), reference, wanted, raw, request.form.get("cle"))
    except Invalid as refusal:
        db.session.rollback()
        return _form(case_file.find(db.session(), me(), reference), wait, raw, refusal.errors), 422
    flash(say("« %(what)s » est enregistré.", what=title), "good")
    return redirect(url_for("cases.show", reference=reference), 303)


@blueprint.get("/<reference>/suspension")
@access.signed_in
def suspension(reference: str):
    """Suspend the case with a reason, or resume it."""
    file = case_file.find(db.session(), me(), reference)
    case_file.ensure_whole(file)
    return render_template("events/suspension.html", case=file.case, errors={}, typed="")


@blueprint.post("/<reference>/suspension")
@access.signed_in
def suspend(reference: str):
    """Deadlines in working days stand still, or go on; who may, the service says."""
    file = case_file.find(db.session(), me(), reference)
    case_file.ensure_whole(file)
    case_id, suspended = file.case.id, file.case.suspended_at is not None
    reason = request.form.get("reason", "")
    try:
        if suspended:
            suspension_service.resume(me(), case_id)
        else:
            suspension_service.suspend(me(), case_id, reason)
    except Invalid as refusal:
        db.session.rollback()
        file = case_file.find(db.session(), me(), reference)
        return render_template("events/suspension.html", case=file.case, errors=field_errors(refusal), typed=reason), 422
    flash(say("Le dossier est repris.") if suspended else say("Le dossier est suspendu."), "good")
    return redirect(url_for("cases.show", reference=reference), 303)


def _title(file: CaseFile, wait: Any) -> str:
    return filters.typo(file.case_type.text(wait.title, chosen(), f"{wait.process}.{wait.element}"))


def _form(file: CaseFile, wait: Any, raw: Mapping[str, Any], errors: Mapping[str, Any] | None = None) -> str:
    room = events_view.room(db.session(), file, wait, now())
    context = registers.context_of(room)
    return render_template(
        "events/form.html",
        case=file.case,
        title=_title(file, wait),
        what=events_view.key(wait),
        form=forms.view(room.form, raw, context, task_page.messages(errors)) if room.form else None,
        key=request.form.get("cle") or secrets.token_urlsafe(16),
    )
