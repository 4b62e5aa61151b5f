"""How this software talks to its database: the rules of one transaction, the same on SQLite and PostgreSQL.

A transaction is for reading unless it is opened for writing (`begin_write`): a page never queues for the write lock, and a write that
was forgotten in a page raises instead of happening outside the rules. What was measured is in docs/operations.md.
"""

import os
import time
import warnings
import weakref
from typing import Any

from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import InvalidatePoolError, SAWarning
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.db import sqlite
from app.extensions import db

LOCK_TIMEOUT_MS = 5_000
STATEMENT_TIMEOUT_MS = 15_000
IDLE_TIMEOUT_MS = 30_000
RESTED_S = 1.0
"""Seconds without use after which a connection is asked whether it still lives: asking each time is a round trip more in every act."""
WRITE = {"write": True}

_engines: "weakref.WeakSet[Engine]" = weakref.WeakSet()

# Options given to a connection that has already begun are ignored with a warning: the write lock would silently be missing.
warnings.filterwarnings("error", message="Connection is already established", category=SAWarning)


def init_app(app: Flask) -> None:
    """Bind `db` to the application, by the address in its configuration, with the rules of this module."""
    config = app.config["JATIGI"]
    app.config["SQLALCHEMY_DATABASE_URI"] = config.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(config.database_url)
    db.init_app(app)
    with app.app_context():
        for engine in db.engines.values():
            prepare(engine)


def engine_for(url: str, **options: object) -> Engine:
    """An engine outside any application, with the rules of this module."""
    return prepare(create_engine(url, **(engine_options(url) | options)))


def maintenance_engine(url: str) -> Engine:
    """An engine for VACUUM, backups and database creation: every statement for itself, no pool to leave traces in."""
    return create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)


def begin_write(session: Session) -> Connection:
    """Open the session's transaction for writing. Raises RuntimeError when it has already read something: begin anew."""
    if session.in_transaction():
        raise RuntimeError("The session already holds a transaction for reading: commit or roll it back before writing.")
    return session.connection(execution_options=WRITE)


def engine_options(url: str) -> dict:
    """Arguments of create_engine for a database address."""
    if make_url(url).get_backend_name() == "sqlite":
        return {"connect_args": {"timeout": sqlite.TIMEOUT_S, "cached_statements": sqlite.PREPARED}}
    limits = {
        "lock_timeout": LOCK_TIMEOUT_MS,
        "statement_timeout": STATEMENT_TIMEOUT_MS,
        "idle_in_transaction_session_timeout": IDLE_TIMEOUT_MS,
        "timezone": "UTC",
    }
    options = " ".join(f"-c {name}={value}" for name, value in limits.items())
    return {"pool_recycle": 1800, "connect_args": {"options": options, "connect_timeout": 5}}


def prepare(engine: Engine) -> Engine:
    """Attach the rules to an engine that has not connected yet."""
    if engine.dialect.name == "sqlite":
        sqlite.attach(engine)
    else:
        event.listen(engine, "begin", _begin_postgresql)
        event.listen(engine, "checkin", _note_use)
        event.listen(engine, "checkout", lambda connection, record, _fairy: _ensure_alive(engine, connection, record))
    _engines.add(engine)
    return engine


def _begin_postgresql(connection: Connection) -> None:
    # The driver says it with its BEGIN: no further round trip.
    driver: Any = connection.connection.driver_connection
    driver.read_only = not connection.get_execution_options().get("write", False)


def _note_use(_connection: Any, record: Any) -> None:
    record.info["used_at"] = time.monotonic()


def _ensure_alive(engine: Engine, connection: Any, record: Any) -> None:
    # One that was lost, and with it all that rested as long, is replaced before anybody notices. One lost within the second is repeated
    # by `transaction`, whose first error forgets the others too.
    used_at = record.info.get("used_at")
    if used_at is None or time.monotonic() - used_at < RESTED_S:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error


def _forget_connections() -> None:
    # Two processes on one connection read each other's answers. The parent keeps it.
    for engine in list(_engines):
        engine.dispose(close=False)


os.register_at_fork(after_in_child=_forget_connections)
