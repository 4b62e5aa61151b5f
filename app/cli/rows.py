"""Commands on the rows of a database: what is wrong with the database itself is one sentence, not a traceback."""

from __future__ import annotations

import sqlite3
from typing import Any

import click
import psycopg
from flask.cli import AppGroup
from sqlalchemy.exc import DBAPIError


class RowsGroup(AppGroup):
    """A group whose commands need the tables of a database that answers."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DBAPIError as error:
            told = _told(error.orig)
            if told is None:
                raise
            raise click.ClickException(told) from None


def _told(error: BaseException | None) -> str | None:
    """What is wrong with the database; None for an error that is one of ours."""
    if isinstance(error, psycopg.errors.UndefinedTable) or (isinstance(error, sqlite3.OperationalError) and "no such table" in str(error)):
        return "La base de données n'a pas encore ses tables : « flask db upgrade » les fait, « make run » aussi."
    if isinstance(error, sqlite3.OperationalError) and "unable to open" in str(error):
        return "Le fichier de la base de données ne s'ouvre pas : voir JATIGI_DATA et DATABASE_URL."
    if isinstance(error, psycopg.OperationalError) and error.sqlstate is None:
        return f"La base de données ne répond pas : {str(error).strip().splitlines()[0]}"
    return None
