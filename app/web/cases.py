"""The case file: its list, its header, its parts."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for

from app.extensions import db
from app.services import case_file, case_list, notes, readings, rights
from app.services.errors import Invalid
from app.web import access, case_frame, case_pages, case_walk, names
from app.web.language import safe_next, say
from app.web.reader import me
from app.web.refusals import field_errors

blueprint = Blueprint("cases", __name__)


@blueprint.get("/dossiers/")
@access.signed_in
def index():
    """The cases that exist for me."""
    after = request.args.get("after", "")
    page = case_list.page(db.session(), me(), case_walk.filters_of(request.args), int(after) if after.isdecimal() else None)
    kept = {name: request.args[name] for name in ("type", "post", "status", "state") if request.args.get(name)}
    return render_template(
        "cases/index.html",
        page=page,
        kept=kept,
        walk=case_walk.along(case_walk.CASES),
        types=names.case_types(),
        posts=names.post_choices(),
        statuses=case_frame.statuses(),
        may_export=rights.has(me(), rights.EXPORT, names.case_types()),
    )


@blueprint.get("/cases/<int:case_id>")
@access.signed_in
def by_number(case_id: int):
    """The address that mails give."""
    return redirect(url_for("cases.show", reference=case_file.find_by_id(db.session(), me(), case_id).case.reference))


@blueprint.get("/dossiers/<reference>")
@access.signed_in
def show(reference: str):
    """The summary: where the case stands in plain words; its money, for whoever sees only that."""
    return case_frame.page(reference, None)


@blueprint.get("/dossiers/<reference>/parcours")
@access.signed_in
def path(reference: str):
    """The procedure drawn and as a list, with the place of the case on it."""
    return case_frame.page(reference, "parcours")


@blueprint.get("/dossiers/<reference>/<part>")
@access.signed_in
def part(reference: str, part: str):
    """One part of the file."""
    if part not in case_pages.PARTS:
        abort(404)
    return case_frame.page(reference, part)


@blueprint.post("/dossiers/<reference>/motif")
@access.signed_in
def give_reason(reference: str):
    """Why a very restricted case is opened: written down before anything is shown."""
    file = case_file.find(db.session(), me(), reference)
    reason = request.form.get("reason", "").strip()[:500]
    if not reason:
        return case_frame.ask_reason(file, say("Écrivez le motif.")), 422
    readings.record(me(), file.case, "case", "role", reason)
    return redirect(safe_next(request.form.get("next")) or url_for("cases.show", reference=reference), 303)


@blueprint.post("/dossiers/<reference>/notes")
@access.signed_in
def add_note(reference: str):
    """A note more."""
    file = case_file.find(db.session(), me(), reference)
    try:
        notes.write(me(), file.case.id, request.form.get("body", ""), request.form.get("cle"))
    except Invalid as refusal:
        return case_frame.page(reference, "notes", errors=field_errors(refusal), typed=request.form.get("body", "")), 422
    flash(say("La note est gardée."), "good")
    return redirect(url_for("cases.part", reference=reference, part="notes"), 303)
