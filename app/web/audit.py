"""Across all cases: entries of their histories by person, period, kind and sum; a sample of cases, and the verdict on its histories."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

from flask import Blueprint, render_template, request, url_for

from app.extensions import db
from app.services import audit, inbox, leaving, proof, readings, rights, versions
from app.services.audit import Found, Search
from app.services.errors import Invalid
from app.web import access, history_words, names, periods, sheets
from app.web.filters import now
from app.web.language import say
from app.web.reader import me

blueprint = Blueprint("audit", __name__, url_prefix="/controle")
NAMES = ("kind", "who", "type", "post", *periods.PARTS, "least", "most")
USUAL = 30
"""Cases of a sample."""


@blueprint.get("")
@access.signed_in
def index():
    """Entries of every history that the reader sees, narrowed."""
    audit.ensure(db.session(), me())
    wanted, errors = _read()
    kept = _kept()
    page = audit.search(db.session(), me(), wanted, request.args.get("after")) if kept and not errors else None
    return render_template("audit/index.html", page=page, lines=_lines(page.rows) if page else [], errors=errors, kept=kept, **_choices())


@blueprint.get("/export.<any(csv, xlsx):form>")
@access.signed_in
def export(form: str):
    """The same as a table, with its reader in the journal."""
    session = db.session()
    audit.ensure(session, me())
    rights.ensure(me(), rights.EXPORT, names.case_types())
    page = audit.search(session, me(), _read()[0], size=leaving.MOST)
    if page.after is not None:
        raise Invalid({"": "export_too_long"})
    heads = [say("Moment"), say("Dossier"), say("Entrée"), say("Acte"), say("Par"), say("Montant, en FCFA")]
    rows = [
        [one.entry.at, one.reference, one.entry.seq, line["sentence"], line["who"], one.entry.data.get("amount")]
        for one, line in zip(page.rows, _lines(page.rows), strict=True)
    ]
    answer = sheets.answer(f"historique-{now():%Y%m%d}", heads, rows, form)
    listed = [inbox.Listed(one.case_id, one.reference, one.confidentiality) for one in page.rows]
    leaving.note(me(), leaving.EXPORTED, "controle", listed, form, {name: value for name, value in _kept().items() if name != "who"})
    return answer


@blueprint.get("/echantillon")
@access.signed_in
def sample():
    """Cases drawn at random; the seed in the address draws the same ones again."""
    audit.ensure(db.session(), me())
    return _sample(None)


@blueprint.post("/echantillon")
@access.signed_in
def verify():
    """The verdict on the histories and readings of the cases that were drawn."""
    audit.ensure(db.session(), me())
    return _sample(dt.datetime.now(dt.UTC))


def _sample(began: dt.datetime | None) -> str:
    session = db.session()
    wanted, errors = _read()
    seed = request.values.get("graine", "")[:40]
    drawn = audit.sample(session, me(), wanted, _size(), seed) if seed and not errors else None
    verdict = None
    if began is not None and drawn is not None:
        acts = [proof.verify_case(session, row.id) for row in drawn.cases]
        reads = [(row.reference, flaw) for row in drawn.cases if (flaw := readings.verify(session, row.id)) is not None]
        took = (dt.datetime.now(dt.UTC) - began).total_seconds()
        broken = [one for one in acts if one.flaw is not None]
        verdict = {"entries": sum(one.entries for one in acts), "broken": broken, "reads": reads, "at": began, "took": took}
    return render_template(
        "audit/sample.html",
        drawn=drawn,
        verdict=verdict,
        seed=seed,
        fresh=secrets.token_hex(4),
        size=_size(),
        errors=errors,
        kept=_kept(),
        again=url_for("audit.sample", graine=seed, nombre=_size(), **_kept()),
        **_choices(),
    )


def _size() -> int:
    typed = request.values.get("nombre", "")
    return min(max(int(typed), 1), audit.LARGEST_SAMPLE) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else USUAL


# ------------------------------------------------------------------ what is asked, what is shown
def _kept() -> dict[str, str]:
    return {name: request.values[name].strip()[:80] for name in NAMES if request.values.get(name, "").strip()}


def _read() -> tuple[Search, dict[str, str]]:
    """The search, and what is wrong with it beside its field."""
    given, period = request.values, periods.read(request.values)
    sums, errors = {}, dict(period.errors)
    for name in ("least", "most"):
        sums[name] = _sum(given.get(name, ""))
        if sums[name] is False:
            sums[name], errors[name] = None, say("Écrivez le montant en chiffres, par exemple 250 000.")
    who = given.get("who", "").strip()[:80]
    wanted = Search(given.get("kind", ""), who, given.get("type", ""), given.get("post", ""), period.since, period.until, **sums)
    return wanted, errors


def _sum(typed: str) -> Any:
    digits = "".join(letter for letter in typed if not letter.isspace())
    if not digits:
        return None
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 16 else False


def _choices() -> dict[str, Any]:
    kinds = [
        *(("decisions", say("Décisions et étapes")), ("changes", say("Changements")), ("money", say("Argent"))),
        *(("system", say("Système et délais")), ("late", say("Exception : retards"))),
        *(("corrected", say("Exception : données corrigées")), ("reopened", say("Exception : dossiers rouverts"))),
        ("doubted", say("Exception : pièces en doute, paiements rejetés ou gelés")),
    ]
    types = [(code, names.text_of(one.name)) for code, one in names.case_types().items()]
    may_export = rights.has(me(), rights.EXPORT, names.case_types())
    return {"kinds": kinds, "types": types, "posts": names.post_choices(), "may_export": may_export}


def _lines(rows: Any) -> list[dict[str, Any]]:
    """Each entry as a sentence, with the labels of the version that it was made under; no personal value."""
    session = db.session()
    pinned = {one.entry.version: versions.pinned(session, one.entry.version) for one in rows if one.entry.version}
    names.user_names([person for one in rows for person in (one.entry.actor_id, one.entry.behind)])
    return [_line(one, pinned.get(one.entry.version)) for one in rows]


def _line(one: Found, case_type: Any) -> dict[str, Any]:
    stamp, sign, sentence = history_words.told(one.entry, case_type or next(iter(names.case_types().values())))
    return {"stamp": stamp, "icon": sign, "sentence": sentence, "who": history_words.actor_of(one.entry)}
