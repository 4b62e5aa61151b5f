"""Persons: searched however their name is written, made only after the records that may be the same were looked at."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from app.db.tasks import Draft
from app.extensions import db
from app.services import assignment, merging, people, person_aliases, person_search
from app.services.errors import Forbidden, Invalid
from app.web import access, dates, form_data, names
from app.web.language import chosen, say
from app.web.reader import me
from app.web.refusals import field_errors
from workflows.forms.world import countries

blueprint = Blueprint("people", __name__, url_prefix="/personnes")


@blueprint.get("/")
@access.signed_in
def index():
    """The search, and what it finds."""
    text, year = request.args.get("nom", "")[:120].strip(), request.args.get("annee", "")
    found = people.find(db.session(), me(), text, int(year) if year.isdecimal() and len(year) == 4 else None)
    return render_template("people/index.html", found=found, text=text, year=year[:4], may_create=_may_create())


@blueprint.get("/nouvelle")
@access.signed_in
def new():
    """An empty record, with the name that was searched for."""
    if not _may_create():
        raise Forbidden("people_for_workers")
    return _form({"family_name": request.args.get("name", "")[:200]}, {}, ())


@blueprint.post("/nouvelle")
@access.signed_in
def create():
    """Make the record; when likely ones exist they are shown first, and one of them can be taken instead."""
    same = request.form.get("same", "")
    if same:
        return _taken(people.get(db.session(), me(), same).code)
    try:
        given = {**request.form, "born": dates.typed_partial(request.form, "born")}
        made = people.create(me(), given, set(request.form.getlist("seen")), request.form.get("cle"))
    except Invalid as refusal:
        return _form(request.form, field_errors(refusal), ()), 422
    if made.code is None:
        return _form(request.form, {}, tuple(person for person, _ in made.likely)), 409
    flash(say("La fiche est créée."), "good")
    return _taken(made.code)


@blueprint.get("/<code>")
@access.signed_in
def person(code: str):
    """One record and its cases, those that exist for me; the records that may be the same person, and what was merged."""
    session = db.session()
    one = people.get(session, me(), code)
    return render_template(
        "people/person.html",
        person=one,
        cases=people.cases_of(session, me(), one),
        kept=person_aliases.current(session, one) if one.merged_into_id else None,
        near=[other for other, _ in person_search.similar(session, one)] if _may_create() and not one.merged_into_id else [],
        merges=merging.of_person(session, one),
    )


@blueprint.get("/<code>/fusion")
@access.signed_in
def compare(code: str):
    """Two records side by side, before they become one."""
    return _compare(code, request.args.get("avec", ""))


@blueprint.post("/<code>/fusion")
@access.signed_in
def merge(code: str):
    """The other record gives way to this one."""
    other = request.form.get("avec", "")
    try:
        merging.merge(me(), code, other, request.form.get("reason", ""), request.form.get("cle"))
    except Invalid as refusal:
        return _compare(code, other, field_errors(refusal), request.form.get("reason", "")), 422
    flash(say("Les deux fiches n'en font plus qu'une. La fusion peut être défaite ci-dessous."), "good")
    return redirect(url_for("people.person", code=code), 303)


@blueprint.post("/<code>/fusion/<int:merge_id>/defaire")
@access.signed_in
def unmerge(code: str, merge_id: int):
    """Two records again."""
    try:
        kept = merging.undo(me(), merge_id, request.form.get("reason", ""))
    except Invalid as refusal:
        flash(next(iter(field_errors(refusal).values())), "warning")
        return redirect(url_for("people.person", code=code), 303)
    flash(say("La fusion est défaite : il y a de nouveau deux fiches."), "good")
    return redirect(url_for("people.person", code=kept), 303)


def _compare(code: str, other_code: str, errors: dict[str, str] | None = None, reason: str = "") -> str:
    session = db.session()
    kept, other = people.get(session, me(), code), people.get(session, me(), other_code)
    return render_template(
        "people/merge.html",
        kept=kept,
        other=other,
        differ=merging.differences(kept, other),
        cases={one.code: people.cases_of(session, me(), one) for one in (kept, other)},
        may_merge=_may_create(),
        errors=errors or {},
        reason=reason,
        key=request.form.get("cle") or secrets.token_urlsafe(16),
    )


def _form(typed: Any, errors: dict[str, str], likely: tuple[Any, ...]) -> str:
    back = {name: request.values.get(name, "") for name in ("task", "field")}
    listed = sorted(countries(chosen()).items(), key=lambda pair: pair[1])
    seen = [*request.form.getlist("seen"), *(one.code for one in likely)]
    return render_template(
        "people/new.html",
        typed=typed,
        errors=errors,
        likely=likely,
        seen=seen,
        back=back,
        countries=listed,
        key=request.form.get("cle") or secrets.token_urlsafe(16),
    )


def _taken(code: str):
    """Back to the form that asked for the person, which gets the code at its place; else to the record."""
    task, path = request.form.get("task", ""), request.form.get("field", "")
    if not task.isdecimal():
        return redirect(url_for("people.person", code=code), 303)
    draft = db.session.get(Draft, (int(task), me().id))
    steps = form_data.steps_of(path)
    if draft is not None and steps:
        raw = form_data.changed(draft.raw, steps, lambda _before: code)
        assignment.save_draft(me(), int(task), raw)
    return redirect(url_for("tasks.show", task_id=int(task)), 303)


def _may_create() -> bool:
    return people.may_create(me(), names.case_types())
