"""For those who write procedures: trying an expression or a decision table before it runs in anybody's case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request

from app.extensions import db
from app.services import clock, trying, versions
from app.services.errors import Invalid, NotFound
from app.services.trying import LONGEST, Wanted
from app.web import access
from app.web.language import chosen, mark, say
from app.web.reader import me
from workflows.checks.english import both

blueprint = Blueprint("authors", __name__)
SHOWN = 1_000
"""Signs of a value that the page shows."""
FIELDS = ("case", "case_type", "facts", "expression", "decision")
KINDS = {
    "null": mark("rien"),
    "boolean": mark("un oui/non"),
    "number": mark("un nombre"),
    "string": mark("un texte"),
    "date": mark("une date"),
    "time": mark("une heure"),
    "date and time": mark("une date-heure"),
    "days and time duration": mark("une durée"),
    "years and months duration": mark("une durée en mois"),
    "list": mark("une liste"),
    "context": mark("un groupe de champs"),
    "range": mark("un intervalle"),
    "function": mark("une fonction"),
}
WRONG = {
    "text_too_long": mark("%(most)s signes au plus."),
    "decision_unknown": mark("Cette table n'est pas de ce type de dossier : choisissez-la dans la liste."),
}


@blueprint.get("/auteurs/essai")
@access.signed_in
def show():
    """The empty page; a case may be named in the address, its facts never are."""
    return _page(Wanted(case=request.args.get("dossier", "")[:40], case_type=request.args.get("type", "")[:20]))


@blueprint.post("/auteurs/essai")
@access.signed_in
def attempt():
    """Tries what was written. Sent by post so that what was typed stands in no log and no history; it changes nothing."""
    given = {name: request.form.get(name, "") for name in FIELDS}
    # One list holds the tables of all types: « TYPE/table ».
    code, _, given["decision"] = given["decision"].rpartition("/")
    wanted = Wanted(**{**given, "case_type": code or given["case_type"]})
    errors = {} if wanted.decision or wanted.expression.strip() else {"expression": say("Écrivez une expression, ou choisissez une table.")}
    answer = None
    if not errors:
        try:
            answer = trying.attempt(db.session(), me(), wanted, clock.now())
        except NotFound:
            errors = {"case": say("Ce dossier n'existe pas pour vous, ou ne vous est pas ouvert en entier.")}
        except Invalid as refusal:
            errors = {name: say(WRONG[code], most=LONGEST) for name, code in refusal.errors.items()}
    if answer and answer.mistake and chosen() == "en":
        answer = replace(answer, mistake=both(answer.mistake).en)
    if answer and answer.mistake and answer.field == "facts":
        answer, errors = None, {"facts": answer.mistake[0].upper() + answer.mistake[1:]}
    page = _page(wanted, answer, errors)
    return (page, 422) if errors or (answer and answer.mistake) else page


def _page(wanted: Wanted, answer: trying.Answer | None = None, errors: dict[str, str] | None = None) -> str:
    types = versions.all_current(db.session())
    of = types.get(wanted.case_type)
    return render_template(
        "authors/try.html",
        wanted=wanted,
        answer=answer,
        errors=errors or {},
        types=[(code, one.name.get(chosen(), one.name["fr"])) for code, one in types.items()],
        tables=[(code, _tables(code, one)) for code, one in types.items()],
        kinds={code: say(text) for code, text in KINDS.items()},
        longest=LONGEST,
        shown=SHOWN,
        titled=(lambda name: of.text(name, chosen())) if of else str,
    )


def _tables(code: str, case_type: Any) -> list[tuple[str, str]]:
    named = [(f"{code}/{ident}", case_type.text(name, chosen())) for ident, name in trying.decisions(case_type)]
    return sorted(named, key=lambda pair: pair[1].lower())
