"""What a scenario expects, compared with what is seen; the first difference is told in words. Of the case at hand; what lies around it
(inboxes, letters, other cases, history) is in `around.py`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import func, select

from app.db.cases import Case
from app.db.funding import BudgetLine, FundingRequest, LedgerEntry
from app.db.tasks import NO_DEADLINE
from app.extensions import db
from app.scenarios import around
from app.scenarios.compare import at_text, listed, same
from app.scenarios.player import Player, Unexpected
from app.scenarios.reading import BadScenario, moment
from app.services import proof
from workflows.scenarios.vocabulary import AMOUNTS, MONEY, RUNNING

MINUTE = dt.timedelta(minutes=1)
ENDED = ("clos", "annule", "rejete", "transfere")
COLUMNS = {"priority": Case.priority, "confidentiality": Case.confidentiality, "outcome": Case.outcome}
WORDS = {"priority": "priorité", "confidentiality": "confidentialité", "outcome": "issue"}


def check(player: Player, expect: Mapping[str, Any]) -> None:
    """Compares the parts that are written. Unexpected at the first difference, BadScenario for a part that does not exist."""
    for part, wanted in expect.items():
        if part not in PARTS:
            raise BadScenario(f"« {part} » n’est pas une attente ; possibles : {', '.join(sorted(PARTS))}")
        PARTS[part](player, wanted)


def check_end(player: Player, expect: Mapping[str, Any]) -> None:
    """The end of a scenario."""
    check(player, expect)


def _open(player: Player, wanted: Any) -> None:
    same("étapes ouvertes", sorted(wanted), player.open_steps())


def _not_open(player: Player, wanted: Any) -> None:
    seen = {*player.open_steps(), *player.awaited()}
    there = sorted(set(listed(wanted)) & seen)
    if there:
        raise Unexpected(f"« {there[0]} » est ouverte et ne devait pas l’être")


def _waiting(player: Player, wanted: Any) -> None:
    same("attentes", sorted(wanted), player.awaited())


def _due(player: Player, wanted: Mapping[str, Any]) -> None:
    for step, at in wanted.items():
        expected = NO_DEADLINE if at is None else moment(at) + player.shift
        found = player.due(step)
        if not any(_at_once(expected, at) for at in found):
            raise Unexpected(f"échéance de « {step} » : attendue {at_text(expected)}, vue {', '.join(map(at_text, found)) or 'aucune'}")


def _at_once(one: dt.datetime, other: dt.datetime) -> bool:
    """Whether two moments are the same to the minute: what follows by itself comes a moment later in a ministry than in a play."""
    return abs(one - other) < MINUTE


def _facts(player: Player, wanted: Mapping[str, Any]) -> None:
    for name, value in wanted.items():
        seen = player.fact(name)
        if isinstance(seen, dt.datetime) and value is not None:
            expected = moment(value) + player.shift
            same(f"« {name} »", expected, expected if _at_once(expected, seen) else seen.astimezone(dt.UTC))
        elif isinstance(seen, dt.date) and value is not None and not isinstance(value, dt.date):
            same(f"« {name} »", str(value), seen.isoformat())
        else:
            same(f"« {name} »", value, seen)


def _status(player: Player, wanted: str) -> None:
    row = db.session.execute(select(Case.status, Case.closed_at).where(Case.id == player.case_id)).one()
    db.session.rollback()
    if wanted != RUNNING:
        same("statut", wanted, row.status)
    same("dossier fini", wanted in ENDED, row.closed_at is not None)


def _column(name: str) -> Callable[[Player, Any], None]:
    def compare(player: Player, wanted: Any) -> None:
        seen = db.session.scalar(select(COLUMNS[name]).where(Case.id == player.case_id))
        db.session.rollback()
        same(WORDS[name], wanted, seen)

    return compare


def _path(player: Player, wanted: Any) -> None:
    same("chemin", list(wanted), player.path)


def _money(player: Player, wanted: Mapping[str, Any]) -> None:
    columns = [func.coalesce(func.sum(getattr(FundingRequest, name)), 0).label(name) for name in MONEY]
    row = db.session.execute(select(*columns).where(FundingRequest.case_id == player.case_id)).one()
    db.session.rollback()
    for name, amount in wanted.items():
        if name not in MONEY:
            raise BadScenario(f"argent : « {name} » est inconnu ; possibles : {', '.join(MONEY)}")
        same(f"argent, {name}", amount, getattr(row, name))


def _lines(player: Player, wanted: Mapping[str, Mapping[str, int]]) -> None:
    for code, amounts in wanted.items():
        line = db.session.scalars(select(BudgetLine).where(BudgetLine.code == code, BudgetLine.year == player.now.year)).one_or_none()
        if line is None:
            raise BadScenario(f"ligne budgétaire inconnue : {code} {player.now.year}")
        for name, amount in amounts.items():
            if name not in AMOUNTS:
                raise BadScenario(f"ligne {code} : « {name} » est inconnu ; possibles : {', '.join(AMOUNTS)}")
            same(f"ligne {code}, {name}", amount, getattr(line, name))
        db.session.rollback()


PARTS: dict[str, Callable[[Player, Any], None]] = {
    "open": _open,
    "not_open": _not_open,
    "waiting": _waiting,
    "due": _due,
    "facts": _facts,
    "status": _status,
    "priority": _column("priority"),
    "confidentiality": _column("confidentiality"),
    "outcome": _column("outcome"),
    "path": _path,
    "money": _money,
    "lines": _lines,
    **around.PARTS,
}
"""Part of `expect` -> its comparison."""


def used_equals_ledger() -> None:
    """The invariant of every budget line."""
    sums = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(LedgerEntry.line_id == BudgetLine.id).scalar_subquery()
    wrong = list(db.session.execute(select(BudgetLine.code, BudgetLine.used, sums).where(BudgetLine.used != sums)))
    db.session.rollback()
    if wrong:
        raise Unexpected(f"lignes dont le total ne suit pas le journal : {wrong}")


def histories_hold(player: Player) -> None:
    """The chain of every case of the scenario is whole."""
    for played in player.cases.values():
        verdict = proof.verify_case(db.session(), played.case_id) if played.case_id else None
        db.session.rollback()
        if verdict is not None and verdict.flaw is not None:
            raise Unexpected(f"historique rompu : {verdict.sentence()}")
