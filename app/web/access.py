"""The access rule of every route, said on the route itself; a route without one answers nobody.

The rule here says who may knock. What a person may see or do with one case is decided by `services.policy`, inside
the service that the route calls: not visible answers 404, visible but not allowed answers 403 with its sentence.
"""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from flask import abort, current_app, request
from flask_login import current_user

View = TypeVar("View", bound=Callable)

MARK = "access_rule"
FOREIGN = {"static"}


def public(view: View) -> View:
    """Anybody, signed in or not."""
    setattr(view, MARK, "public")
    return view


def signed_in(view: View) -> View:
    """Anybody with an account; the service decides about the case, the person or the document."""
    return _guarded(view, "signed_in", lambda: True)


def holds(*roles: str) -> Callable[[View], View]:
    """Whoever holds one of the roles today, at any post; for others the page does not exist."""

    def decorate(view: View) -> View:
        return _guarded(view, "holds:" + ",".join(roles), lambda: bool(current_user.role_names & set(roles)))

    return decorate


def _guarded(view: View, rule: str, allowed: Callable[[], bool]) -> View:
    @wraps(view)
    def guarded(*args, **kwargs):
        if not current_user.is_authenticated:
            return current_app.login_manager.unauthorized()
        if not allowed():
            abort(404)
        return view(*args, **kwargs)

    setattr(guarded, MARK, rule)
    return guarded  # type: ignore[return-value]


def rule_of(endpoint: str | None) -> str | None:
    """The access rule of an endpoint, None when its author forgot it."""
    view = current_app.view_functions.get(endpoint or "")
    return getattr(view, MARK, None)


def refuse_unmarked() -> None:
    """Before every request: an endpoint of these pages that says no rule is as good as absent."""
    if request.endpoint and request.endpoint not in FOREIGN and rule_of(request.endpoint) is None:
        abort(404)
