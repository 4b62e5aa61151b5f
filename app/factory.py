"""The application: settings, extensions, pages and interface put together. The only place that knows all of them."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from app import addresses, api, cli
from app.config import ROOT, Config
from app.db import connections
from app.extensions import csrf, db, limiter
from app.web import site


class Templates(Environment):
    """Jinja's environment. What templates find without being given it is bound before the first of them is read, so one plain dictionary
    serves where Jinja chains two: every import of a macro compares their keys, a twelfth of a page."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return {**self.globals, **(d or {})}


class Application(Flask):
    jinja_environment = Templates


def create_app(config: Config | None = None) -> Flask:
    """A ready application for the settings given, those of the environment by default."""
    config = config or Config.from_environment()
    app = Application("app", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "app" / "static"))
    app.config.update(config.flask())
    app.cli = cli.Commands()
    if config.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=config.proxies)  # type: ignore[method-assign]
    connections.init_app(app)
    Migrate(app, db, directory=str(ROOT / "app" / "db" / "migrations"))
    csrf.init_app(app)
    limiter.init_app(app)
    addresses.init_app(app)
    site.init_app(app)
    api.init_app(app)
    return app
