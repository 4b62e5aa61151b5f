"""What a request may be, before anything reads it: parsed without recursion, shallow, texts and numbers that every database takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import orjson
from flask import Response, current_app, request

from app.api.errors import problem

HEAVIEST = 2**20
DEEPEST = 32
LARGEST = 2**53
MOST = 20_000
FILES = "takes_files"
View = TypeVar("View", bound=Callable[..., Any])


def takes_file(*media: str, heaviest: int) -> Callable[[View], View]:
    """Marks a view whose body is a file of one of these media types, of so many bytes at the most."""

    def mark(view: View) -> View:
        setattr(view, FILES, (media, heaviest))
        return view

    return mark


def refuse_bad_request() -> tuple[Response, int] | None:
    """Before every request: 4xx with a sentence for what no use case can read, or more than anybody needs."""
    if any("\x00" in text for pair in request.args.items(multi=True) for text in pair):
        return problem(400, "Un texte contient le caractère nul.", code="text")
    media, request.max_content_length = getattr(current_app.view_functions[str(request.endpoint)], FILES, ((), HEAVIEST))
    return _bad_file(media) if media else _bad_body()


def _bad_file(media: tuple[str, ...]) -> tuple[Response, int] | None:
    if request.mimetype not in media:
        return problem(415, f"Envoyez le fichier lui-même (Content-Type : {', '.join(media)}).", code="media_type")
    return None


def _bad_body() -> tuple[Response, int] | None:
    if not request.content_length and not request.headers.get("Transfer-Encoding"):
        return None
    if request.mimetype != "application/json":
        return problem(415, "Envoyez du JSON (Content-Type: application/json).", code="media_type")
    if not request.data:
        return None
    try:
        body = orjson.loads(request.data)
    except orjson.JSONDecodeError:
        return problem(400, "Le corps n’est pas du JSON lisible.", code="json")
    wrong = fault(body)
    return problem(400, wrong, code="json") if wrong else None


def fault(body: Any) -> str | None:
    """What is wrong with a parsed body; None when it is fine."""
    waiting, seen = [(body, 0)], 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if depth > DEEPEST or seen > MOST:
            return "Le corps est trop profond ou trop long."
        if isinstance(value, str) and "\x00" in value:
            return "Un texte contient le caractère nul."
        if isinstance(value, (int, float)) and abs(value) > LARGEST:
            return "Un nombre dépasse 2^53."
        if isinstance(value, list):
            waiting += [(item, depth + 1) for item in value]
        if isinstance(value, dict):
            waiting += [(part, depth + 1) for pair in value.items() for part in pair]
    return None
