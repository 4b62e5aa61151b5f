"""What the database itself refuses about money beside the checks of single rows: triggers, the same on SQLite and PostgreSQL.

A check sees one row; these see a line with its ledger, a request with its instalments, shares and people. Made with the tables.
"""

from collections.abc import Callable, Iterable, Iterator

from sqlalchemy import DDL, FromClause, Table, event

LAST = "(SELECT balance FROM ledger_entry WHERE line_id = NEW.id ORDER BY id DESC LIMIT 1)"
HELD = "(SELECT used FROM budget_line WHERE id = NEW.line_id)"
ORDERED = "CASE WHEN order_number IS NULL THEN 0 ELSE liquidated END"
ALIVE = "cancelled_at IS NULL"
PAYMENT_SIDES = ("certifier_id", "orderer_id", "accountant_id")


def _of_request(amount: str, column: str) -> str:
    """Payments of a request that add up to more than it says itself."""
    paid = f"SELECT coalesce(sum({amount}), 0) FROM payment WHERE request_id = NEW.request_id AND {ALIVE}"
    return f"({paid}) > (SELECT {column} FROM funding_request WHERE id = NEW.request_id)"


def _both_sides() -> str:
    """Somebody who asked for or granted the money certifies, orders or pays it; or does two of these."""
    of_request = "(SELECT {} FROM funding_request WHERE id = NEW.request_id)"
    asked, granted = of_request.format("requester_id"), of_request.format("approver_id")
    twice = [f"NEW.{side} IN ({asked}, {granted})" for side in PAYMENT_SIDES]
    twice += ["NEW.certifier_id = NEW.orderer_id", "NEW.certifier_id = NEW.accountant_id", "NEW.orderer_id = NEW.accountant_id"]
    return " OR ".join(twice)


def _turned_sides() -> str:
    """The same from the other end: a request whose asker or approver becomes somebody who has certified, ordered or paid."""
    sides = " OR ".join(f"{side} IN (NEW.requester_id, NEW.approver_id)" for side in PAYMENT_SIDES)
    return f"EXISTS (SELECT 1 FROM payment WHERE request_id = NEW.id AND {ALIVE} AND ({sides}))"


RULES = [
    # (name, when, table, forbidden when, what is said)
    ("ledger_follows", "BEFORE INSERT", "ledger_entry", f"NEW.balance <> NEW.amount + {HELD}", "balance does not follow"),
    ("ledger_kept", "BEFORE UPDATE", "ledger_entry", None, "the ledger is not changed"),
    ("ledger_kept_whole", "BEFORE DELETE", "ledger_entry", None, "the ledger is not cut"),
    ("line_begins_empty", "BEFORE INSERT", "budget_line", "NEW.used <> 0", "a line begins with an empty ledger"),
    (
        "line_holds_ledger",
        "BEFORE UPDATE OF used",
        "budget_line",
        f"NEW.used <> OLD.used AND NEW.used <> coalesce({LAST}, 0)",
        "a line holds what its ledger adds up to",
    ),
    ("payments_liquidated", "AFTER INSERT", "payment", _of_request("liquidated", "liquidated"), "instalments above the request"),
    ("payments_liquidated_then", "AFTER UPDATE", "payment", _of_request("liquidated", "liquidated"), "instalments above the request"),
    ("payments_ordered", "AFTER UPDATE", "payment", _of_request(ORDERED, "ordered"), "orders above the request"),
    ("payments_paid", "AFTER UPDATE", "payment", _of_request("paid", "paid"), "paid above the request"),
    ("payment_sides", "BEFORE INSERT", "payment", _both_sides(), "one person on two sides"),
    ("payment_sides_then", "BEFORE UPDATE", "payment", _both_sides(), "one person on two sides"),
    ("request_sides", "BEFORE UPDATE OF requester_id, approver_id", "funding_request", _turned_sides(), "one person on two sides"),
    (
        "shares_granted",
        "AFTER INSERT",
        "funding_share",
        "(SELECT sum(amount) FROM funding_share WHERE request_id = NEW.request_id)"
        " > (SELECT granted FROM funding_request WHERE id = NEW.request_id)",
        "shares above the request",
    ),
    (
        "shares_granted_then",
        "AFTER UPDATE",
        "funding_share",
        "(SELECT sum(amount) FROM funding_share WHERE request_id = NEW.request_id)"
        " > (SELECT granted FROM funding_request WHERE id = NEW.request_id)",
        "shares above the request",
    ),
    (
        "request_shared",
        "BEFORE UPDATE OF granted",
        "funding_request",
        "NEW.granted < (SELECT coalesce(sum(amount), 0) FROM funding_share WHERE request_id = NEW.id)",
        "shares above the request",
    ),
]
BOOKED = "UPDATE budget_line SET used = NEW.balance WHERE id = NEW.line_id"


