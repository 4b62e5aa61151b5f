"""The Treasury's export: sent in, looked at, confirmed; then the differences, one after the other."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for

from app.db.treasury import PREVIEW
from app.extensions import db
from app.services import gap_tasks
from app.services import reconciliation as treasury
from app.services.errors import Conflict, Invalid
from app.services.operations import tables
from app.web import access, names, sheets
from app.web.language import chosen, say
from app.web.reader import me
from app.web.refusals import field_errors, message_text

blueprint = Blueprint("treasury", __name__, url_prefix="/budget/tresor")


@blueprint.get("/")
@access.signed_in
def index():
    """Where an export is sent in; the differences that are open; earlier exports."""
    return _page()


@blueprint.get("/modele.csv")
@access.signed_in
def template():
    """An empty export with its heading."""
    treasury.ensure(db.session(), me())
    return sheets.answer("tresor", treasury.COLUMNS, [], "csv")


@blueprint.post("/")
@access.signed_in
def send():
    """The file is read and looked at; nothing follows from it yet."""
    treasury.ensure(db.session(), me())
    file = request.files.get("fichier")
    if file is None or not file.filename:
        return _page([say("Choisissez un fichier.")]), 422
    try:
        number = treasury.send(me(), file.filename, file.read(tables.MOST_BYTES + 1))
    except Invalid as refusal:
        told = refusal.errors.get("lignes") or [message_text(refusal.errors["fichier"])]
        return _page(told if isinstance(told, list) else [str(told)]), 422
    return redirect(url_for("treasury.show", number=number), 303)


@blueprint.get("/<int:number>")
@access.signed_in
def show(number: int):
    """An export: what it would say before it is confirmed, and what was found afterwards."""
    session = db.session()
    export = treasury.export_of(session, me(), number)
    compared = treasury.compare(session, export) if export.state == PREVIEW else None
    gaps = compared.gaps if compared else treasury.gaps_of(session, export)
    agreed = compared.agreed if compared else export.agreed
    words = {"kinds": _kinds(), "results": _results(), "preview": PREVIEW}
    return render_template("budget/export.html", export=export, gaps=gaps, agreed=agreed, **words)


@blueprint.post("/<int:number>")
@access.signed_in
def settle_export(number: int):
    """Confirmed, or given up."""
    take = request.form.get("choix") == "confirmer"
    try:
        treasury.settle_export(me(), number, take=take)
    except Conflict as refusal:
        flash(refusal.sentence(chosen()), "warning")
    else:
        flash(say("Le fichier est rapproché.") if take else say("Le fichier est abandonné."), "good")
    return redirect(url_for("treasury.index"), 303)


@blueprint.get("/ecarts/<int:gap_id>")
@access.signed_in
def gap(gap_id: int):
    """One difference, and what somebody found about it."""
    return _gap(gap_id)


@blueprint.post("/ecarts/<int:gap_id>")
@access.signed_in
def settle(gap_id: int):
    """What was found, or done."""
    try:
        treasury.settle(me(), gap_id, request.form.get("resultat", ""), request.form.get("observations", ""))
    except Invalid as refusal:
        return _gap(gap_id, field_errors(refusal)), 422
    except Conflict as refusal:
        flash(refusal.sentence(chosen()), "warning")
    else:
        flash(say("L'écart est noté."), "good")
    return redirect(url_for("treasury.index"), 303)


def _page(errors: list[str] | None = None) -> str:
    session = db.session()
    gaps, exports = treasury.open_gaps(session, me()), treasury.exports(session, me())
    return render_template("budget/treasury.html", gaps=gaps, exports=exports, errors=errors or [], kinds=_kinds())


def _gap(gap_id: int, errors: dict[str, str] | None = None) -> str:
    found = treasury.gap_of(db.session(), me(), gap_id)
    settler = names.user_name(found.settled_by_id) if found.settled_by_id else ""
    told = {"gap": found, "task": gap_tasks.task_of(db.session(), gap_id), "settler": settler, "typed": request.form}
    return render_template("budget/gap.html", kinds=_kinds(), results=_results(), errors=errors or {}, **told)


def _kinds() -> dict[str, str]:
    return {
        treasury.UNKNOWN: say("Mandat inconnu ici"),
        treasury.OTHER_AMOUNT: say("Autre montant"),
        treasury.NOT_REJECTED: say("Rejeté par le Trésor, pas ici"),
        treasury.NOT_PAID: say("Payé par le Trésor, pas ici"),
        treasury.MISSING: say("Payé ici, absent du fichier"),
    }


def _results() -> dict[str, str]:
    return {
        treasury.EXPLAINED: say("Écart expliqué"),
        treasury.CORRECTED: say("Écart corrigé"),
        treasury.OPEN: say("Écart à poursuivre"),
    }
