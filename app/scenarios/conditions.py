"""The conditions that a scenario is given: calendars, people, settings, credits of budget lines, earlier aid. Taken back afterwards."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import delete, select, update

from app.db.funding import BudgetLine
from app.db.posts import CalendarRow, Holiday, Setting
from app.db.transaction import Unit, transaction
from app.scenarios import given_aid, given_people, given_records
from app.scenarios.reading import BadScenario
from app.services import calendars, clock
from app.services.funding import credits
from app.services.funding.lines import OPEN

Undo = Callable[[Unit], object]
HOURS = ("weekend", "hours", "fixed", "zone")


@contextlib.contextmanager
def set_up(given: Mapping[str, Any]) -> Iterator[None]:
    """Inside, the conditions hold. BadScenario for a line, a calendar or a person that does not exist."""
    undone = transaction(lambda unit: _apply(unit, given), clock.now)
    try:
        yield
    finally:
        transaction(lambda unit: _take_back(unit, undone), clock.now)


def _apply(unit: Unit, given: Mapping[str, Any]) -> list[Undo]:
    undone = [set_part(unit, given) for part, set_part in PARTS.items() if given.get(part)]
    _forget(unit)
    return undone


def _take_back(unit: Unit, undone: list[Undo]) -> None:
    for undo in reversed(undone):
        undo(unit)
    _forget(unit)


def _forget(unit: Unit) -> None:
    calendars.forget(unit.session)
    unit.session.info.pop("settings", None)


def _calendars(unit: Unit, given: Mapping[str, Any]) -> Undo:
    """calendars: {DKR: {weekend: [4, 5], hours: {"0": [["08:00", "16:00"]]}, fixed: ["04-04"], zone: Africa/Dakar}}"""
    before: dict[str, dict[str, Any]] = {}
    for code, said in given["calendars"].items():
        row = unit.session.get(CalendarRow, code)
        if row is None or set(said) - set(HOURS):
            raise BadScenario(f"calendrier {code} : inconnu, ou dit autre chose que {', '.join(HOURS)}")
        before[code] = {name: getattr(row, name) for name in said}
        _write(row, said)

    def undo(unit: Unit) -> None:
        for code, values in before.items():
            _write(unit.session.get_one(CalendarRow, code), values)

    return undo


def _write(row: CalendarRow, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _holidays(unit: Unit, given: Mapping[str, Any]) -> Undo:
    """holidays: [{calendar, date, label?, extent?}]"""
    session, added = unit.session, []
    for entry in given["holidays"]:
        day = dt.date.fromisoformat(str(entry["date"]))
        if session.get(CalendarRow, entry["calendar"]) is None:
            raise BadScenario(f"calendrier inconnu : {entry['calendar']}")
        known = session.scalar(select(Holiday.id).where(Holiday.calendar_code == entry["calendar"], Holiday.day == day))
        if known is None:
            said = {"label": entry.get("label", "Jour annoncé"), "extent": entry.get("extent", "whole")}
            row = Holiday(calendar_code=entry["calendar"], day=day, changed_at=unit.now, **said)
            session.add(row)
            session.flush()
            added.append(row.id)
    return lambda unit: unit.session.execute(delete(Holiday).where(Holiday.id.in_(added)))


def _budget(unit: Unit, given: Mapping[str, Any]) -> Undo:
    """budget: {line: available}, or {line: {available?, types?, natures?, last_commitment?}}: opened also to these types of case and
    natures of expense. « CODE/2027 » names the line of another year than the scenario begins in; what is available of it is open."""
    before = {}
    for code, said in given["budget"].items():
        line = given_aid.line_of(unit.session, code, given)
        asked = said if isinstance(said, Mapping) else {"available": said}
        if set(asked) - {"available", "types", "natures", "last_commitment"}:
            raise BadScenario(f"budget {code} : dire available, types, natures, last_commitment")
        kept = ("case_types", "natures", "last_commitment_on", "state")
        before[line.id] = (line.opened, {name: getattr(line, name) for name in kept})
        if "available" in asked:
            credits.enter(unit.session, line.id, int(asked["available"]) - line.available, unit.now)
            line.state = OPEN
        if "last_commitment" in asked:
            line.last_commitment_on = dt.date.fromisoformat(str(asked["last_commitment"]))
        line.case_types = [*dict.fromkeys([*line.case_types, *asked.get("types", ())])]
        line.natures = [*dict.fromkeys([*line.natures, *asked.get("natures", ())])]

    def undo(unit: Unit) -> None:
        for line_id, (amount, values) in before.items():
            unit.session.execute(update(BudgetLine).where(BudgetLine.id == line_id).values(values))
            line = unit.session.get_one(BudgetLine, line_id, populate_existing=True)
            if line.available >= line.opened - amount:
                credits.enter(unit.session, line_id, amount - line.opened, unit.now)

    return undo


def _settings(unit: Unit, given: Mapping[str, Any]) -> Undo:
    """settings: {name: value}"""
    for name, value in given["settings"].items():
        unit.session.merge(Setting(name=name, value=value, changed_at=unit.now))
    return lambda unit: unit.session.execute(delete(Setting).where(Setting.name.in_(list(given["settings"]))))


PARTS: dict[str, Callable[[Unit, Mapping[str, Any]], Undo]] = {
    "calendars": _calendars,
    "holidays": _holidays,
    "users": given_people.users,
    "people": given_records.people,
    "bodies": given_records.bodies,
    "aid": given_aid.aid,
    "budget": _budget,
    "settings": _settings,
}
"""Part of `given` -> what sets it, in this order, and gives what takes it back."""
