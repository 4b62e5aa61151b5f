"""What administrators and time do around the cases of a scenario: people, calendars, settings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.db.posts import Holiday
from app.extensions import db
from app.scenarios.reading import BadScenario
from app.services import absences, admin_calendars, admin_settings, admin_users, delegations

if TYPE_CHECKING:
    from app.scenarios.player import Player

Line = Mapping[str, Any]


def delegate(player: Player, line: Line) -> None:
    """delegate: {from, to, role, until, types?, ceiling?}, by? (else the delegator)"""
    said = line["delegate"]
    actor = player.who(line.get("by", said["from"]))
    until = day(said["until"]) + player.shift
    types = tuple(said.get("types", ()))
    delegations.give(actor, said["from"], said["to"], said["role"], until, case_types=types, ceiling=said.get("ceiling"), deed="scénario")


def absence(player: Player, line: Line) -> None:
    """absence: {of, from, to, cover?}"""
    said = line["absence"]
    starts, ends = day(said["from"]) + player.shift, day(said["to"]) + player.shift
    absences.record(player.administrator(), said["of"], starts, ends, said.get("cover"))


def grant(player: Player, line: Line) -> None:
    """grant: {to, role, posts?, types?, until?}"""
    said = line["grant"]
    wanted = {"role": said["role"], "posts": said.get("posts", ()), "case_types": said.get("types", ()), "ends_on": said.get("until")}
    admin_users.grant(player.administrator(), said["to"], wanted)


def holiday(player: Player, line: Line) -> None:
    """holiday: {calendar, date, label?, extent?}: announced now; open deadlines move. {calendar, move: date, to: date}: another day than
    the one expected. {calendar, drop: date}: a working day after all."""
    said, actor = line["holiday"], player.administrator()
    calendar = said["calendar"]
    if "move" in said:
        admin_calendars.confirm_day(actor, calendar, _known(player, calendar, said["move"]), day(said["to"]) + player.shift)
    elif "drop" in said:
        admin_calendars.remove_day(actor, calendar, _known(player, calendar, said["drop"]))
    else:
        when = (day(said["date"]) + player.shift).isoformat()
        wanted = {"day": when, "label": said.get("label", "Jour annoncé"), "extent": said.get("extent", "whole")}
        admin_calendars.add_day(actor, calendar, wanted)


def _known(player: Player, calendar: str, written: Any) -> int:
    wanted = day(written) + player.shift
    found = db.session.scalar(select(Holiday.id).where(Holiday.calendar_code == calendar, Holiday.day == wanted))
    db.session.rollback()
    if found is None:
        raise BadScenario(f"le calendrier {calendar} n’a pas de jour {wanted}")
    return found


def setting(player: Player, line: Line) -> None:
    """setting: {name: value}"""
    for name, value in line["setting"].items():
        admin_settings.change(player.administrator(), name, value)


def day(written: Any) -> dt.date:
    """A date of the file."""
    if isinstance(written, dt.date):
        return written
    try:
        return dt.date.fromisoformat(str(written))
    except ValueError:
        raise BadScenario(f"date illisible : {written}") from None


VERBS: dict[str, Callable[[Any, Line], None]] = {
    "delegate": delegate,
    "absence": absence,
    "grant": grant,
    "holiday": holiday,
    "setting": setting,
}
