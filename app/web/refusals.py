"""From a refusal of the services to a page: 404 looks like absence, 403 says its rule, 409 keeps what was typed, 422 says what to write."""

from __future__ import annotations

from typing import Any

from flask import Flask

from app.services.errors import Invalid, Refusal
from app.services.sentences import SENTENCES
from app.services.sentences import say as sentence_of
from app.web import errors
from app.web.filters import typo
from app.web.language import chosen, say


def sentence(refusal: Refusal) -> str:
    """The refusal in the reader's language, typeset."""
    return typo(refusal.sentence(chosen()))


def field_errors(refusal: Invalid) -> dict[str, str]:
    """{field: sentence} of a form of ours (not of a procedure): codes become sentences, texts stay."""
    return {name: message_text(message) for name, message in refusal.errors.items()}


def message_text(message: Any) -> str:
    """One error as text: a code of ours, a Message of the forms, a list of them, or already a sentence."""
    if isinstance(message, (list, tuple)):
        return " ".join(message_text(one) for one in message)
    text = str(getattr(message, "text", message))
    return typo(sentence_of(text, chosen()) if text in SENTENCES else text)


def _answer(refusal: Refusal):
    if refusal.status == 404:
        return errors.not_found()
    if refusal.status == 403:
        return errors.forbidden(sentence(refusal))
    titles = {409: say("Quelqu'un est passé avant vous"), 422: say("Ce qui a été envoyé ne peut pas être pris")}
    lines = [sentence(refusal)]
    if isinstance(refusal, Invalid):
        lines += [f"{name} : {text}" if name else text for name, text in field_errors(refusal).items()]
    return errors.page(refusal.status, titles.get(refusal.status, say("Demande refusée")), lines)


def init_app(app: Flask) -> None:
    """Answer refusals that no route takes care of itself."""
    app.register_error_handler(Refusal, _answer)
