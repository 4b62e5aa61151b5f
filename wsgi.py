"""The application for `flask` and for any web server: `gunicorn 'wsgi:create_app()'`."""

import click
from flask import Flask
from flask.cli import FlaskGroup
from werkzeug.utils import import_string

from app import cli


def create_app() -> Flask:
    """All of it; while `flask` looks for a command of ours the commands alone, each of which brings what it needs."""
    asked_by = click.get_current_context(silent=True)
    if asked_by is not None and isinstance(asked_by.command, FlaskGroup):
        return cli.outside(whole)
    return whole()


def whole() -> Flask:
    """Pages, interface, database and commands."""
    return import_string("app.factory:create_app")()
