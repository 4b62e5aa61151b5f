"""The end of a budget year: what is committed and not paid, and what somebody decided about each commitment."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for

from app.extensions import db
from app.services import budget, year_end
from app.services.errors import Invalid
from app.web import access, filters
from app.web.language import say
from app.web.reader import me
from app.web.refusals import field_errors

blueprint = Blueprint("year_end", __name__, url_prefix="/budget/fin-exercice")


@blueprint.get("/<int:year>/")
@access.signed_in
def index(year: int):
    """The commitments of a year that are not paid; those on which nothing was decided since the last list come first."""
    found = year_end.commitments(db.session(), me(), year, filters.now())
    waiting = [one for one in found if one.choice is None]
    told = {"waiting": waiting, "decided": [one for one in found if one.choice is not None], "choices": choices()}
    opened = year_end.listed(year, filters.now()) is not None
    return render_template("budget/year_end.html", year=year, first=year_end.first_day(year), opened=opened, **told)


@blueprint.get("/<int:year>/<code>")
@access.signed_in
def show(year: int, code: str):
    """One commitment."""
    return _page(year, code)


@blueprint.post("/<int:year>/<code>")
@access.signed_in
def decide(year: int, code: str):
    """What becomes of it."""
    given = request.form
    try:
        year_end.decide(me(), year, code, given.get("choix", ""), given.get("motif", ""), given.get("cle"))
    except Invalid as refusal:
        return _page(year, code, field_errors(refusal)), 422
    flash(say("La décision est enregistrée."), "good")
    return redirect(url_for("year_end.index", year=year), 303)


def choices() -> dict[str, tuple[str, str]]:
    """Words for what may be decided, and what each means."""
    return {
        year_end.PAY: (say("Payer"), say("L'engagement reste ; il se paie avant la fin des paiements de l'exercice.")),
        year_end.REPORT: (say("Reporter"), say("L'engagement et son crédit passent à la ligne de l'année suivante.")),
        year_end.GIVE_UP: (say("Dégager"), say("Le dossier ne peut plus le dépenser.")),
    }


def _page(year: int, code: str, errors: dict[str, str] | None = None) -> str:
    session = db.session()
    found = year_end.commitment(session, me(), year, code, filters.now())
    decides = budget.ensure(session, me()) == budget.DECIDE and year_end.listed(year, filters.now()) is not None
    told = {"errors": errors or {}, "typed": request.form, "key": request.form.get("cle") or secrets.token_urlsafe(16)}
    last = found.line.last_commitment_on
    return render_template(
        "budget/commitment.html",
        year=year,
        one=found,
        decides=decides,
        choices=choices(),
        too_late=last is not None and filters.now().date() > last,
        **told,
    )
