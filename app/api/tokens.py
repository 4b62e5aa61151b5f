"""Who calls: the bearer token of the request becomes an actor."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import g, request

from app.api.errors import problem
from app.extensions import db
from app.services import api_tokens, clock
from app.services.actor import Actor


def caller() -> Actor:
    """The actor of this request."""
    return g.api_actor


def with_token(view: Callable[..., Any]) -> Callable[..., Any]:
    """401 without a valid token; the actor for the view otherwise."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        actor = api_tokens.actor_of(db.session(), token.strip(), clock.now()) if scheme.lower() == "bearer" and token else None
        db.session.rollback()
        if actor is None:
            answer, status = problem(401, "Jeton absent, inconnu ou expiré.", code="token")
            answer.headers["WWW-Authenticate"] = "Bearer"
            return answer, status
        g.api_actor = actor
        return view(*args, **kwargs)

    return guarded


def idempotency_key() -> str | None:
    """The key that the client gave with an act."""
    return request.headers.get("Idempotency-Key")
