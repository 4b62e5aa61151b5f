"""What a process may name, by name alone: a check of files starts without the services that do it. A test holds both equal."""

HANDLERS = frozenset(
    {
        *("case.checklist", "case.close", "case.confidentiality", "case.move"),
        *("case.priority", "case.restrict", "case.similar", "case.spawn", "case.status"),
        "disclosure.record",
        *("document.reuse", "document.verified"),
        *("funding.ahead", "funding.commit", "funding.cumul", "funding.decommit"),
        *("funding.regularise", "funding.release", "funding.reserve", "funding.visa"),
        "message.attach",
        *("obligation.clear", "obligation.open"),
        *("operation.allot", "operation.children", "operation.count", "operation.earlier", "operation.give_back"),
        *("operation.grant", "operation.hand_over", "operation.join", "operation.leave", "operation.same", "operation.tell"),
        *("payment.advance", "payment.cancel", "payment.certify", "payment.freeze"),
        *("payment.justify", "payment.liquidate", "payment.order", "payment.pay", "payment.return"),
        *("person.duplicates", "person.life", "person.nationality", "person.registers"),
        "register.number",
        "staff.names",
    }
)
"""Task types (`zeebe:taskDefinition type`): `app/services/handlers`."""
CONTROLS = frozenset(
    {
        "case.checklist",
        *("funding.commitment", "funding.decision", "funding.request"),
        "obligation.none",
        "operation.share",
        *("payment.advance", "payment.certify", "payment.condition", "payment.liquidate"),
        *("payment.order", "payment.pay", "payment.return", "payment.voucher"),
        "people.apart",
    }
)
"""Checks of a step (`control`): `app/services/controls.py`."""
