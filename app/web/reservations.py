"""A reservation of a case that is held for longer."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for

from app.extensions import db
from app.services import case_file, money_view
from app.services.case_file import CaseFile
from app.services.errors import Invalid, NotFound
from app.services.funding import renewal
from app.services.money_view import Request
from app.web import access, filters
from app.web.language import say
from app.web.reader import me
from app.web.refusals import field_errors

blueprint = Blueprint("reservations", __name__, url_prefix="/dossiers")


@blueprint.get("/<reference>/argent/<code>/prolongation")
@access.signed_in
def show(reference: str, code: str):
    """What is held, until when, and why it should be for longer."""
    file = case_file.find(db.session(), me(), reference)
    return _page(file, _asked(file, code))


@blueprint.post("/<reference>/argent/<code>/prolongation")
@access.signed_in
def renew(reference: str, code: str):
    """Hold it for its whole time again; who may, the service says."""
    reason = request.form.get("reason", "")
    try:
        until = renewal.renew(me(), reference, code, reason)
    except Invalid as refusal:
        db.session.rollback()
        file = case_file.find(db.session(), me(), reference)
        return _page(file, _asked(file, code), reason, field_errors(refusal)), 422
    flash(say("Le crédit reste réservé jusqu'au %(day)s.", day=filters.day(until)), "good")
    return redirect(url_for("cases.part", reference=reference, part="argent"), 303)


def _asked(file: CaseFile, code: str) -> Request:
    found = next((one for one in money_view.requests(db.session(), file) if one.request.code == code), None)
    if found is None or not renewal.may(db.session(), me(), found.request):
        raise NotFound
    return found


def _page(file: CaseFile, asked: Request, typed: str = "", errors: dict[str, str] | None = None) -> str:
    return render_template("cases/reservation.html", case=file.case, asked=asked, typed=typed, errors=errors or {})
