"""What the database itself refuses about the cash advance of a post: triggers beside the checks of single rows."""

from app.db.triggers import Booking, Rule, Triggers

OPENING, PAYMENT, VOUCHER, REST, REPLENISHMENT = "ouverture", "paiement", "justificatif", "reste", "approvisionnement"
"""Kinds of entries: cash the imprest began with; paid at once; shown by a voucher; given back to the till; filled again."""
ASKED, GRANTED, REFUSED, RECEIVED = "demande", "accorde", "refuse", "recu"
"""States of a replenishment."""
SHAPE = (
    f"(kind = '{OPENING}' AND payment_id IS NULL AND cash >= 0 AND owed = 0)"
    f" OR (kind = '{PAYMENT}' AND payment_id IS NULL AND cash < 0 AND owed = -cash)"
    f" OR (kind = '{VOUCHER}' AND payment_id IS NOT NULL AND cash = 0 AND owed < 0)"
    f" OR (kind = '{REST}' AND payment_id IS NOT NULL AND cash > 0 AND owed = -cash)"
    f" OR (kind = '{REPLENISHMENT}' AND payment_id IS NULL AND cash > 0 AND owed = 0)"
)
FUND = "(SELECT {} FROM imprest_fund WHERE post_code = NEW.post_code)"
LAST = "coalesce((SELECT {} FROM imprest_entry WHERE post_code = NEW.post_code ORDER BY id DESC LIMIT 1), 0)"
PAID = f"SELECT 1 FROM imprest_entry WHERE id = NEW.payment_id AND kind = '{PAYMENT}' AND post_code = NEW.post_code"
LEFT = "(SELECT coalesce(sum(owed), 0) FROM imprest_entry WHERE id = NEW.payment_id OR payment_id = NEW.payment_id)"
RULES = [
    Rule(
        "imprest_follows",
        "BEFORE INSERT",
        "imprest_entry",
        f"NEW.balance <> NEW.cash + {FUND.format('balance')} OR NEW.awaited <> NEW.owed + {FUND.format('to_regularise')}",
        "balance does not follow",
    ),
    Rule("imprest_kept", "BEFORE UPDATE", "imprest_entry", None, "the ledger is not changed"),
    Rule("imprest_kept_whole", "BEFORE DELETE", "imprest_entry", None, "the ledger is not cut"),
    Rule(
        "imprest_voucher_of_payment",
        "BEFORE INSERT",
        "imprest_entry",
        f"NEW.payment_id IS NOT NULL AND NOT EXISTS ({PAID})",
        "a voucher is about a payment of the same imprest",
    ),
    Rule(
        "imprest_voucher_within_payment",
        "BEFORE INSERT",
        "imprest_entry",
        f"NEW.payment_id IS NOT NULL AND NEW.owed + {LEFT} < 0",
        "vouchers above the payment",
    ),
    Rule(
        "imprest_within_ceiling",
        "BEFORE INSERT",
        "imprest_entry",
        f"NEW.kind = '{REPLENISHMENT}' AND NEW.balance + NEW.awaited > {FUND.format('cash_ceiling')}",
        "cash above the ceiling",
    ),
    Rule("imprest_begins_empty", "BEFORE INSERT", "imprest_fund", "NEW.balance <> 0 OR NEW.to_regularise <> 0", "an imprest begins empty"),
    Rule(
        "imprest_holds_ledger",
        "BEFORE UPDATE OF balance, to_regularise",
        "imprest_fund",
        "(NEW.balance <> OLD.balance OR NEW.to_regularise <> OLD.to_regularise)"
        f" AND (NEW.balance <> {LAST.format('balance')} OR NEW.to_regularise <> {LAST.format('awaited')})",
        "an imprest holds what its ledger adds up to",
    ),
]
BOOKED = "UPDATE imprest_fund SET balance = NEW.balance, to_regularise = NEW.awaited WHERE post_code = NEW.post_code"
TRIGGERS = Triggers(RULES, [Booking("imprest_booked", "imprest_entry", BOOKED)])
