"""Why a use case did not happen: each with a code and a sentence in the reader's language (see `sentences.py`)."""

from __future__ import annotations

from typing import Any

from app.services.sentences import say


class Refusal(Exception):
    """An act that the rules do not allow, or that came too late. Nothing of it was written."""

    status = 403

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def sentence(self, language: str = "fr") -> str:
        """What a person is told."""
        return say(self.code, language, **self.params)

    def __str__(self) -> str:
        return self.sentence()


class NotFound(Refusal):
    """It does not exist, or not for this actor: both are told the same."""

    status = 404

    def __init__(self, code: str = "not_found", **params: Any) -> None:
        super().__init__(code, **params)


class Forbidden(Refusal):
    """The actor may see it, but not do this; the sentence says which rule and who can."""


class Conflict(Refusal):
    """Somebody or something was first. The sentence says who and when."""

    status = 409


class Invalid(Refusal):
    """The input is not usable as it is. `errors` maps paths of fields to messages; `raw` is what was typed."""

    status = 422

    def __init__(self, errors: dict[str, Any], raw: Any = None, code: str = "invalid") -> None:
        super().__init__(code, count=len(errors))
        self.errors = errors
        self.raw = raw


class Broken(Refusal):
    """The procedure could not carry the act out: an incident was recorded."""

    status = 409

    def __init__(self, message: str, **params: Any) -> None:
        super().__init__("incident", message=message, **params)
