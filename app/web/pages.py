"""What every page carries around its content: the main entries, the account, help, accessibility and privacy."""

from typing import NamedTuple

from flask import Blueprint, Flask, flash, g, redirect, render_template, request, url_for
from flask_login import current_user

from app.extensions import db
from app.services import budget, clock, imprests, passwords, people, rights, sign_ins
from app.web import access, names
from app.web.language import say
from app.web.reader import me

MONEY = frozenset({"budget", "credits", "treasury", "imprests", "statements", "year_end", "partners"})
"""Areas of the pages about the budget."""
ADMINISTRATORS = ("admin_fonctionnel", "admin_technique")

about = Blueprint("about", __name__)
account = Blueprint("account", __name__)


class Entry(NamedTuple):
    """An entry of the top bar."""

    label: str
    href: str
    icon: str
    current: bool
    count: str | None = None


def navigation() -> list[Entry]:
    """The entries of this reader; administrators see no case, so they get their own."""
    roles = current_user.role_names
    area = (request.blueprint or "").split(".")[0]
    if roles and roles <= set(ADMINISTRATORS):
        return [Entry(say("Administration"), url_for("admin.index"), "gear", True)]
    entries = [
        Entry(say("Tâches"), url_for("inbox.index"), "inbox", area in {"inbox", "tasks"}, g.get("task_count")),
        Entry(say("Dossiers"), url_for("cases.index"), "folder", area in {"cases", "intake", "history", "search"}),
    ]
    if people.may_search(me(), names.case_types()):
        entries.append(Entry(say("Personnes"), url_for("people.index"), "person", area == "people"))
    if budget.level(me(), names.case_types()):
        entries.append(Entry(say("Budget"), url_for("budget.index"), "coin", area in MONEY))
    elif rights.has(me(), rights.READ_IMPRESTS, names.case_types()) and imprests.posts(db.session(), me()):
        entries.append(Entry(say("Régie"), url_for("imprests.index"), "coin", area == "imprests"))
    if rights.has(me(), rights.ACROSS, names.case_types()):
        entries.append(Entry(say("Contrôle"), url_for("audit.index"), "eye", area == "audit"))
    if roles & set(ADMINISTRATORS):
        entries.append(Entry(say("Administration"), url_for("admin.index"), "gear", area == "admin"))
    return entries


@about.get("/aide")
@access.public
def help():
    """How the pages are used, in one screen."""
    return render_template("about/help.html")


@about.get("/accessibilite")
@access.public
def accessibility():
    """What was tried, what is known to fail, whom to tell."""
    return render_template("about/accessibility.html")


@about.get("/donnees-personnelles")
@access.public
def privacy():
    """Law, authority, rights, and how long what is kept."""
    return render_template("about/privacy.html")


@account.get("/compte")
@access.signed_in
def index():
    """My roles, my devices, my password."""
    return render_template("account/index.html", **_account())


@account.get("/raccourcis")
@access.signed_in
def keys():
    """The keys, all optional."""
    return render_template("account/keys.html")


@account.post("/compte/mot-de-passe")
@access.signed_in
def change_password():
    """A new password, and every other device signed out."""
    errors = _password_errors()
    if not errors:
        right = sign_ins.change_password(me().id, request.form["old"], request.form["new"])
        errors = {} if right else {"old": say("Ce n'est pas votre mot de passe actuel.")}
    if errors:
        return render_template("account/index.html", errors=errors, **_account()), 422
    sign_ins.leave_everywhere(me().id, except_for=current_user.get_id())
    flash(say("Votre mot de passe est changé ; vos autres appareils sont déconnectés."), "good")
    return redirect(url_for("account.index"), 303)


@account.post("/compte/appareils")
@access.signed_in
def leave_others():
    """Sign out everywhere else."""
    sign_ins.leave_everywhere(me().id, except_for=current_user.get_id())
    flash(say("Vos autres appareils sont déconnectés."), "good")
    return redirect(url_for("account.index"), 303)


def _account() -> dict:
    now = clock.now()
    return {"devices": sign_ins.open_ones(db.session(), me().id, now), "shortest": passwords.SHORTEST}


def _password_errors() -> dict[str, str]:
    new, again = request.form.get("new", ""), request.form.get("again", "")
    if not passwords.SHORTEST <= len(new) <= passwords.LONGEST:
        return {"new": say("Écrivez de %(least)s à %(most)s caractères.", least=passwords.SHORTEST, most=passwords.LONGEST)}
    if new != again:
        return {"again": say("Les deux nouveaux mots de passe diffèrent.")}
    if not request.form.get("old"):
        return {"old": say("Écrivez votre mot de passe actuel.")}
    return {}


def init_app(app: Flask) -> None:
    """Give the templates the top bar, and the pages their addresses."""
    app.jinja_env.globals["navigation"] = navigation
    app.register_blueprint(about)
    app.register_blueprint(account)
