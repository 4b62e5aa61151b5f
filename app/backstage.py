"""The application without pages and interface: settings and database, for whatever runs beside the web server."""

from __future__ import annotations

from flask import Flask

from app.config import Config
from app.db import connections


def services(config: Config) -> Flask:
    """An application in whose context the services work; it reads a third less than the whole one."""
    app = Flask("app", static_folder=None)
    app.config.update(config.flask())
    connections.init_app(app)
    return app
