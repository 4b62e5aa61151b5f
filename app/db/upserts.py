"""Insert, or update what is there: one statement, written in the dialect of each database, built once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, CursorResult, FromClause
from sqlalchemy.dialects import postgresql, sqlite

DIALECTS: dict[str, Any] = {"postgresql": postgresql, "sqlite": sqlite}


class Upsert:
    """Rows of a table go in; of a row whose key is known the other columns are replaced."""

    def __init__(self, table: FromClause, *keys: str) -> None:
        self._statements = {name: _upsert(dialect.insert(table), keys) for name, dialect in DIALECTS.items()}

    def execute(self, connection: Connection, rows: list[dict[str, Any]]) -> None:
        """All of `rows` (at least one; each gives every column that has no default)."""
        connection.execute(self._statements[connection.dialect.name], rows)


class InsertOnce:
    """A row goes in unless its key is known."""

    def __init__(self, table: FromClause) -> None:
        # The count of rows of an INSERT is only kept when asked for: psycopg's cursor is closed when it is wanted.
        self._statements = {
            name: dialect.insert(table).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
            for name, dialect in DIALECTS.items()
        }

    def execute(self, connection: Connection, row: dict[str, Any]) -> bool:
        """Whether it went in."""
        result = connection.execute(self._statements[connection.dialect.name], row)
        assert isinstance(result, CursorResult)
        return result.rowcount == 1


def _upsert(statement: Any, keys: tuple[str, ...]) -> Any:
    others = {column.key: statement.excluded[column.key] for column in statement.table.c if column.key not in keys}
    return statement.on_conflict_do_update(index_elements=list(keys), set_=others)
