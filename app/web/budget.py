"""Budget lines: how each stands, how it was used over the year, moving credits, the statement as a table for a spreadsheet."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from app.extensions import db
from app.services import administration, budget, credit_acts, credit_moves, imprests, leaving, reconciliation, rights, year_end
from app.services.budget import Line
from app.services.errors import Invalid
from app.web import access, credits, filters, names, sheets
from app.web.amounts import typed_amount
from app.web.language import say
from app.web.reader import me
from app.web.refusals import field_errors
from app.web.year_end import choices

blueprint = Blueprint("budget", __name__, url_prefix="/budget")


@blueprint.get("/")
@access.signed_in
def index():
    """Every line of a year on one scale each."""
    session = db.session()
    budget.ensure(session, me())
    known = budget.years(session)
    wanted = request.args.get("annee", "")
    year = int(wanted) if wanted.isdecimal() and int(wanted) in known else next((one for one in known if one <= filters.now().year), 0)
    lines = [(one, _parts(one)) for one in budget.lines(session, year)]
    compares = rights.has(me(), rights.TREASURY, names.case_types())
    waiting = imprests.to_decide(session, me())
    undecided = dict(year_end.waiting(session, me(), filters.now())).get(year, 0)
    told = {"undecided": undecided, "entered": credit_acts.waiting(session, me()), "gaps": reconciliation.waiting(session, me())}
    shown = {**told, "compares": compares, "waiting": waiting, "imprests": bool(imprests.posts(session, me()))}
    return render_template("budget/index.html", year=year, years=known, lines=lines, gone=_gone(year), **shown)


@blueprint.get("/<int:year>/<code>")
@access.signed_in
def line(year: int, code: str):
    """One line: its figures, its year, what is charged to it, what was moved."""
    return _line(year, code)


@blueprint.post("/<int:year>/<code>/<move>")
@access.signed_in
def move(year: int, code: str, move: str):
    """Credit moved, frozen, given back, or the line opened or closed."""
    given = request.form
    amount, reason, key = typed_amount(given.get("amount", "")), given.get("reason", ""), given.get("cle")
    acts: dict[str, Any] = {
        "virement": lambda: credit_moves.transfer(me(), year, code, given.get("target", ""), amount, reason, key),
        "gel": lambda: credit_moves.freeze(me(), year, code, amount, reason, key=key),
        "degel": lambda: credit_moves.freeze(me(), year, code, amount, reason, thaw=True, key=key),
        "ouverture": lambda: credit_moves.switch(me(), year, code, opened=True, reason=reason),
        "fermeture": lambda: credit_moves.switch(me(), year, code, opened=False, reason=reason),
    }
    if move not in acts:
        return _line(year, code), 404
    try:
        acts[move]()
    except Invalid as refusal:
        return _line(year, code, move, field_errors(refusal)), 422
    flash(say("Le mouvement est enregistré."), "good")
    return redirect(url_for("budget.line", year=year, code=code), 303)


@blueprint.get("/<int:year>/releve.<any(csv, xlsx):form>")
@access.signed_in
def statement(year: int, form: str):
    """The statement of a year, as a spreadsheet reads it (domain: funding §9)."""
    session = db.session()
    budget.ensure(session, me())
    rows = [_figures(one) for one in budget.lines(session, year)]
    answer = sheets.answer(f"releve-{year}-{filters.now():%Y%m%d}", _heads(), rows, form)
    leaving.note(me(), leaving.EXPORTED, f"budget/{year}", [], form)
    return answer


def _heads() -> list[str]:
    return [
        *(say("Code"), say("Ligne"), say("Ouvert"), say("Virements reçus"), say("Virements donnés"), say("Gelé"), say("Réservé")),
        *(say("Engagé"), say("Liquidé"), say("Ordonnancé"), say("Payé"), say("Disponible"), say("Engagé, %")),
    ]


def _figures(one: Line) -> list[Any]:
    row = one.row
    return [
        *(row.code, names.line_name(row), row.opened, row.received, row.given, row.frozen, one.reserved),
        *(one.committed, one.liquidated, one.ordered, one.paid, one.available, round(one.share(one.committed))),
    ]


def _line(year: int, code: str, failed: str = "", errors: dict[str, str] | None = None) -> str:
    session = db.session()
    held = budget.ensure(session, me())
    found = budget.line(session, year, code)
    months = budget.months(session, found, filters.now())
    return render_template(
        "budget/line.html",
        line=found,
        parts=_parts(found),
        rows=_rows(found),
        months=months,
        height=lambda amount: min(100.0, found.share(amount)),
        gone=_gone(year),
        charged=budget.charged(session, me(), found),
        moves=[_told(entry) for entry in administration.of_subject(session, credit_moves.subject(found.row))],
        decides=held == budget.DECIDE,
        enters=year in credit_acts.years(filters.now()) and credit_acts.may_enter(session, me()),
        others=[
            (row.code, f"{row.code}, {names.line_name(row)}")
            for row in (one.row for one in budget.lines(session, year))
            if row.code != code
        ],
        failed=failed,
        errors=errors or {},
        typed=request.form,
        key=request.form.get("cle") or secrets.token_urlsafe(16),
    )


def _parts(one: Line) -> list[tuple[str, float]]:
    return [
        *(("k-1", one.share(one.paid)), ("k-2", one.share(one.to_pay))),
        *(("k-3", one.share(one.reserved)), ("k-4", one.share(one.row.frozen))),
    ]


def _rows(one: Line) -> list[tuple[str, str, int]]:
    return [
        *(("k-1", say("Payé"), one.paid), ("k-2", say("Engagé, à payer"), one.to_pay)),
        *(("k-3", say("Réservé"), one.reserved), ("k-4", say("Gelé"), one.row.frozen)),
    ]


def _gone(year: int) -> float:
    """Per cent of the year that is over."""
    now = filters.now()
    return 100.0 if year < now.year else 100 * now.timetuple().tm_yday / 365 if year == now.year else 0.0


def _told(entry: Any) -> dict[str, Any]:
    kinds = {
        "budget.transferred": say("Virement"),
        "budget.carried": say("Report d'engagement"),
        "partner.stated": say("Relevé du partenaire"),
        "budget.frozen": say("Gel"),
        "budget.thawed": say("Dégel"),
        "budget.opened": say("Ouverture"),
        "budget.closed": say("Fermeture"),
    }
    data = administration.data_of(entry)
    chosen = choices().get(data.get("choice", ""))
    kinds[credit_acts.CREDITED] = credits.kinds().get(data.get("credits", ""), "")
    kinds["commitment.decided"] = say("Fin d'exercice : %(choice)s", choice=chosen[0]) if chosen else ""
    return {"at": entry.at, "kind": kinds.get(entry.kind, entry.kind), "who": entry.actor_id, **data}
