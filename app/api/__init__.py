"""The same use cases over JSON, under /api/v1: same policy, same validation. The description is at /api/v1/openapi.json."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask
from flask_smorest import Api

from app.api import answers, cases, edge, errors, operations, tasks
from app.extensions import csrf

TITLE, VERSION, ROOT = "Jatigi", "v1", "/api/v1"
ACCESS_RULE = "access_rule"
BLUEPRINTS = (cases.blueprint, tasks.blueprint, operations.blueprint)

for _blueprint in BLUEPRINTS:
    _blueprint.before_request(edge.refuse_bad_request)


class _Api(Api):
    """Leaves the errors alone (flask-smorest would answer those of the pages in JSON too), and describes them as they are."""

    ERROR_SCHEMA = answers.Problem

    def _register_responses(self) -> None:
        usual, self.DEFAULT_RESPONSE_CONTENT_TYPE = self.DEFAULT_RESPONSE_CONTENT_TYPE, "application/problem+json"
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = usual

    def _register_error_handlers(self) -> None:
        """See `errors.py`."""


def init_app(app: Flask) -> None:
    """Binds the interface to the application."""
    app.config.update(
        API_TITLE=TITLE,
        API_VERSION=VERSION,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=ROOT,
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={
            "info": {"description": "Cases, tasks, messages and history of the ministry's case management. One token a user."},
            "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
            "security": [{"token": []}],
        },
    )
    api = _Api(app)
    for blueprint in BLUEPRINTS:
        csrf.exempt(blueprint)
        api.register_blueprint(blueprint, url_prefix=ROOT)
    errors.init_app(app, ROOT)
    for endpoint, view in app.view_functions.items():
        if endpoint.startswith(("api_", "api-docs.")):
            app.view_functions[endpoint] = _marked(view, "public" if endpoint.startswith("api-docs.") else "token")


def _marked(view: Callable[..., Any], rule: str) -> Callable[..., Any]:
    """The view with its access rule, which every route must say."""

    @wraps(view)
    def marked(*args: Any, **kwargs: Any) -> Any:
        return view(*args, **kwargs)

    setattr(marked, ACCESS_RULE, rule)
    return marked
