"""Databases for tests: a template is migrated once a run, each test gets a copy of it."""

import os
import shutil
import sqlite3
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tests.support import postgres, run

TEMPLATE = "jatigi_template"


def sqlite_template(migrate) -> Path:
    """Path of a migrated SQLite file; `migrate(url)` makes it at the first call of any process."""
    with run.alone("sqlite") as done:
        path = run.folder() / "template.db"
        if not done.exists():
            migrate(f"sqlite:///{path}")
            with sqlite3.connect(path) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            done.touch()
        return path


def copy_sqlite(template: Path, path: Path) -> None:
    """Put a fresh copy of the template at `path`, over what is there."""
    for end in ("-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    shutil.copyfile(template, path)


def postgres_template(migrate) -> str:
    """Address of the server whose template database is migrated; `migrate(url)` makes it at the first call of any process."""
    server = postgres.server_url()
    with run.alone("postgres-template") as done:
        if not done.exists():
            create_database(server, TEMPLATE, "template0")
            migrate(database_url(server, TEMPLATE))
            done.touch()
    return server


def database_url(server: str, name: str) -> str:
    """Address of the database `name` on the server."""
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def own_name(purpose: str) -> str:
    """A database name that no other process of the run uses."""
    return f"jatigi_{purpose}_{os.getpid()}"


def create_database(server: str, name: str, template: str = TEMPLATE) -> str:
    """Drop and create the database `name` as a copy of `template`; its address."""
    with _administer(server) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
    return database_url(server, name)


def drop_database(server: str, name: str) -> None:
    """Drop the database, whoever is connected."""
    with _administer(server) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _administer(server: str) -> psycopg.Connection:
    return psycopg.connect(server.replace("+psycopg", "", 1), autocommit=True)
