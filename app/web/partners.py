"""What partners say of the lines that they pay themselves: entered month by month, beside what the cases show."""

from __future__ import annotations

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for

from app.extensions import db
from app.services import partners
from app.services.errors import Invalid
from app.services.months import Month
from app.web import access, dates, filters
from app.web.amounts import typed_amount
from app.web.language import chosen, say
from app.web.reader import me
from app.web.refusals import field_errors

blueprint = Blueprint("partners", __name__, url_prefix="/budget/partenaires")


@blueprint.get("/<int:year>/<code>")
@access.signed_in
def show(year: int, code: str):
    """The statements about a line; where one may, another one."""
    return _page(year, code)


@blueprint.post("/<int:year>/<code>")
@access.signed_in
def enter(year: int, code: str):
    """One statement."""
    given = request.form
    amounts = [typed_amount(given.get(name, "")) for name in ("engage", "paye")]
    try:
        partners.enter(me(), year, code, given.get("mois", ""), *amounts, given.get("reference", ""), given.get("cle"))
    except Invalid as refusal:
        return _page(year, code, field_errors(refusal)), 422
    flash(say("Le relevé est enregistré."), "good")
    return redirect(url_for("partners.show", year=year, code=code), 303)


def _page(year: int, code: str, errors: dict[str, str] | None = None) -> str:
    session, now = db.session(), filters.now()
    line = partners.tracked(session, me(), year, code)
    begun = [Month(year, number) for number in range(12, 0, -1) if Month(year, number).start <= now]
    return render_template(
        "budget/partner.html",
        line=line,
        found=[(_name(one.month), one) for one in partners.of_line(session, line.row)],
        months=[(month.code, _name(month)) for month in begun],
        enters=partners.may_enter(session, me()),
        errors=errors or {},
        typed=request.form,
        key=request.form.get("cle") or secrets.token_urlsafe(16),
    )


def _name(month: Month) -> str:
    return dates.long_date(month.start.date(), chosen()).split(" ", 2)[2]
