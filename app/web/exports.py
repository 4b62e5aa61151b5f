"""Lists as files: the right is asked for, confidential persons stand by their initials, who took which list is written down."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from app.extensions import db
from app.services import case_list, inbox, leaving, rights
from app.services.errors import Invalid
from app.web import access, inbox_filters, inbox_lines, names, sheets, texts
from app.web.filters import now
from app.web.language import say
from app.web.reader import me

blueprint = Blueprint("exports", __name__)
FORM = "<any(csv, xlsx):form>"


@blueprint.get(f"/taches/export.{FORM}")
@access.signed_in
def tasks(form: str):
    """A list of the inbox, as far as the filters narrow it."""
    session = db.session()
    rights.ensure(session, me(), rights.EXPORT)
    tab, filters = request.args.get("tab", inbox.MINE), inbox_filters.read(request.args)
    page = inbox.page(session, me(), tab, filters, None, now(), size=leaving.MOST)
    _ensure_whole(page.after)
    heads = [
        *(say("Échéance"), say("Terminée"), say("Tâche"), say("Dossier"), say("Type de dossier"), say("Personne"), say("Pays")),
        *(say("Poste"), say("Confiée à"), say("Priorité"), say("Étiquettes")),
    ]
    rows = [
        [
            *(None if row.due_at == inbox.NO_DEADLINE else row.due_at, row.closed_at, line.title, line.reference, line.type, line.who),
            *(line.country, line.post, line.assignee, row.priority, ", ".join(line.labels)),
        ]
        for row, line in zip(page.rows, inbox_lines.lines(page), strict=True)
    ]
    answer = sheets.answer(f"taches-{now():%Y%m%d}", heads, rows, form)
    narrowed = {"tab": page.tab, **_without_text(inbox_filters.written(filters))}
    leaving.note(me(), leaving.EXPORTED, "taches", [inbox.listed(row) for row in page.rows], form, narrowed)
    return answer


@blueprint.get(f"/dossiers/export.{FORM}")
@access.signed_in
def cases(form: str):
    """The cases that exist for me, as far as the filters narrow them."""
    session = db.session()
    rights.ensure(session, me(), rights.EXPORT)
    given = {name: request.args.get(name, "") for name in ("type", "post", "status", "state")}
    filters = case_list.Filters(given["type"], given["post"], given["status"], given["state"] or "open")
    page = case_list.page(session, me(), filters, size=leaving.MOST)
    _ensure_whole(page.after)
    heads = [
        *(say("Dossier"), say("Type de dossier"), say("Personne"), say("Statut"), say("Priorité"), say("Confidentialité")),
        *(say("Pays"), say("Poste"), say("Ouvert"), say("Limite"), say("Clos")),
    ]
    rows = [
        [
            *(row.reference, names.type_name(row.case_type), _person(row), names.status(row.status)[1], row.priority),
            *(row.confidentiality, names.country(row.country), names.post_name(row.post_code), row.opened_at, row.due_at, row.closed_at),
        ]
        for row in page.rows
    ]
    answer = sheets.answer(f"dossiers-{now():%Y%m%d}", heads, rows, form)
    leaving.note(me(), leaving.EXPORTED, "dossiers", page.rows, form, given)
    return answer


def _ensure_whole(after: object) -> None:
    """No list is cut in silence."""
    if after is not None:
        raise Invalid({"": "export_too_long"})


def _without_text(given: dict[str, str]) -> dict[str, str]:
    """What narrowed a list, for the journal that is kept for ever: not the text one searched for, which may be a name."""
    return {name: value for name, value in given.items() if name not in ("q", "label")}


def _person(row: Any) -> str:
    who = f"{row.given_names or ''} {row.family_name or ''}".strip() or row.title
    return texts.initials(who) if row.confidentiality in inbox_lines.CONFIDENTIAL else who
