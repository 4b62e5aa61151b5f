"""The language and the time zone of a page: French unless the reader chose English, kept in a cookie and on the account."""

import io
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Blueprint, Flask, g, redirect, request, url_for
from flask_babel import get_translations, gettext
from flask_login import current_user

from app.extensions import babel
from app.services import sign_ins
from app.web import access, texts

LANGUAGES = {"fr": "Français", "en": "English"}
DOMAIN = "messages"
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


def mark(message: str) -> str:
    """The message itself: names it for the catalogue where it is only kept, to be said later."""
    return message


def say(message: str, /, **values: object) -> str:
    """The message in the reader's language; French is typeset after its values are in place."""
    if chosen() == "fr":
        return texts.typeset(message % values if values else message)
    return gettext(message, **values)


def say_many(one: str, many: str, number: int, /, **values: object) -> str:
    """The message for `number` things, which stands in it as %(num)s. In French 0 and 1 are singular."""
    if chosen() == "fr":
        return texts.typeset((one if abs(number) < 2 else many) % {"num": texts.grouped(number), **values})
    return get_translations().ungettext(one, many, number) % {"num": texts.grouped(number, "en"), **values}


def quoted(text: str) -> str:
    """The text between the reader's quotation marks."""
    return texts.typeset(f"« {text} »") if chosen() == "fr" else f"“{text}”"


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
        if current_user.is_authenticated:
            sign_ins.choose_language(current_user.actor.id, code)
        answer.set_cookie(COOKIE, code, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure)
    return answer


@lru_cache(maxsize=1)
def english() -> Translations:
    """The English catalogue, compiled in memory from its .po file: nothing to build, nothing to forget to build."""
    path = Path(__file__).parent.parent / "translations" / "en" / "LC_MESSAGES" / "messages.po"
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale="en"))
    compiled.seek(0)
    return Translations(compiled)


def init_app(app: Flask) -> None:
    """Bind Babel with French as the source language, and give the templates `_`, `n_`, `language` and `languages`."""
    babel.init_app(app, default_locale="fr", locale_selector=chosen, timezone_selector=zone)
    with app.app_context():
        known = babel.domain_instance.cache
    known["fr", DOMAIN], known["en", DOMAIN] = NullTranslations(), english()
    app.jinja_env.globals.update(_=say, n_=say_many, language=chosen, languages=LANGUAGES, quoted=quoted)
    app.register_blueprint(blueprint)
