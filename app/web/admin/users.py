"""Users, their roles per post and period."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for

from app.extensions import db
from app.services import admin_users, administration, clock, policy
from app.services.errors import Invalid
from app.web import access, dates, names
from app.web.admin import ROLES, blueprint
from app.web.admin.overview import acts
from app.web.language import say
from app.web.reader import me
from app.web.refusals import field_errors


@blueprint.get("/utilisateurs")
@access.holds(*ROLES)
def users():
    """The list, by name."""
    text = request.args.get("q", "")[:80].strip()
    page = admin_users.directory(db.session(), me(), text, request.args.get("after"))
    return render_template("admin/users.html", page=page, text=text, today=clock.now().date())


@blueprint.get("/utilisateurs/nouveau")
@access.holds(*ROLES)
def new_user():
    """An empty account."""
    return _new({}, {})


@blueprint.post("/utilisateurs/nouveau")
@access.holds(*ROLES)
def create_user():
    """Open the account; rights and password come next."""
    try:
        code = admin_users.create(me(), request.form)
    except Invalid as refusal:
        return _new(request.form, field_errors(refusal)), 422
    return redirect(url_for("admin.user", code=code), 303)


@blueprint.get("/utilisateurs/<code>")
@access.holds(*ROLES)
def user(code: str):
    """One account: identity, roles, what was done about it."""
    return _show(code)


@blueprint.post("/utilisateurs/<code>")
@access.holds(*ROLES)
def change_user(code: str):
    """Name, login, mail, telephone, post."""
    try:
        admin_users.change(me(), code, request.form)
    except Invalid as refusal:
        return _show(code, errors=field_errors(refusal), typed=request.form), 422
    return _done(code, say("Le compte est enregistré."))


@blueprint.post("/utilisateurs/<code>/roles")
@access.holds(*ROLES)
def give_role(code: str):
    """A role more."""
    days = {name: dates.typed_day(request.form, name) for name in ("starts_on", "ends_on")}
    raw = {**request.form, **days, "posts": request.form.getlist("posts"), "case_types": request.form.getlist("case_types")}
    try:
        admin_users.grant(me(), code, raw)
    except Invalid as refusal:
        return _show(code, errors=field_errors(refusal), typed=raw), 422
    return _done(code, say("Le rôle est donné."))


@blueprint.post("/utilisateurs/<code>/roles/<int:grant_id>/fin")
@access.holds(*ROLES)
def end_role(code: str, grant_id: int):
    """A role less, from today on."""
    admin_users.end_grant(me(), code, grant_id)
    return _done(code, say("Le rôle est retiré."))


@blueprint.post("/utilisateurs/<code>/etat")
@access.holds(*ROLES)
def switch_user(code: str):
    """Close or reopen the account."""
    active = request.form.get("active") == "yes"
    admin_users.set_active(me(), code, active)
    return _done(code, say("Le compte est ouvert.") if active else say("Le compte est fermé et déconnecté partout."))


@blueprint.post("/utilisateurs/<code>/mot-de-passe")
@access.holds(*ROLES)
def reset_password(code: str):
    """A password to be told once; shown on this page only."""
    return _show(code, password=admin_users.new_password(me(), code))


def _new(typed, errors) -> str:
    return render_template(
        "admin/user_new.html", typed=typed, errors=errors, posts=sorted(names.posts().values(), key=lambda post: post.code)
    )


def _show(code: str, errors: dict | None = None, typed=None, password: str | None = None) -> str:
    session = db.session()
    account = admin_users.account(session, me(), code)
    return render_template(
        "admin/user.html",
        account=account,
        relatives=" ".join(admin_users.relatives_of(session, account.id)),
        errors=errors or {},
        typed=typed,
        password=password,
        may_give=policy.gives_roles(me()),
        today=clock.now().date(),
        posts=sorted(names.posts().values(), key=lambda post: post.code),
        roles=names.all_roles(),
        types=names.case_types(),
        acts=acts(administration.of_subject(session, code, 10)),
    )


def _done(code: str, text: str):
    flash(text, "good")
    return redirect(url_for("admin.user", code=code), 303)
