"""Monthly statements of money: one page a month, each number with the list that it adds up from; as a table or as a document."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for

from app.extensions import db
from app.services import budget, imprests, leaving, months, pairs, paper, partners, statements
from app.services.errors import NotFound
from app.services.months import Month
from app.services.statements import Item, Line
from app.web import access, dates, filters, names, sheets
from app.web.language import chosen, say
from app.web.reader import me

blueprint = Blueprint("statements", __name__, url_prefix="/budget/etats")
FORM = "<any(csv, xlsx):form>"


@blueprint.get("/")
@access.signed_in
def index():
    """The present month."""
    budget.ensure(db.session(), me())
    now = filters.now()
    return redirect(url_for("statements.show", code=Month(now.year, now.month).code))


@blueprint.get("/<code>")
@access.signed_in
def show(code: str):
    """A month."""
    month, found = _month(code)
    later = month.after.start <= filters.now()
    lines = [(line, _parts(line)) for line in found["lines"]]
    drawn = {**found, "lines": lines, "ages": [(*age, _share(age[2], found["unpaid"])) for age in statements.ages(found["unpaid"])]}
    return render_template(
        "budget/statements.html", month=month, name=month_name(month), later=later, titles=titles(), sum_of=_sum, **drawn
    )


@blueprint.get(f"/<code>/<any({', '.join(statements.LISTS)}):what>")
@access.signed_in
def listed(code: str, what: str):
    """What a figure of a month adds up from."""
    month, rows = _list(code, what)
    narrowed = {name: request.args[name] for name in ("ligne", "de", "a") if request.args.get(name)}
    words = {"title": titles()[what], "what": what, "narrowed": narrowed, "dated": what not in (*statements.HELD, *statements.SPENT)}
    return render_template("budget/statement_list.html", month=month, name=month_name(month), rows=rows, total=_sum(rows), **words)


@blueprint.get(f"/<code>/<any({', '.join(statements.LISTS)}):what>.{FORM}")
@access.signed_in
def list_as_table(code: str, what: str, form: str):
    """The same for a spreadsheet."""
    month, rows = _list(code, what)
    table = [[row.line, row.request, row.reference, row.what, row.at, row.amount, row.days] for row in rows]
    heads = [say("Ligne"), say("Demande"), say("Dossier"), say("Mandat ou poste"), say("Date"), say("Montant"), say("Jours")]
    return _leaves(month, sheets.answer(f"etat-{month.code}-{what}", heads, table, form), form)


@blueprint.get(f"/<code>.{FORM}")
@access.signed_in
def as_table(code: str, form: str):
    """How the lines stood, for a spreadsheet."""
    month, found = _month(code)
    answer = sheets.answer(f"etat-{month.code}", _heads(), [_figures(line) for line in found["lines"]], form)
    return _leaves(month, answer, form)


@blueprint.get("/<code>.pdf")
@access.signed_in
def as_document(code: str):
    """The whole month on paper."""
    month, found = _month(code)
    made = say("Tiré par %(who)s, le %(day)s à %(hour)s", who=me().name, day=filters.day(filters.now()), hour=filters.hour(filters.now()))
    title = say("État mensuel, %(month)s", month=month_name(month))
    data = {"title": title, "author": "Jatigi", "language": chosen(), "foot": made, "sections": _sections(found)}
    answer = Response(paper.set_pdf("statement", data), mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=f"etat-{month.code}.pdf")
    return _leaves(month, answer, "pdf")


def month_name(month: Month) -> str:
    """« novembre 2026 »."""
    return dates.long_date(month.start.date(), chosen()).split(" ", 2)[2]


def titles() -> dict[str, str]:
    """Words for what is listed."""
    return {
        "reserved": say("Réservé"),
        "committed": say("Engagé"),
        "lapsed": say("Annulé après clôture"),
        "liquidated": say("Liquidé"),
        "ordered": say("Ordonnancé"),
        "paid": say("Payé"),
        "to_pay": say("Engagé, à payer"),
        "unpaid": say("Mandats sans paiement"),
        "advances": say("Avances sans justificatif"),
        "expired": say("Réservations expirées"),
        "decommitted": say("Dégagements"),
    }


def _month(code: str) -> tuple[Month, dict[str, Any]]:
    session = db.session()
    budget.ensure(session, me())
    now = filters.now()
    month = months.month(code, now)
    found: dict[str, Any] = {
        name: statements.items(session, me(), month, name, None, now) for name in ("to_pay", "unpaid", "advances", "expired", "decommitted")
    }
    posts = sorted(imprests.posts(session, me()))
    funds = [(post, one) for post in posts for one in imprests.months(session, post, month.start, 1)]
    return month, {
        **found,
        "said": partners.of_month(session, month),
        "pairs": pairs.too_often(session, month),
        "lines": statements.lines(session, month),
        "funds": funds,
    }


def _list(code: str, what: str) -> tuple[Month, list[Item]]:
    session = db.session()
    budget.ensure(session, me())
    month, given = months.month(code, filters.now()), request.args
    rows = statements.items(session, me(), month, what, given.get("ligne") or None, filters.now())
    first, last = (_days(given.get(name)) for name in ("de", "a"))
    return month, [row for row in rows if (first is None or row.days >= first) and (last is None or row.days <= last)]


def _days(typed: str | None) -> int | None:
    if not typed:
        return None
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 6):
        raise NotFound
    return int(typed)


def _leaves(month: Month, answer: Response, form: str) -> Response:
    leaving.note(me(), leaving.EXPORTED, f"budget/etats/{month.code}", [], form)
    return answer


def _sum(rows: list[Item]) -> int:
    return sum(row.amount for row in rows)


def _share(rows: list[Item], of: list[Item]) -> float:
    return 100 * _sum(rows) / _sum(of) if of else 0.0


def _parts(line: Line) -> list[tuple[str, float]]:
    amounts = (("k-1", line.paid), ("k-2", line.committed - line.paid), ("k-3", line.reserved), ("k-4", line.frozen))
    return [(cls, min(100.0, line.share(amount))) for cls, amount in amounts]


def _heads() -> list[str]:
    return [
        *(say("Code"), say("Ligne"), say("Ouvert"), say("Virements reçus"), say("Virements donnés"), say("Gelé"), say("Réservé")),
        *(say("Engagé"), say("Annulé après clôture"), say("Liquidé"), say("Ordonnancé"), say("Payé"), say("Disponible")),
        *(say("Engagé, %"), say("Payé, %")),
    ]


def _figures(line: Line) -> list[Any]:
    rates = (round(line.share(line.committed)), round(line.share(line.paid)))
    return [
        *(line.row.code, names.line_name(line.row), line.opened, line.received, line.given, line.frozen, line.reserved),
        *(line.committed, line.lapsed, line.liquidated, line.ordered, line.paid, line.available, *rates),
    ]


def _sections(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The page as tables of texts."""
    own = [line for line in found["lines"] if not line.row.tracked_only]
    partners = [line for line in found["lines"] if line.row.tracked_only]
    heads = [say("Ligne"), say("Crédits"), *(titles()[name] for name in (*statements.HELD, *statements.SPENT)), say("Disponible")]
    ages = [[_age(first, last), str(len(rows)), _grouped(_sum(rows))] for first, last, rows in statements.ages(found["unpaid"])]
    columns = [say("Ligne"), say("Demande"), say("Mandat ou poste"), say("Date"), say("Montant")]
    lists = [
        {"title": titles()[name], "heads": columns, "rows": [_texts(row) for row in found[name]]}
        for name in ("unpaid", "advances", "expired", "decommitted")
    ]
    till = [say("Poste"), say("Payé"), say("Justifié"), say("Reçu"), say("En caisse"), say("À justifier")]
    funds = [[names.post_name(post), *map(_grouped, (m.paid, m.shown, m.filled, m.balance, m.awaited))] for post, m in found["funds"]]
    together = [say("Deux personnes"), say("Demandes"), say("Accordé")]
    return [
        {"title": say("Exécution des lignes, en FCFA"), "heads": heads, "rows": [_row(line) for line in own]},
        {"title": say("Lignes de partenaires, données du partenaire"), "heads": heads, "rows": [_row(line) for line in partners]},
        {"title": say("Âge des mandats sans paiement"), "heads": [say("Jours"), say("Mandats"), say("Montant")], "rows": ages},
        *lists,
        {"title": say("Régies des postes"), "heads": till, "rows": funds},
        {"title": say("Mêmes demandeur et décideur"), "heads": together, "rows": [_pair(one) for one in found["pairs"]]},
    ]


def _pair(one: pairs.Pair) -> list[str]:
    return [f"{names.user_name(one.first_id)}, {names.user_name(one.second_id)}", str(one.count), _grouped(one.granted)]


def _row(line: Line) -> list[str]:
    amounts = (line.total, line.reserved, line.committed, line.lapsed, line.liquidated, line.ordered, line.paid, line.available)
    return [line.row.code, *map(_grouped, amounts)]


def _texts(row: Item) -> list[str]:
    return [row.line, row.request or "–", row.what or "–", filters.short_day(row.at) if row.at else "–", _grouped(row.amount)]


def _age(first: int, last: int | None) -> str:
    return f"> {first - 1}" if last is None else f"{first}–{last}"


def _grouped(amount: int) -> str:
    return filters.grouped(amount)
