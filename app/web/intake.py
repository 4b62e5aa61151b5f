"""Opening a case: its type, its post, its common header."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from app.extensions import db
from app.services import intake, starting, step_view
from app.services.errors import Forbidden, Invalid, NotFound
from app.web import access, forms, names, registers, task_page
from app.web.filters import now
from app.web.language import say
from app.web.reader import me
from workflows.catalog import CaseType

blueprint = Blueprint("intake", __name__, url_prefix="/dossiers/nouveau")
OURS = frozenset({"cle", "terminer", "poste", "poste_id"})
GIVEN = ("poste_id",)
"""Fields of the header that this page settles itself: the post is chosen before the form is shown."""


@blueprint.get("/")
@access.signed_in
def choose():
    """The types that I may open, and where."""
    types = [(one, _posts(one)) for one in names.case_types().values() if starting.start_posts(me(), one) != frozenset()]
    return render_template("intake/choose.html", types=types)


@blueprint.get("/<code>")
@access.signed_in
def header(code: str):
    """The header of a new case at a post."""
    case_type = _type(code)
    posts = _posts(case_type)
    wanted = request.args.get("poste") or (posts[0].code if len(posts) == 1 else None)
    if wanted is None or wanted not in {post.code for post in posts}:
        return render_template("intake/post.html", case_type=case_type, posts=posts)
    room = step_view.header_room(db.session(), case_type, wanted, now())
    return _form(case_type, wanted, {**room.proposed(now()), "poste_id": wanted, "pays_evenement": names.posts()[wanted].country})


@blueprint.post("/<code>")
@access.signed_in
def start(code: str):
    """Open the case, or say what is to correct."""
    case_type = _type(code)
    post = request.form.get("poste", "")
    room = step_view.header_room(db.session(), case_type, post, now())
    submitted = forms.read(room.form, request.form, ours=OURS)
    raw = {**forms.press(room.form, submitted), "poste_id": post}
    if submitted.action == "creer":
        return redirect(url_for("people.new", name=request.form.get(f"{submitted.path}.texte", "")[:200]), 303)
    if submitted.action:
        return _form(case_type, post, raw)
    try:
        started = intake.start_case(me(), code, post, raw, request.form.get("cle"))
    except Invalid as refusal:
        db.session.rollback()
        return _form(case_type, post, raw, refusal.errors), 422
    flash(say("Le dossier %(ref)s est ouvert.", ref=started.reference), "good")
    if started.task_id:
        return redirect(url_for("tasks.show", task_id=started.task_id), 303)
    return redirect(url_for("cases.show", reference=started.reference), 303)


def _type(code: str) -> CaseType:
    case_type = names.case_types().get(code)
    if case_type is None:
        raise NotFound
    if starting.start_posts(me(), case_type) == frozenset():
        raise Forbidden("may_not_start")
    return case_type


def _posts(case_type: CaseType) -> list[Any]:
    """The posts for which I may open a case of the type, mine first."""
    allowed = starting.start_posts(me(), case_type)
    posts = [post for code, post in names.posts().items() if allowed is None or code in allowed]
    return sorted(posts, key=lambda post: (post.code != me().post, post.code))


def _form(case_type: CaseType, post: str, raw: Mapping[str, Any], errors: Mapping[str, Any] | None = None) -> str:
    room = step_view.header_room(db.session(), case_type, post, now())
    context = registers.context_of(room)
    view = forms.view(room.form, raw, context, task_page.messages(errors))
    shown = [field for field in view.fields if field.name not in GIVEN]
    return render_template(
        "intake/header.html",
        case_type=case_type,
        post=post,
        form=forms.FormView(view.title, tuple(shown), view.summary),
        key=request.form.get("cle") or secrets.token_urlsafe(16),
    )
