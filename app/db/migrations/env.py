"""How a migration runs: one transaction for all of it, under a lock, on both databases."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, text

import app.db  # noqa: F401  every table is known
from app.db.types import UtcDateTime
from app.extensions import db

MIGRATION_LOCK = 4_019_733_201


def plain(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Our own column types by what they are in the database: a migration must outlive our code."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


def migrate(connection: Connection) -> None:
    """Run what is missing. A second process waits, and then finds nothing to do."""
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        compare_type=True,
        transactional_ddl=True,
        render_item=plain,
        render_as_batch=connection.dialect.name == "sqlite",
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # A table may be long to rebuild, and another migration long to wait for.
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = '60s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
        context.run_migrations()


with db.engine.connect().execution_options(write=True, migration=True) as open_connection:
    migrate(open_connection)
    open_connection.commit()
