"""Bytes that a finished case leaves in the database: all tables and indexes, before and after."""

from __future__ import annotations

from sqlalchemy import text

from app.extensions import db
from benchmarks.acts import Cost, Service

TABLES = "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"


def of_finished_case(service: Service, count: int) -> float:
    """Mean bytes of a case of the workload from its first row to its last."""
    before = used()
    for number in range(count):
        service.run(Cost("filling"), number)
    return (used() - before) / count


def by_table(count: int) -> list[tuple[str, float]]:
    """(table or index, bytes a case) on PostgreSQL, the largest first; empty on SQLite."""
    if db.engine.dialect.name == "sqlite":
        return []
    query = "SELECT relname, pg_relation_size(oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'i')"
    with db.engine.connect() as connection:
        rows = [(name, size / count) for name, size in connection.execute(text(query + " ORDER BY 2 DESC LIMIT 12"))]
    return rows


def used() -> int:
    """Bytes in use now."""
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            pages, free, size = (
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in ("page_count", "freelist_count", "page_size")
            )
            return (pages - free) * size
        return int(connection.execute(text(f"{TABLES} WHERE n.nspname = 'public' AND relkind = 'r'")).scalar_one())
