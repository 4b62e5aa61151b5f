"""Operations: the children of a case, a list of them sent in, looked at, confirmed, followed while it is written."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for

from app.extensions import db
from app.services import case_file, readings
from app.services.errors import Invalid, NotFound, Refusal
from app.services.operations import lists, naming, tables, view
from app.web import access, case_frame, sheets
from app.web.language import chosen, say
from app.web.reader import me
from app.web.refusals import message_text

blueprint = Blueprint("operations", __name__)
AT_ONCE = 100


@blueprint.get("/dossiers/<reference>/fiches/liste")
@access.signed_in
def choose(reference: str):
    """Where a list is sent in."""
    return _page(reference)


def _page(reference: str, error: str | None = None, status: int = 200):
    file = case_file.find(db.session(), me(), reference)
    case_file.ensure_whole(file)
    if file.case_type.operation is None:
        raise NotFound
    if not readings.reason_given(db.session(), me(), file.case):
        return case_frame.ask_reason(file)
    child = view.child_type(db.session(), file.case_type)
    form = child.forms[file.case_type.operation.form]
    columns = [(name, child.text(field.label, chosen(), field.context), field.required) for name, field in tables.columns(form)]
    sent = lists.of_operation(db.session(), file.case.id)
    return render_template("operations/list.html", case=file.case, columns=columns, sent=sent, error=error), status


@blueprint.get("/dossiers/<reference>/fiches/modele.csv")
@access.signed_in
def template(reference: str):
    """An empty list with its heading."""
    file = case_file.find(db.session(), me(), reference)
    case_file.ensure_whole(file)
    if file.case_type.operation is None:
        raise NotFound
    form = view.child_type(db.session(), file.case_type).forms[file.case_type.operation.form]
    heads = [tables.KEY, *tables.PERSON, *(name for name, _ in tables.columns(form))]
    return sheets.answer(file.case.reference, heads, [], "csv")


@blueprint.post("/dossiers/<reference>/fiches/liste")
@access.signed_in
def send(reference: str):
    """The file is read and looked at; nothing is written."""
    file = request.files.get("fichier")
    if file is None or not file.filename:
        return _page(reference, say("Choisissez un fichier."), 422)
    try:
        number = lists.send(me(), reference, file.filename, file.read(tables.MOST_BYTES + 1))
    except Invalid as refusal:
        return _page(reference, message_text(refusal.errors["fichier"]), 422)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(reference, refusal.sentence(chosen()), refusal.status)
    return redirect(url_for("operations.show", reference=reference, list_id=number), 303)


@blueprint.get("/dossiers/<reference>/fiches/liste/<int:list_id>")
@access.signed_in
def show(reference: str, list_id: int):
    """A list: its errors row by row before it is confirmed, how far it is written afterwards."""
    return _shown(reference, list_id)


def _shown(reference: str, list_id: int, error: str | None = None, status: int = 200):
    session = db.session()
    seen = lists.preview(session, me(), reference, list_id)
    after = request.args.get("apres", 0, type=int)
    wrong = request.args.get("lignes") == "erreurs"
    rows = lists.rows_of(session, list_id, wrong, after, AT_ONCE)
    more = rows[-1].number if len(rows) == AT_ONCE else None
    told = {"rows": rows, "people": lists.people_of(session, rows), "told": naming.told(session, me(), seen.list, rows)}
    page = render_template("operations/show.html", reference=reference, seen=seen, more=more, wrong=wrong, error=error, **told)
    return page, status


@blueprint.post("/dossiers/<reference>/fiches/liste/<int:list_id>")
@access.signed_in
def settle(reference: str, list_id: int):
    """Confirmed or given up."""
    try:
        if request.form.get("choix") == "abandonner":
            lists.drop(me(), reference, list_id)
            flash(say("La liste est abandonnée."))
            return redirect(url_for("operations.choose", reference=reference), 303)
        people = {int(name[2:]): code for name, code in request.form.items() if name.startswith("p-") and name[2:].isdigit()}
        lists.confirm(me(), reference, list_id, people)
    except Invalid as refusal:
        return _shown(reference, list_id, message_text(refusal.errors["fichier"]), 422)
    except NotFound:
        raise
    except Refusal as refusal:
        return _shown(reference, list_id, refusal.sentence(chosen()), refusal.status)
    return redirect(url_for("operations.show", reference=reference, list_id=list_id), 303)


@blueprint.post("/dossiers/<reference>/fiches")
@access.signed_in
def add(reference: str):
    """One more child, recorded alone."""
    try:
        child = lists.add_one(me(), reference)
    except NotFound:
        raise
    except Refusal as refusal:
        flash(refusal.sentence(chosen()))
        return redirect(url_for("cases.part", reference=reference, part="fiches"), 303)
    return redirect(url_for("cases.show", reference=child), 303)
