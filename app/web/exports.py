"""Lists as files: the right is asked for, confidential persons stand by their initials, who took which list is written down."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request

from app.extensions import db
from app.services import case_file, case_list, inbox, leaving, readings, rights, versions
from app.services.errors import Invalid, NotFound
from app.services.operations import view
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
    rights.ensure(me(), rights.EXPORT, names.case_types())
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
    rights.ensure(me(), rights.EXPORT, names.case_types())
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


@blueprint.get(f"/dossiers/<reference>/fiches/export.{FORM}")
@access.signed_in
def children(reference: str, form: str):
    """The children of an operation as a table."""
    rights.ensure(me(), rights.EXPORT, names.case_types())
    listed, heads, rows = _children(reference)
    answer = sheets.answer(f"{reference}-fiches-{now():%Y%m%d}", heads, rows, form)
    leaving.note(me(), leaving.EXPORTED, reference, listed, form, _stage())
    return answer


@blueprint.get("/dossiers/<reference>/fiches/imprimer")
@access.signed_in
def print_children(reference: str):
    """The list of victims, travellers, candidates on paper, with room for signatures, under the name of who prints it."""
    rights.ensure(me(), rights.PRINT, names.case_types())
    listed, heads, rows = _children(reference)
    leaving.note(me(), leaving.PRINTED, reference, listed, filters=_stage())
    return render_template("operations/print.html", reference=reference, heads=heads, rows=rows)


def _children(reference: str) -> tuple[list[Any], list[str], list[list[Any]]]:
    """Children that the filters of the page leave: their rows, the heads of the table and its lines. Confidential persons by initials."""
    session = db.session()
    file = case_file.find(session, me(), reference)
    case_file.ensure_whole(file)
    if not readings.reason_given(session, me(), file.case):
        raise NotFound
    given = _stage()
    found = view.children(session, me(), file, given["etape"], given["categorie"], limit=leaving.MOST)
    _ensure_whole(found.after)
    operation = file.case_type.operation
    assert operation is not None
    stages, categories, outcomes = operation.stages, operation.categories, versions.current(session, operation.child).outcomes
    heads = [say("Fiche"), say("Personne"), say("Étape"), say("Catégorie"), say("Issue"), say("Part, en FCFA"), say("Remis, en FCFA")]
    rows = [
        [
            *(row.reference, _person(row), names.text_of(stages.get(row.stage), row.stage)),
            names.text_of(categories.get(row.category), row.category),
            *(names.text_of(outcomes.get(row.outcome or ""), row.outcome or ""), row.share, row.paid),
        ]
        for row in found.rows
    ]
    return found.rows, heads, rows


def _stage() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in ("etape", "categorie")}


def _ensure_whole(after: object) -> None:
    """No list is cut in silence."""
    if after is not None:
        raise Invalid({"": "export_too_long"})


def _without_text(given: dict[str, str]) -> dict[str, str]:
    """What narrowed a list, for the journal that is kept for ever: not the text one searched for, which may be a name."""
    return {name: value for name, value in given.items() if name not in ("q", "label")}


def _person(row: Any) -> str:
    who = f"{row.given_names or ''} {row.family_name or ''}".strip() or row.title or ""
    return texts.initials(who) if row.confidentiality in inbox_lines.CONFIDENTIAL else who
