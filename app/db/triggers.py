"""What the database itself refuses or does beside the checks of single rows: triggers, the same on SQLite and PostgreSQL.

A check sees one row; a trigger sees a line with its ledger, a request with its instalments, shares and people.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import DDL, FromClause, Table, event


class Rule(NamedTuple):
    """A refusal."""

    name: str
    moment: str
    """`BEFORE INSERT`, `AFTER UPDATE`, `BEFORE UPDATE OF column` ..."""
    table: str
    wrong: str | None
    """Refused where this condition over NEW and OLD is true; None: always. Over what is not filled in it is unknown: nothing is refused."""
    said: str


class Booking(NamedTuple):
    """What follows by itself from a new row."""

    name: str
    table: str
    statement: str


@dataclass(frozen=True)
class Triggers:
    """Those of some tables that belong together."""

    rules: Sequence[Rule]
    bookings: Sequence[Booking] = ()

    def statements(self, dialect: str, only: str | None = None) -> Iterator[str]:
        """What makes them (of one table, or of all), for `sqlite` or `postgresql`."""
        made = _ON_SQLITE if dialect == "sqlite" else _ON_POSTGRESQL
        for one in (*self.rules, *self.bookings):
            if only in (None, one.table):
                yield from made[type(one)](one)

    def dropped(self, dialect: str) -> Iterator[str]:
        """What takes them away."""
        for one in (*self.bookings, *self.rules):
            if dialect == "sqlite":
                yield f"DROP TRIGGER {one.name}"
            else:
                yield f"DROP TRIGGER {one.name} ON {one.table}"
                yield f"DROP FUNCTION {one.name}()"

    def attach(self, *tables: FromClause) -> None:
        """They come with these tables where those are made from their models."""
        for table in tables:
            assert isinstance(table, Table)
            for dialect in ("sqlite", "postgresql"):
                for statement in self.statements(dialect, table.name):
                    event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))


def _rule_on_sqlite(rule: Rule) -> Iterator[str]:
    condition = f" WHEN {rule.wrong}" if rule.wrong else ""
    yield f"CREATE TRIGGER {rule.name} {rule.moment} ON {rule.table}{condition} BEGIN SELECT RAISE(ABORT, '{rule.said}'); END"


def _booking_on_sqlite(booking: Booking) -> Iterator[str]:
    yield f"CREATE TRIGGER {booking.name} AFTER INSERT ON {booking.table} BEGIN {booking.statement}; END"


def _rule_on_postgresql(rule: Rule) -> Iterator[str]:
    raised = f"RAISE EXCEPTION '{rule.said}' USING ERRCODE = 'check_violation';"
    body = f"IF {rule.wrong} THEN {raised} END IF; RETURN NEW;" if rule.wrong else raised
    yield from _on_postgresql(rule.name, rule.moment, rule.table, body)


def _booking_on_postgresql(booking: Booking) -> Iterator[str]:
    yield from _on_postgresql(booking.name, "AFTER INSERT", booking.table, f"{booking.statement}; RETURN NEW;")


def _on_postgresql(name: str, moment: str, table: str, body: str) -> Iterator[str]:
    yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    yield f"CREATE TRIGGER {name} {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


_ON_SQLITE = {Rule: _rule_on_sqlite, Booking: _booking_on_sqlite}
_ON_POSTGRESQL = {Rule: _rule_on_postgresql, Booking: _booking_on_postgresql}
