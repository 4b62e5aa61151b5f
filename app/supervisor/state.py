"""What a database needs before the application can run on it, found out in a hundredth of a second at every start.

Plain drivers and the text of the migrations: importing the application for that would take as long as all the rest of a start.
"""

import re
import sqlite3
from contextlib import closing
from typing import Any, NamedTuple

import psycopg

from app.config import ROOT

VERSIONS = ROOT / "app" / "db" / "migrations" / "versions"
NAMED = re.compile(r"^(down_)?revision\b[^=]*= (?:'([^']+)'|\"([^\"]+)\"|None)", re.MULTILINE)
NO_SUCH_TABLE = (sqlite3.OperationalError, psycopg.errors.UndefinedTable)


class Unreachable(RuntimeError):
    """The database does not answer; the message says the cure."""


class State(NamedTuple):
    """Whether the database has the newest version, and whether it knows anybody."""

    migrated: bool
    peopled: bool


def look(url: str) -> State:
    """The state of the database. Raises Unreachable."""
    try:
        with closing(_connect(url)) as connection:
            versions = {row[0] for row in _rows(connection, "SELECT version_num FROM alembic_version")}
            return State(versions == newest(), bool(_rows(connection, "SELECT 1 FROM user_account LIMIT 1")))
    except (psycopg.OperationalError, sqlite3.OperationalError) as error:
        raise Unreachable(f"The database does not answer: {str(error).strip()}\nCheck DATABASE_URL, and that the server runs.") from None


def newest() -> set[str]:
    """The revisions of the migrations that no other follows."""
    revisions, followed = set(), set()
    for path in VERSIONS.glob("*.py"):
        for down, one, other in NAMED.findall(path.read_text()):
            (followed if down else revisions).add(one or other)
    return revisions - followed


def _connect(url: str) -> Any:
    if url.startswith("sqlite"):
        return sqlite3.connect(url.removeprefix("sqlite:///"), timeout=10)
    return psycopg.connect(url.replace("+psycopg", "", 1), connect_timeout=5)


def _rows(connection: Any, statement: str) -> list[tuple[Any, ...]]:
    try:
        return connection.execute(statement).fetchall()
    except NO_SUCH_TABLE as error:
        connection.rollback()
        if isinstance(error, sqlite3.OperationalError) and "no such table" not in str(error):
            raise
        return []
