"""Error pages: what happened and what to do, in one sentence each, never a traceback; JSON for scripts that ask for it."""

import logging

from flask import Flask, Response, g, jsonify, render_template, request
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from app.extensions import db
from app.web.language import say

log = logging.getLogger(__name__)

LAST_RESORT = (
    '<!doctype html><html lang="fr"><meta charset="utf-8"><title>Panne — Jatigi</title>'
    "<h1>Une panne est survenue</h1><p>Rien n’a été enregistré. Réessayez dans quelques minutes.</p><p>Repère : {mark}</p></html>"
)


def mark() -> str:
    """The name of this request in the log, shown on the page for whoever asks for help."""
    return g.get("request_id") or "–"


def page(code: int, title: str, lines: list[str], cures: list[str] | None = None) -> tuple[Response | str, int]:
    """The error page; or the same as problem+json when the caller asked for JSON."""
    if request.accept_mimetypes.best == "application/json":
        return problem(code, " ".join(lines), title)
    return render_template("errors/error.html", code=code, title=title, lines=lines, cures=cures or [], mark=mark()), code


def problem(code: int, detail: str, title: str = "") -> tuple[Response, int]:
    """The answer to a script: problem+json."""
    answer = jsonify(type="about:blank", status=code, title=title or detail, detail=detail, mark=mark())
    answer.content_type = "application/problem+json"
    return answer, code


def not_found() -> tuple[Response | str, int]:
    """Absent, or not for this reader: the two look the same."""
    return page(
        404,
        say("Cette page n'existe pas pour vous"),
        [say("L'adresse est fausse, ou le dossier n'est pas dans vos postes. Rien n'est perdu.")],
        [
            say("Cherchez la référence, le nom ou le passeport en haut de la page."),
            say("Si un collègue vous a envoyé ce lien, demandez-lui de vous associer au dossier."),
        ],
    )


def forbidden(reason: str) -> tuple[Response | str, int]:
    """Visible but not allowed: the sentence says why, and who can."""
    return page(403, say("Vous ne pouvez pas faire cela"), [reason])


def _csrf(_error: CSRFError) -> tuple[Response | str, int]:
    return page(
        400,
        say("Cette page est restée ouverte trop longtemps"),
        [say("Rien n'a été enregistré. Revenez à la page précédente, rechargez-la et recommencez ; vos brouillons sont gardés.")],
    )


def _http(error: HTTPException) -> tuple[Response | str, int]:
    code = error.code or 500
    if code == 404:
        return not_found()
    if code == 403:
        return forbidden(say("Votre rôle ne le permet pas."))
    titles = {
        400: (say("Demande illisible"), say("La page n'a pas compris ce qui a été envoyé. Revenez en arrière et recommencez.")),
        405: (say("Cette adresse ne s'ouvre pas ainsi"), say("Revenez à la page précédente et servez-vous de ses boutons.")),
        413: (say("Envoi trop lourd"), say("Un envoi fait 25 Mo au plus. Réduisez les fichiers ou envoyez-les un par un.")),
        415: (say("Format refusé"), say("Ce format n'est pas accepté ici.")),
        429: (say("Trop d'essais"), say("Attendez une minute, puis recommencez.")),
    }
    title, line = titles.get(code, (say("Demande refusée"), say("Revenez à la page précédente et recommencez.")))
    return page(code, title, [line])


def _broken(error: Exception) -> tuple[Response | str, int]:
    try:
        db.session.rollback()
        return page(
            500,
            say("Une panne est survenue"),
            [say("L'acte n'a pas été enregistré. L'équipe technique trouve la panne dans le journal sous le repère ci-dessous.")],
        )
    except Exception:
        # What broke the page may break its error page too (no database): then a sentence without any of it.
        log.exception("error_page_failed")
        return LAST_RESORT.format(mark=escape(mark())), 500


def init_app(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(500, _broken)
