"""Refusals as problem+json (RFC 9457): status, code, sentence, and the fields that are wrong. Never a traceback."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException

from app.services.errors import Invalid, Refusal
from app.services.sentences import SENTENCES, say

TITLES = {
    400: "Demande illisible",
    401: "Jeton requis",
    403: "Refusé",
    404: "Introuvable",
    405: "Méthode refusée",
    409: "Conflit",
    413: "Envoi trop lourd",
    415: "Format refusé",
    422: "Données à corriger",
    429: "Trop de demandes",
}


def problem(status: int, detail: str, *, code: str, **more: Any) -> tuple[Response, int]:
    """One answer in the format of all refusals."""
    body = {"type": "about:blank", "title": TITLES.get(status, "Refusé"), "status": status, "detail": detail, "code": code, **more}
    answer = jsonify(body)
    answer.content_type = "application/problem+json"
    return answer, status


def _language() -> str:
    actor = g.get("api_actor")
    return request.accept_languages.best_match(["fr", "en"]) or (actor.language if actor else "fr")


def refused(error: Refusal) -> tuple[Response, int]:
    """A refusal of the services."""
    language = _language()
    more: dict[str, Any] = {}
    if isinstance(error, Invalid):
        more["errors"] = {name: _texts(messages, language) for name, messages in error.errors.items()}
    return problem(error.status, error.sentence(language), code=error.code, **more)


def _texts(messages: Any, language: str) -> list[dict[str, str]]:
    found = messages if isinstance(messages, (list, tuple)) else [messages]
    return [_text(message, language) for message in found]


def _text(message: Any, language: str) -> dict[str, str]:
    text = str(getattr(message, "text", message))
    if text in SENTENCES:
        return {"code": text, "message": say(text, language)}
    return {"code": str(getattr(message, "code", "invalid")), "message": text}


def http(error: HTTPException) -> tuple[Response, int]:
    """An error of the protocol, or of the schema of a request."""
    status = error.code or 500
    data = getattr(error, "data", None) or {}
    messages = data.get("messages")
    more = {"errors": messages} if messages else {}
    return problem(status, str(data.get("message") or error.description or ""), code=f"http_{status}", **more)


def init_app(app: Flask, root: str) -> None:
    """Answers below `root` are JSON, whatever goes wrong; all else is left to the pages."""
    _wrap(app, Refusal, refused, root)
    _wrap(app, HTTPException, http, root)


def _wrap(app: Flask, kind: type[Exception], answer: Any, root: str) -> None:
    """Puts our answer before the one that the pages registered for the same kind of error."""
    known = app.error_handler_spec[None]
    code = None
    pages = known[code].get(kind)

    def handler(error: Any) -> Any:
        if request.path.startswith(root):
            return answer(error)
        if pages is not None:
            return pages(error)
        if isinstance(error, HTTPException):
            return error
        raise error

    app.register_error_handler(kind, handler)
