"""What the database itself refuses about the credits of a line: triggers beside the checks of single rows."""

from app.db.triggers import Booking, Rule, Triggers

PROPOSED, CONFIRMED, REFUSED = "propose", "confirme", "refuse"
"""States of an act on credits."""
OPENING, SUPPLEMENT, CUT = "ouverture", "supplement", "annulation"
"""Kinds: the credits with which a year begins; more of them; less of them."""
LINE_OF_ENTRY = "(SELECT opened FROM budget_line WHERE id = NEW.line_id)"
LAST = "coalesce((SELECT balance FROM credit_entry WHERE line_id = NEW.id ORDER BY id DESC LIMIT 1), 0)"
SAID = "NEW.year <> OLD.year OR NEW.kind <> OLD.kind OR NEW.reference <> OLD.reference OR NEW.proposed_by_id <> OLD.proposed_by_id"
BOOKED = "UPDATE budget_line SET opened = NEW.balance WHERE id = NEW.line_id"
RULES = [
    Rule("credit_follows", "BEFORE INSERT", "credit_entry", f"NEW.balance <> NEW.amount + {LINE_OF_ENTRY}", "balance does not follow"),
    Rule(
        "credit_of_confirmed",
        "BEFORE INSERT",
        "credit_entry",
        f"NEW.act_id IS NOT NULL AND (SELECT state FROM credit_act WHERE id = NEW.act_id) <> '{CONFIRMED}'",
        "an act moves credits once it is confirmed",
    ),
    Rule("credit_kept", "BEFORE UPDATE", "credit_entry", None, "the ledger is not changed"),
    Rule("credit_kept_whole", "BEFORE DELETE", "credit_entry", None, "the ledger is not cut"),
    Rule(
        "credit_act_kept", "BEFORE UPDATE", "credit_act", f"OLD.state <> '{PROPOSED}' OR {SAID}", "an act that was decided is not changed"
    ),
    Rule("credit_act_kept_whole", "BEFORE DELETE", "credit_act", None, "an act is not taken away"),
    Rule("line_begins_without_credit", "BEFORE INSERT", "budget_line", "NEW.opened <> 0", "a line begins without credits"),
    Rule(
        "line_opened_by_ledger",
        "BEFORE UPDATE OF opened",
        "budget_line",
        f"NEW.opened <> OLD.opened AND NEW.opened <> {LAST}",
        "the credits of a line are what their entries add up to",
    ),
]
TRIGGERS = Triggers(RULES, [Booking("credit_booked", "credit_entry", BOOKED)])
