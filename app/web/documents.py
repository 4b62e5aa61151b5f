"""Documents: given back as attachments, added beside a step, verified."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for

from app.extensions import db
from app.services import case_file, documents, letters_leaving, readings
from app.services.errors import Invalid
from app.web import access, task_page
from app.web.language import say
from app.web.reader import me
from app.web.refusals import message_text

blueprint = Blueprint("documents", __name__)
PARTS_AT_ONCE = 20


@blueprint.get("/pieces/<code>")
@access.signed_in
def download(code: str):
    """The content as a file to keep: never shown inside a page of ours, never guessed at by the browser. A letter that we made opens."""
    row, file = documents.find(db.session(), me(), code)
    if not readings.reason_given(db.session(), me(), file.case):
        return redirect(url_for("cases.show", reference=file.case.reference))
    name, media, size, digest, ours = row.name, row.media_type, row.size, row.digest, row.field == letters_leaving.FIELD
    readings.record(me(), file.case, f"document:{code}", "role")
    answer = Response(documents.chunks(task_page.store().open(digest)), mimetype=media)
    answer.headers.set("Content-Disposition", "inline" if ours else "attachment", filename=name)
    answer.headers["Content-Length"] = str(size)
    if not ours:
        answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@blueprint.post("/dossiers/<reference>/pieces")
@access.signed_in
def add(reference: str):
    """Files given to a case beside any step, one by one: a bad one does not stop the others."""
    file = case_file.find(db.session(), me(), reference)
    case_id = file.case.id
    for upload in request.files.getlist("fichier")[:PARTS_AT_ONCE]:
        if not upload.filename:
            continue
        try:
            row = documents.receive(me(), task_page.store(), case_id, upload.stream, upload.filename)
        except Invalid as refusal:
            flash(message_text(next(iter(refusal.errors.values()))), "bad")
        else:
            flash(say("%(name)s est reçu.", name=row.name), "good")
    return redirect(url_for("cases.part", reference=reference, part="pieces"), 303)


@blueprint.post("/pieces/<code>/verification")
@access.signed_in
def verify(code: str):
    """Somebody compared it with the original."""
    row, file = documents.find(db.session(), me(), code)
    reference = file.case.reference
    try:
        documents.verify(me(), row.code, request.form.get("good") == "yes", request.form.get("doubt", ""))
    except Invalid as refusal:
        flash(message_text(next(iter(refusal.errors.values()))), "bad")
    return redirect(url_for("cases.part", reference=reference, part="pieces"), 303)
