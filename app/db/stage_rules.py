"""The stages through which a payment goes, and what the database refuses about their entries."""

from app.db.triggers import Rule, Triggers

CERTIFIED, JUSTIFIED, LIQUIDATED, ORDERED, PAID, RETURNED = "certifie", "justifie", "liquide", "ordonnance", "paye", "reverse"
"""Stages: what of a payment was certified, shown by vouchers, liquidated, ordered, paid, returned from what was paid."""
RULES = [
    Rule("payment_entry_kept", "BEFORE UPDATE", "payment_entry", None, "the ledger is not changed"),
    Rule("payment_entry_kept_whole", "BEFORE DELETE", "payment_entry", None, "the ledger is not cut"),
]
TRIGGERS = Triggers(RULES)
