"""The stages through which a payment goes, and what the database refuses about their entries."""

from collections.abc import Iterator

from app.db.money_rules import forbidden, taken_away

CERTIFIED, JUSTIFIED, LIQUIDATED, ORDERED, PAID, RETURNED = "certifie", "justifie", "liquide", "ordonnance", "paye", "reverse"
"""Stages: what of a payment was certified, shown by vouchers, liquidated, ordered, paid, returned from what was paid."""
RULES = [
    # (name, when, table, forbidden when, what is said)
    ("payment_entry_kept", "BEFORE UPDATE", "payment_entry", None, "the ledger is not changed"),
    ("payment_entry_kept_whole", "BEFORE DELETE", "payment_entry", None, "the ledger is not cut"),
]


def statements(dialect: str, only: str | None = None) -> Iterator[str]:
    """What makes the rules (of one table, or of all)."""
    for name, moment, table, wrong, said in RULES:
        if only in (None, table):
            yield from forbidden(dialect, name, moment, table, wrong, said)


def dropped(dialect: str) -> Iterator[str]:
    """What takes them away."""
    for name, _, table, _, _ in RULES:
        yield from taken_away(dialect, name, table)
