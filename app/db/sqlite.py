"""The rules of a SQLite connection.

The driver's own transactions lose updates (1 283 of 1 600 between eight processes) and a plain BEGIN fails as soon as two write: hence
BEGIN IMMEDIATE for writers, in turn, and for readers transactions whose writes are refused before they reach the database.

They are refused here and not by `PRAGMA query_only`: every such PRAGMA makes the connection forget its prepared statements, and preparing
them anew took a third of the processor time of an act and more of a page's.
"""

import re
import sqlite3
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError

from app.db.turns import Turn

TIMEOUT_S = 30
PREPARED = 512
"""Statements that a connection keeps prepared: all that the software makes."""
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000", "temp_store=MEMORY")

WRITES = r"\b(INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM)\b"
READS = re.compile(rf"\s*(SELECT|VALUES|EXPLAIN|PRAGMA|WITH(?!.*{WRITES}))\b", re.IGNORECASE | re.DOTALL)
"""How a statement begins that only reads."""


def attach(engine: Engine) -> None:
    """Attach the rules to an engine that has not connected yet."""
    event.listen(engine, "connect", _connect)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _refuse_to_write)
    event.listen(engine, "checkin", _checkin)
    event.listen(engine, "close", _close)
    if engine.url.database not in {None, "", ":memory:"}:
        queue = f"{engine.url.database}.queue"
        event.listen(engine, "connect", lambda _connection, record: record.info.update(turn=Turn(queue)))


def _connect(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    driver: Any = connection.connection.driver_connection
    if options.get("migration"):
        driver.execute("PRAGMA foreign_keys=OFF")  # a table rebuilt by a migration must not empty its children
        connection.connection.info["migration"] = True
    if not options.get("write"):
        driver.execute("BEGIN")
        return
    if turn := connection.connection.info.get("turn"):
        turn.take()
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        raise OperationalError("BEGIN IMMEDIATE", None, error) from error


def _refuse_to_write(connection: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
    if READS.match(statement) is None and not connection.get_execution_options().get("write"):
        raise OperationalError(statement, parameters, sqlite3.OperationalError("attempt to write in a readonly transaction"))


def _checkin(connection: sqlite3.Connection | None, record: Any) -> None:
    if record.info.pop("migration", False) and connection is not None:
        connection.execute("PRAGMA foreign_keys=ON")
    if turn := record.info.get("turn"):
        turn.give_back()


def _close(_connection: sqlite3.Connection, record: Any) -> None:
    if turn := record.info.pop("turn", None):
        turn.close()
