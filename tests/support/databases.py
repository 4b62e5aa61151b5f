"""Databases for tests: a template is migrated once a run, each test gets a copy of it."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tests.support import postgres, run

Fill = Callable[[str], None]
"""Given the address of an empty database, makes it what a template is to be."""


def sqlite_template(kind: str, fill: Fill) -> Path:
    """Path of the SQLite file that `fill(url)` makes, at the first call of any process of the run."""
    with run.alone(f"sqlite-{kind}") as done:
        path = run.folder() / f"{kind}.db"
        if not done.exists():
            fill(f"sqlite:///{path}")
            with sqlite3.connect(path) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            done.touch()
        return path


def copy_sqlite(template: Path, path: Path) -> None:
    """Put a fresh copy of the template at `path`, over what is there."""
    for end in ("-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    shutil.copyfile(template, path)


def postgres_template(kind: str, fill: Fill) -> str:
    """Name of the PostgreSQL database that `fill(url)` makes, at the first call of any process of the run."""
    server = postgres.server_url()
    name = f"jatigi_template_{kind}"
    with run.alone(f"postgres-{kind}") as done:
        if not done.exists():
            fill(create_database(server, name, "template0"))
            done.touch()
    return name


def database_url(server: str, name: str) -> str:
    """Address of the database `name` on the server."""
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def own_name(purpose: str) -> str:
    """A database name that no other process of the run uses."""
    return f"jatigi_{purpose}_{os.getpid()}"


def create_database(server: str, name: str, template: str) -> str:
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
