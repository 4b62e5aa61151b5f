"""The conditions that a scenario is given: announced holidays, settings, credits of budget lines. Taken back afterwards."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import delete, select, update

from app.db.funding import BudgetLine
from app.db.posts import Holiday, Setting
from app.db.transaction import Unit, transaction
from app.services import calendars, clock


@contextlib.contextmanager
def set_up(given: Mapping[str, Any]) -> Iterator[None]:
    """Inside, the conditions hold."""
    before = transaction(lambda unit: _apply(unit, given), clock.now)
    try:
        yield
    finally:
        transaction(lambda unit: _take_back(unit, before), clock.now)


def _apply(unit: Unit, given: Mapping[str, Any]) -> dict[str, Any]:
    session = unit.session
    added = []
    for entry in given.get("holidays") or ():
        day = dt.date.fromisoformat(str(entry["date"]))
        known = session.scalar(select(Holiday.id).where(Holiday.calendar_code == entry["calendar"], Holiday.day == day))
        if known is None:
            row = Holiday(calendar_code=entry["calendar"], day=day, label=entry.get("label", "Jour annoncé"), changed_at=unit.now)
            session.add(row)
            session.flush()
            added.append(row.id)
    opened = {}
    for code, amount in (given.get("budget") or {}).items():
        year = dt.datetime.fromisoformat(str(given["at"])).year
        line = session.scalars(select(BudgetLine).where(BudgetLine.code == code, BudgetLine.year == year)).one()
        opened[line.id] = line.opened
        line.opened = line.used + line.given + line.frozen - line.received + int(amount)
    settings = list(given.get("settings") or {})
    for name, value in (given.get("settings") or {}).items():
        session.merge(Setting(name=name, value=value, changed_at=unit.now))
    _forget(unit)
    return {"holidays": added, "opened": opened, "settings": settings}


def _take_back(unit: Unit, before: Mapping[str, Any]) -> None:
    session = unit.session
    session.execute(delete(Holiday).where(Holiday.id.in_(before["holidays"])))
    session.execute(delete(Setting).where(Setting.name.in_(before["settings"])))
    for line_id, amount in before["opened"].items():
        kept = (BudgetLine.id == line_id, BudgetLine.used <= amount + BudgetLine.received - BudgetLine.given - BudgetLine.frozen)
        session.execute(update(BudgetLine).where(*kept).values(opened=amount))
    _forget(unit)


def _forget(unit: Unit) -> None:
    calendars.forget(unit.session)
    unit.session.info.pop("settings", None)
