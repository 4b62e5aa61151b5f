"""Credits of budget lines: entered for all lines of a year at once, by hand or from a file; confirmed by somebody else."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from itsdangerous import BadData, URLSafeSerializer

from app.extensions import db
from app.services import budget, credit_acts, credit_rows
from app.services.credit_rows import Row
from app.services.errors import Conflict, Forbidden, Invalid
from app.services.operations import tables
from app.web import access, filters, sheets
from app.web.amounts import typed_amount
from app.web.language import chosen, say
from app.web.reader import me
from app.web.refusals import field_errors, message_text

blueprint = Blueprint("credits", __name__, url_prefix="/budget/credits")
AMOUNT = "credits."
"""Before the code of a line in the name of its field."""
READ = "lu"
"""Rows of a file that was read, kept in the form while something beside it is wrong: signed, since they were looked at already."""


@blueprint.get("/")
@access.signed_in
def index():
    """The acts, those that wait first."""
    session = db.session()
    acts = credit_acts.acts(session, me())
    enters, year = credit_acts.may_enter(session, me()), _year(request.args.get("annee", ""))
    return render_template("budget/credits.html", acts=acts, enters=enters, year=year, kinds=kinds(), states=states())


@blueprint.get("/nouveau")
@access.signed_in
def new():
    """Where an act is entered."""
    return _form(_year(request.args.get("annee", "")))


@blueprint.get("/lignes-<int:year>.csv")
@access.signed_in
def template(year: int):
    """The known lines, to be filled in with the credits of a year."""
    rows = credit_acts.template(db.session(), me(), year)
    return sheets.answer(f"credits-{year}", credit_rows.heads(), rows, "csv")


@blueprint.post("/nouveau")
@access.signed_in
def propose():
    """The act is kept, to be confirmed."""
    given, year = request.form, _year(request.form.get("annee", ""))
    try:
        rows = _rows(year)
        number = credit_acts.propose(me(), year, given.get("nature", ""), given.get("reference", ""), rows, given.get("cle"))
    except Invalid as refusal:
        return _form(year, refusal), 422
    flash(say("L'acte est entré ; il attend sa confirmation."), "good")
    return redirect(url_for("credits.show", number=number), 303)


@blueprint.get("/<int:number>")
@access.signed_in
def show(number: int):
    """An act, line by line."""
    return _act(number)


@blueprint.post("/<int:number>")
@access.signed_in
def decide(number: int):
    """Confirmed, or refused."""
    confirm = request.form.get("choix") == "confirmer"
    try:
        credit_acts.decide(me(), number, confirm=confirm, decision=request.form.get("decision", ""))
    except Invalid as refusal:
        return _act(number, field_errors(refusal)), 422
    except (Conflict, Forbidden) as refusal:
        flash(refusal.sentence(chosen()), "warning")
    else:
        flash(say("Les crédits sont enregistrés.") if confirm else say("L'acte est refusé."), "good")
    return redirect(url_for("credits.show", number=number), 303)


def kinds() -> dict[str, str]:
    """Words for what an act does."""
    return {
        credit_acts.OPENING: say("Ouverture des crédits de l'exercice"),
        credit_acts.SUPPLEMENT: say("Crédits supplémentaires"),
        credit_acts.CUT: say("Annulation de crédits"),
    }


def states() -> dict[str, str]:
    """Words for what became of an act."""
    return {
        credit_acts.PROPOSED: say("à confirmer"),
        credit_acts.CONFIRMED: say("confirmé"),
        credit_acts.REFUSED: say("refusé"),
    }


def _year(typed: str) -> int:
    """The year that the page is about: this one, unless the next was asked for."""
    this, after = credit_acts.years(filters.now())
    return after if typed == str(after) else this


def _rows(year: int) -> list[Row]:
    """What was sent: a file, one that was read before, else the amounts beside the lines."""
    file = request.files.get("fichier")
    if file is not None and file.filename:
        g.credit_rows = credit_acts.read(db.session(), me(), year, file.read(tables.MOST_BYTES + 1))
        return g.credit_rows
    if before := _read_before(request.form.get(READ, ""), year):
        g.credit_rows = before
        return before
    typed = {name.removeprefix(AMOUNT): text for name, text in request.form.items() if name.startswith(AMOUNT) and text.strip()}
    amounts = {code: typed_amount(text) for code, text in typed.items()}
    wrong = {f"{AMOUNT}{code}": "move_amount" for code, amount in amounts.items() if not amount}
    if wrong:
        raise Invalid(wrong)
    return [Row(code, amount) for code, amount in amounts.items() if amount]


def _signer(year: int) -> URLSafeSerializer:
    return URLSafeSerializer(current_app.secret_key or "", salt=f"credits-{year}-{me().id}")


def _read_before(text: str, year: int) -> list[Row]:
    """Rows that the form kept; none when it is another's, another year's or was changed."""
    try:
        return [credit_rows.kept(entry) for entry in _signer(year).loads(text)]
    except BadData:
        return []


def _form(year: int, refusal: Invalid | None = None) -> str:
    session = db.session()
    budget.ensure(session, me(), budget.ENTER)
    errors = {name: told if isinstance(told, list) else message_text(told) for name, told in (refusal.errors if refusal else {}).items()}
    given: dict[str, Any] = {"lines": credit_acts.known_lines(session, year).values(), "years": credit_acts.years(filters.now())}
    nature = request.form.get("nature", request.args.get("nature", credit_acts.OPENING))
    told = {"errors": errors, "typed": request.form, "key": request.form.get("cle") or secrets.token_urlsafe(16)}
    read = g.get("credit_rows") if "lignes" not in errors else None
    kept = {"read": len(read), "kept": _signer(year).dumps([row.plain() for row in read])} if read else {}
    return render_template("budget/credit_form.html", year=year, kinds=kinds(), nature=nature, **given, **told, **kept)


def _act(number: int, errors: dict[str, str] | None = None) -> str:
    session = db.session()
    act, changes = credit_acts.act_of(session, me(), number)
    may = budget.ensure(session, me()) == budget.DECIDE and act.state == credit_acts.PROPOSED
    words = {"kinds": kinds(), "states": states(), "errors": errors or {}, "typed": request.form}
    return render_template("budget/credit_act.html", act=act, changes=changes, decides=may, **words)
