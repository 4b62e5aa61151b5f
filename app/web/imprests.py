"""Cash advances (régies) of posts: the statement of each, vouchers with their files, replenishment asked for, decided and received."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from app.db import imprest_rules as kinds
from app.extensions import db
from app.services import documents, imprest_moves, imprests, leaving, rights
from app.services.errors import Invalid
from app.web import access, filters, names, sheets, task_page
from app.web.amounts import typed_amount
from app.web.language import chosen, say
from app.web.reader import me
from app.web.refusals import field_errors

blueprint = Blueprint("imprests", __name__, url_prefix="/budget/regies")
DRAWN = 110
"""Height of the drawing of a till, in its own units."""


@blueprint.get("/")
@access.signed_in
def index():
    """Every imprest that the reader may see; who has one only goes to it."""
    session = db.session()
    found = imprests.funds(session, me(), filters.now())
    if len(found) == 1:
        return redirect(url_for("imprests.show", post=found[0].post))
    running = [fund for fund in found if fund.running is not None]
    return render_template("budget/imprests.html", funds=[(fund, parts(fund)) for fund in found], running=running, states=states())


@blueprint.get("/<post>")
@access.signed_in
def show(post: str):
    """One imprest: what it holds, what it awaits, how it moved."""
    return _page(post)


@blueprint.post("/<post>/justificatifs/<int:payment>")
@access.signed_in
def enter(post: str, payment: int):
    """A voucher, or a rest that came back."""
    given, file = request.form, request.files.get("fichier")
    amounts, wrong = _amounts(given)
    said = {"number": given.get("numero", ""), "file": (file.stream, file.filename) if file and file.filename else None}

    def work() -> None:
        if wrong:
            raise Invalid(wrong)
        imprest_moves.enter(me(), task_page.store(), post, payment, **amounts, **said, key=given.get("cle"))

    return _done(post, f"piece-{payment}", work, say("Le justificatif est entré."))


@blueprint.post("/<post>/reapprovisionnements")
@access.signed_in
def ask(post: str):
    """Cash is asked for."""
    given = request.form
    amount = typed_amount(given.get("montant", ""))
    return _done(
        post,
        "demande",
        lambda: imprest_moves.ask(me(), post, amount, given.get("motif", ""), given.get("cle")),
        say("Le réapprovisionnement est demandé."),
    )


@blueprint.post("/<post>/reapprovisionnements/<int:number>")
@access.signed_in
def settle(post: str, number: int):
    """Cash is granted, refused, or has come."""
    given = request.form
    about, text = (me(), post, number), given.get("texte", "")
    acts: dict[str, tuple[Callable[[], None], str]] = {
        "accorder": (lambda: imprest_moves.decide(*about, grant=True, decision=text), say("Le réapprovisionnement est accordé.")),
        "refuser": (lambda: imprest_moves.decide(*about, grant=False, decision=text), say("Le réapprovisionnement est refusé.")),
        "recevoir": (lambda: imprest_moves.receive(*about, text), say("La réception des fonds est notée.")),
    }
    if given.get("choix") not in acts:
        return _page(post, "suite", {"choix": say("Choisissez une suite.")}), 422
    return _done(post, "suite", *acts[given["choix"]])


@blueprint.get("/<post>/pieces/<int:number>")
@access.signed_in
def voucher(post: str, number: int):
    """The file of a voucher, to keep."""
    found = imprests.voucher(db.session(), me(), post, number)
    name, media, digest = found.file_name, found.media_type, found.digest
    answer = Response(documents.chunks(task_page.store().open(digest)), mimetype=media)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    answer.headers["Content-Security-Policy"] = "default-src 'none'"
    return answer


@blueprint.get("/<post>/releve.<any(csv, xlsx):form>")
@access.signed_in
def statement(post: str, form: str):
    """The movements of an imprest as a spreadsheet reads them."""
    session = db.session()
    imprests.ensure(session, me(), post)
    words = labels()
    rows = [
        [
            *(line.entry.at, words[line.entry.kind], line.request, line.reference, line.entry.number, line.entry.cash),
            *(-line.entry.owed if line.entry.kind == kinds.VOUCHER else None, line.entry.balance, line.entry.awaited),
        ]
        for line in reversed(imprests.entries(session, me(), post, None))
    ]
    heads = [
        *(say("Date"), say("Mouvement"), say("Demande"), say("Dossier"), say("Numéro"), say("Caisse")),
        *(say("Justifié"), say("En caisse"), say("À justifier")),
    ]
    answer = sheets.answer(f"regie-{post}-{filters.now():%Y%m%d}", heads, rows, form)
    leaving.note(me(), leaving.EXPORTED, f"regies/{post}", [], form)
    return answer


def parts(fund: imprests.Fund) -> list[tuple[str, float]]:
    """Cash and what is awaited, per cent of the ceiling."""
    whole = max(fund.row.cash_ceiling, fund.row.balance + fund.row.to_regularise, 1)
    return [("k-1", 100 * fund.row.balance / whole), ("k-3", 100 * fund.row.to_regularise / whole)]


def labels() -> dict[str, str]:
    """Words for the kinds of movements."""
    return {
        kinds.OPENING: say("Fonds repris"),
        kinds.PAYMENT: say("Dépense payée"),
        kinds.VOUCHER: say("Justificatif"),
        kinds.REST: say("Reste rendu"),
        kinds.REPLENISHMENT: say("Réapprovisionnement"),
    }


def states() -> dict[str, str]:
    """Words for how a replenishment stands."""
    return {
        kinds.ASKED: say("Demandé"),
        kinds.GRANTED: say("Accordé, fonds attendus"),
        kinds.REFUSED: say("Refusé"),
        kinds.RECEIVED: say("Reçu"),
    }


def _amounts(given: Any) -> tuple[dict[str, int | None], dict[str, Any]]:
    """Voucher and rest as they were typed, and what is no amount."""
    found: dict[str, int | None] = {}
    wrong: dict[str, Any] = {}
    for name, field in (("amount", "montant"), ("rest", "reste")):
        typed = given.get(field, "").strip()
        found[name] = typed_amount(typed) if typed else None
        if typed and found[name] is None:
            wrong[field] = "imprest_amount"
    return found, wrong


def _done(post: str, part: str, work: Callable[[], None], told: str) -> Any:
    try:
        work()
    except Invalid as refusal:
        return _page(post, part, field_errors(refusal)), 422
    flash(told, "good")
    return redirect(url_for("imprests.show", post=post), 303)


def _page(post: str, failed: str = "", errors: dict[str, str] | None = None) -> str:
    session = db.session()
    imprests.ensure(session, me(), post)
    fund = imprests.fund_of(session, post, filters.now())
    months = imprests.months(session, post, filters.now())
    most = max([fund.row.cash_ceiling, *(month.balance + month.awaited for month in months), 1])
    return render_template(
        "budget/imprest.html",
        fund=fund,
        parts=parts(fund),
        named=imprests.names_of(session, me(), [paid.entry.request_id for paid in fund.awaiting]),
        lines=imprests.entries(session, me(), post),
        months=months,
        tall=lambda amount: round(DRAWN * amount / most, 1),
        replenishments=imprests.replenishments(session, post),
        keeps=post in imprests.posts(session, me(), rights.KEEP_IMPREST),
        fills=post in imprests.posts(session, me(), rights.FILL_IMPRESTS),
        others=len(imprests.posts(session, me())) > 1,
        blocked=fund.blocked(chosen()),
        words=labels(),
        states=states(),
        now=filters.now(),
        failed=failed,
        errors=errors or {},
        spots=[(f"{failed}-{'texte' if failed == 'suite' else name}", text) for name, text in (errors or {}).items()],
        typed=request.form,
        key=request.form.get("cle") or secrets.token_urlsafe(16),
        place=names.post_name(post),
    )
