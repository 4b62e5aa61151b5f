"""What a scenario expects, compared with what is seen; the first difference is told in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from app.db.cases import Case
from app.db.funding import BudgetLine, FundingRequest, LedgerEntry
from app.db.outbox import Notification
from app.db.tasks import NO_DEADLINE
from app.extensions import db
from app.scenarios.player import Player, Unexpected
from app.scenarios.reading import moment

MONEY = ("asked", "reserved", "granted", "committed", "decommitted", "liquidated", "ordered", "paid", "returned")
RUNNING = "en_cours"
"""Any status of a case that goes on."""
ENDED = ("clos", "annule", "rejete", "transfere")


def check(player: Player, expect: Mapping[str, Any]) -> None:
    """Compares the parts that are written. Unexpected at the first difference."""
    if "open" in expect:
        _same("étapes ouvertes", sorted(expect["open"]), player.open_steps())
    if "waiting" in expect:
        _same("attentes", sorted(expect["waiting"]), player.awaited())
    for step, at in expect.get("due", {}).items():
        wanted = NO_DEADLINE if at is None else moment(at) + player.shift
        found = player.due(step)
        if wanted not in found:
            raise Unexpected(f"échéance de « {step} » : attendue {_at(wanted)}, vue {', '.join(_at(one) for one in found) or 'aucune'}")
    for name, value in expect.get("facts", {}).items():
        seen = _plain(player.fact(name))
        _same(f"« {name} »", moment(value) + player.shift if isinstance(seen, dt.datetime) and value is not None else value, seen)
    for template in expect.get("sent", ()):
        if template not in _sent(player):
            raise Unexpected(f"« {template} » n’est pas parti ; partis : {', '.join(_sent(player))}")


def check_end(player: Player, expect: Mapping[str, Any]) -> None:
    """The end of a scenario: status, outcome, path, money besides the ordinary parts."""
    check(player, expect)
    row = db.session.execute(select(Case.status, Case.outcome, Case.closed_at).where(Case.id == player.case_id)).one()
    db.session.rollback()
    if "status" in expect:
        if expect["status"] != RUNNING:
            _same("statut", expect["status"], row.status)
        _same("dossier fini", expect["status"] in ENDED, row.closed_at is not None)
    if "outcome" in expect:
        _same("issue", expect["outcome"], row.outcome)
    if "path" in expect:
        _same("chemin", list(expect["path"]), player.path)
    _money(player, expect.get("money", {}))


def _money(player: Player, expect: Mapping[str, Any]) -> None:
    if not expect:
        return
    columns = [func.coalesce(func.sum(getattr(FundingRequest, name)), 0).label(name) for name in MONEY]
    row = db.session.execute(select(*columns).where(FundingRequest.case_id == player.case_id)).one()
    db.session.rollback()
    for name, amount in expect.items():
        if name in MONEY:
            _same(f"argent, {name}", amount, getattr(row, name))


def used_equals_ledger() -> None:
    """The invariant of every budget line."""
    sums = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(LedgerEntry.line_id == BudgetLine.id).scalar_subquery()
    wrong = list(db.session.execute(select(BudgetLine.code, BudgetLine.used, sums).where(BudgetLine.used != sums)))
    db.session.rollback()
    if wrong:
        raise Unexpected(f"lignes dont le total ne suit pas le journal : {wrong}")


def _sent(player: Player) -> list[str]:
    query = select(Notification.kind, Notification.data).where(Notification.case_id == player.case_id).order_by(Notification.id)
    found = [name for kind, data in db.session.execute(query) for name in (kind, str((data or {}).get("element", "")))]
    db.session.rollback()
    return [name for name in found if name]


def _same(what: str, wanted: Any, seen: Any) -> None:
    if wanted != seen:
        raise Unexpected(f"{what} : attendu {_short(wanted)}, vu {_short(seen)}{_first_difference(wanted, seen)}")


def _first_difference(wanted: Any, seen: Any) -> str:
    if not isinstance(wanted, list) or not isinstance(seen, list):
        return ""
    for place, (a, b) in enumerate(zip(wanted, seen, strict=False)):
        if a != b:
            return f" (à la place {place + 1} : {a} ≠ {b})"
    return f" ({len(wanted)} ≠ {len(seen)} éléments)"


def _short(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _plain(value: Any) -> Any:
    return value.astimezone(dt.UTC) if isinstance(value, dt.datetime) else value


def _at(moment_: dt.datetime) -> str:
    return moment_.strftime("%Y-%m-%dT%H:%MZ")
