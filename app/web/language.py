"""The language and the time zone of a page: French unless the reader chose English, kept in a cookie and on the account."""

from urllib.parse import urlsplit

from flask import Blueprint, Flask, g, redirect, request, url_for
from flask_babel import get_translations, gettext
from flask_login import current_user

from app.extensions import babel
from app.web import access, texts

LANGUAGES = {"fr": "Français", "en": "English"}
COOKIE = "langue"
YEAR = 31_536_000

blueprint = Blueprint("language", __name__)


def chosen() -> str:
    """`fr` or `en`: the cookie of this browser, then the account, then the browser's own wish, then French."""
    if "language" not in g:
        g.language = _choose()
    return g.language


def _choose() -> str:
    cookie = request.cookies.get(COOKIE)
    if cookie in LANGUAGES:
        return cookie
    account = getattr(current_user, "language", None)
    if account in LANGUAGES:
        return account
    return request.accept_languages.best_match(list(LANGUAGES)) or "fr"


def zone() -> str:
    """The IANA zone in which this reader sees moments: that of the post, Bamako for who has none."""
    return getattr(current_user, "zone", None) or "Africa/Bamako"


def say(message: str, **values: object) -> str:
    """The message in the reader's language; French is typeset after its values are in place."""
    text = gettext(message, **values)
    return texts.typeset(text) if chosen() == "fr" else text


def say_many(one: str, many: str, number: int, **values: object) -> str:
    """The message for `number` things, which stands in it as %(num)s. In French 0 and 1 are singular."""
    if chosen() == "fr":
        return texts.typeset((one if abs(number) < 2 else many) % {"num": texts.grouped(number), **values})
    return get_translations().ungettext(one, many, number) % {"num": texts.grouped(number, "en"), **values}


def safe_next(target: str | None) -> str | None:
    """The address if it is a path of this site, else None: no host, no scheme, no backslash, no control character."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    if any(ord(character) < 32 for character in target):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None


@blueprint.post("/langue/<code>")
@access.public
def choose(code: str):
    """Keep the language for this browser; back to the page one was on."""
    answer = redirect(safe_next(request.form.get("next")) or url_for("inbox.index"), 303)
    if code in LANGUAGES:
        answer.set_cookie(COOKIE, code, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer


def init_app(app: Flask) -> None:
    """Bind Babel with French as the source language, and give the templates `_`, `n_`, `language` and `languages`."""
    babel.init_app(app, default_locale="fr", locale_selector=chosen, timezone_selector=zone)
    app.jinja_env.globals.update(_=say, n_=say_many, language=chosen, languages=LANGUAGES)
    app.register_blueprint(blueprint)
