"""Facts that a case type promotes: copied to typed columns of the case, so that lists filter and sums add by them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from app.services.act import Act

COLUMNS = {"person": "person_code", "country": "country", "due": "due_at", "amount": "amount", "post": "post_code", "title": "title"}
COLUMNS |= {"stage": "stage", "category": "category"}
HEADER = {"priorite": "priority", "confidentialite": "confidentiality", "statut": "status", "issue": "outcome"}


def promoted_columns(act: Act) -> dict[str, Any]:
    """Columns of the case that follow from facts which changed in this act, and its status."""
    columns: dict[str, Any] = {}
    for name, fact in act.case_type.promoted.items():
        if ("", fact) in act.after:
            columns[COLUMNS[name]] = _typed(name, act.after["", fact])
    for fact, column in HEADER.items():
        if ("", fact) in act.after and act.after["", fact] is not None:
            columns[column] = act.after["", fact]
    status = _status(act)
    if status:
        columns["status"] = status
    return columns


def _status(act: Act) -> str | None:
    """The status that the steps now opened ask for, else the messages and moments that the case waits for; the last in the ministry's
    order wins. A case that ended is closed."""
    if act.last and act.last.ended:
        return act.fact("statut_final") or ("annule" if act.last.ended == "cancelled" else "clos")
    asked = [step.extensions.get("status") for step in act.opened.values()]
    if act.last and not asked:
        asked = [wait.extensions.get("status") for wait in act.last.awaited if wait.kind in ("step", "gateway")]
        asked += [due.extensions.get("status") for due in act.last.timers]
    order = list(act.case_type.statuses)
    known = [status for status in asked if status in order]
    return max(known, key=order.index) if known else None


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return "" if name in ("title", "stage", "category") else None
    if name == "due":
        return value if isinstance(value, dt.datetime) else None
    if name == "amount":
        return int(value)
    return str(value)
