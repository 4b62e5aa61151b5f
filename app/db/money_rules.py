"""What the database itself refuses about money beside the checks of single rows."""

from app.db.triggers import Booking, Rule, Triggers

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
    Rule("ledger_follows", "BEFORE INSERT", "ledger_entry", f"NEW.balance <> NEW.amount + {HELD}", "balance does not follow"),
    Rule("ledger_kept", "BEFORE UPDATE", "ledger_entry", None, "the ledger is not changed"),
    Rule("ledger_kept_whole", "BEFORE DELETE", "ledger_entry", None, "the ledger is not cut"),
    Rule("line_begins_empty", "BEFORE INSERT", "budget_line", "NEW.used <> 0", "a line begins with an empty ledger"),
    Rule(
        "line_holds_ledger",
        "BEFORE UPDATE OF used",
        "budget_line",
        f"NEW.used <> OLD.used AND NEW.used <> coalesce({LAST}, 0)",
        "a line holds what its ledger adds up to",
    ),
    Rule("payments_liquidated", "AFTER INSERT", "payment", _of_request("liquidated", "liquidated"), "instalments above the request"),
    Rule("payments_liquidated_then", "AFTER UPDATE", "payment", _of_request("liquidated", "liquidated"), "instalments above the request"),
    Rule("payments_ordered", "AFTER UPDATE", "payment", _of_request(ORDERED, "ordered"), "orders above the request"),
    Rule("payments_paid", "AFTER UPDATE", "payment", _of_request("paid", "paid"), "paid above the request"),
    Rule("payment_sides", "BEFORE INSERT", "payment", _both_sides(), "one person on two sides"),
    Rule("payment_sides_then", "BEFORE UPDATE", "payment", _both_sides(), "one person on two sides"),
    Rule("request_sides", "BEFORE UPDATE OF requester_id, approver_id", "funding_request", _turned_sides(), "one person on two sides"),
    Rule(
        "shares_granted",
        "AFTER INSERT",
        "funding_share",
        "(SELECT sum(amount) FROM funding_share WHERE request_id = NEW.request_id)"
        " > (SELECT granted FROM funding_request WHERE id = NEW.request_id)",
        "shares above the request",
    ),
    Rule(
        "shares_granted_then",
        "AFTER UPDATE",
        "funding_share",
        "(SELECT sum(amount) FROM funding_share WHERE request_id = NEW.request_id)"
        " > (SELECT granted FROM funding_request WHERE id = NEW.request_id)",
        "shares above the request",
    ),
    Rule(
        "request_shared",
        "BEFORE UPDATE OF granted",
        "funding_request",
        "NEW.granted < (SELECT coalesce(sum(amount), 0) FROM funding_share WHERE request_id = NEW.id)",
        "shares above the request",
    ),
]
BOOKED = "UPDATE budget_line SET used = NEW.balance WHERE id = NEW.line_id"
TRIGGERS = Triggers(RULES, [Booking("ledger_booked", "ledger_entry", BOOKED)])
