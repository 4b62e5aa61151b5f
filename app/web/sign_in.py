"""Signing in and out."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_login import current_user, login_user, logout_user

from app.extensions import db, limiter, login_manager
from app.services import sign_ins
from app.web import access
from app.web.language import safe_next, say
from app.web.reader import _load

blueprint = Blueprint("sign_in", __name__)


def _typed_login() -> str:
    return f"login:{request.form.get('login', '')[:80].strip().lower()}"


@blueprint.get("/connexion")
@access.public
def show():
    """The form; `next` is where one wanted to go."""
    target = safe_next(request.args.get("next"))
    if current_user.is_authenticated:
        return redirect(target or url_for("inbox.home"))
    return render_template("sign_in/form.html", next=target, login="", ended=bool(target), error=None)


@blueprint.post("/connexion")
@access.public
@limiter.limit("30 per minute; 300 per hour")
@limiter.limit("10 per minute; 40 per hour", key_func=_typed_login)
def enter():
    """Name and password; what was in the session before is forgotten, so that no one prepares a session for another."""
    login, password = request.form.get("login", ""), request.form.get("password", "")
    target = safe_next(request.form.get("next"))
    sign_in = sign_ins.enter(login[:80], password, request.user_agent.string)
    if sign_in is None:
        error = say("L'identifiant ou le mot de passe est faux. Vérifiez la langue du clavier et les majuscules.")
        return render_template("sign_in/form.html", next=target, login=login[:80], error=error), 422
    session.clear()
    session.permanent = True
    db.session.rollback()
    login_user(_load(sign_in))
    return redirect(target or url_for("inbox.home"), 303)


@blueprint.post("/deconnexion")
@access.public
def leave():
    """Revoke this sign-in wherever its cookie may be, then forget it here."""
    if current_user.is_authenticated:
        sign_ins.leave(current_user.get_id())
    logout_user()
    session.clear()
    return redirect(url_for("sign_in.show"), 303)


@login_manager.unauthorized_handler
def ask():
    """A page for which one must sign in: there and back; a script is told 401."""
    if request.accept_mimetypes.best == "application/json":
        return {"title": "sign in"}, 401
    target = request.full_path.rstrip("?") if request.method == "GET" else url_for("inbox.index")
    return redirect(url_for("sign_in.show", next=target))