def statements(dialect: str, only: str | None = None) -> Iterator[str]:
    """What makes the rules (of one table, or of all)."""
    for name, moment, table, wrong, said in RULES:
        if only in (None, table):
            yield from forbidden(dialect, name, moment, table, wrong, said)
    if only in (None, "ledger_entry"):
        yield from followed(dialect, "ledger_booked", "ledger_entry", BOOKED)


def dropped(dialect: str) -> Iterator[str]:
    """What takes them away."""
    for name, table in [("ledger_booked", "ledger_entry"), *((rule[0], rule[2]) for rule in RULES)]:
        yield from taken_away(dialect, name, table)


def attach(table: FromClause, made: Callable[[str, str], Iterable[str]] = statements) -> None:
    """The rules come with a table where it is made from its model. made: what makes those of a table, by dialect and table."""
    assert isinstance(table, Table)
    for dialect in ("sqlite", "postgresql"):
        for statement in made(dialect, table.name):
            event.listen(table, "after_create", DDL(statement).execute_if(dialect=dialect))


def forbidden(dialect: str, name: str, moment: str, table: str, wrong: str | None, said: str) -> Iterator[str]:
    """A trigger that refuses what is `wrong` (None: everything)."""
    yield from (_sqlite if dialect == "sqlite" else _postgresql)(name, moment, table, wrong, said)


def followed(dialect: str, name: str, table: str, statement: str) -> Iterator[str]:
    """A trigger that does something after a row came."""
    if dialect == "sqlite":
        yield f"CREATE TRIGGER {name} AFTER INSERT ON {table} BEGIN {statement}; END"
    else:
        yield from _on_postgresql(name, "AFTER INSERT", table, f"{statement}; RETURN NEW;")


def taken_away(dialect: str, name: str, table: str) -> Iterator[str]:
    """What drops a trigger."""
    if dialect == "sqlite":
        yield f"DROP TRIGGER {name}"
    else:
        yield f"DROP TRIGGER {name} ON {table}"
        yield f"DROP FUNCTION {name}()"


def _sqlite(name: str, moment: str, table: str, wrong: str | None, said: str) -> Iterator[str]:
    condition = f" WHEN {wrong}" if wrong else ""
    yield f"CREATE TRIGGER {name} {moment} ON {table}{condition} BEGIN SELECT RAISE(ABORT, '{said}'); END"


def _postgresql(name: str, moment: str, table: str, wrong: str | None, said: str) -> Iterator[str]:
    # A condition on what is not filled in is unknown, and forbids nothing: as in SQLite.
    raised = f"RAISE EXCEPTION '{said}' USING ERRCODE = 'check_violation';"
    yield from _on_postgresql(name, moment, table, f"IF {wrong} THEN {raised} END IF; RETURN NEW;" if wrong else raised)


def _on_postgresql(name: str, moment: str, table: str, body: str) -> Iterator[str]:
    yield f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    yield f"CREATE TRIGGER {name} {moment} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
