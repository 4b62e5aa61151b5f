"""What a database needs before the application can run on it, found out in a hundredth of a second at every start.

Plain drivers and the text of the migrations: importing the application for that would take as long as all the rest of a start.
"""

import os
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from app.config import ROOT
from workflows.folder import SHEET, child_files, read_folder, version_of

VERSIONS = ROOT / "app" / "db" / "migrations" / "versions"
NAMED = re.compile(r"^(down_)?revision\b[^=]*= (?:'([^']+)'|\"([^\"]+)\"|None)", re.MULTILINE)
NO_SUCH_TABLE = (sqlite3.OperationalError, psycopg.errors.UndefinedTable)


class Unreachable(RuntimeError):
    """The database does not answer; the message says the cure."""


class State(NamedTuple):
    """migrated: the tables are of the newest version; peopled: somebody is known; published: every case type of the folder is."""

    migrated: bool
    peopled: bool
    published: bool

    @property
    def demonstration(self) -> bool:
        """Whether to load the demonstration: into a database that knows nobody, unless JATIGI_DEMO=0."""
        return not self.peopled and os.environ.get("JATIGI_DEMO") != "0"

    @property
    def work(self) -> bool:
        """Whether anything is to be done."""
        return not self.migrated or not self.published or self.demonstration


def look(url: str, bpmn: Path) -> State:
    """The state of the database, beside the folder of case types. Raises Unreachable."""
    try:
        with closing(_connect(url)) as connection:
            versions = {row[0] for row in _rows(connection, "SELECT version_num FROM alembic_version")}
            peopled = bool(_rows(connection, "SELECT 1 FROM user_account LIMIT 1"))
            known = {row[0] for row in _rows(connection, "SELECT hash FROM definition_version")}
            return State(versions == newest(), peopled, set(procedures(bpmn)) <= known)
    except (psycopg.OperationalError, sqlite3.OperationalError) as error:
        cure = "Vérifiez DATABASE_URL, et que son serveur tourne."
        raise Unreachable(f"La base de données ne répond pas : {str(error).strip()}\n{cure}") from None


def newest() -> set[str]:
    """The revisions of the migrations that no other follows."""
    revisions, followed = set(), set()
    for path in VERSIONS.glob("*.py"):
        for down, one, other in NAMED.findall(path.read_text()):
            (followed if down else revisions).add(one or other)
    return revisions - followed


def procedures(bpmn: Path) -> dict[str, dict[str, bytes]]:
    """Content hash -> files of every case type, those of the children of operations too."""
    found: dict[str, dict[str, bytes]] = {}
    for sheet in sorted(bpmn.glob(f"*/{SHEET}")):
        files = read_folder(sheet.parent)
        found |= {version_of(one): one for one in (files, child_files(files)) if one is not None}
    return found


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
