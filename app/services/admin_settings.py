"""Settings changed by an administrator over those of the folders: the next act of every case reads the new value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.db.posts import Setting
from app.db.transaction import Unit, transaction
from app.services import administration, calendars, clock, settings, versions
from app.services.actor import Actor
from app.services.errors import Invalid, NotFound
from app.services.policy import ensure_administrator
from workflows.facts import pack

LONGEST = 2_000


def change(actor: Actor, name: str, value: Any) -> None:
    """Gives a setting another value of the same kind. NotFound for who does not administer or an unknown setting; Invalid."""
    ensure_administrator(actor)

    def work(unit: Unit) -> None:
        known = _known(unit)
        if name not in known:
            raise NotFound
        _ensure_kind(known[name], value)
        unit.session.merge(Setting(name=name, value=pack(value), changed_at=unit.now, changed_by_id=actor.id))
        administration.record(unit, actor, "setting.changed", name, before=known[name], value=value)
        unit.session.flush()
        calendars.forget(unit.session)

    transaction(work, clock.now)


def _known(unit: Unit) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for case_type in versions.all_current(unit.session).values():
        found |= settings.reglages(unit.session, case_type)
    return found


def _ensure_kind(before: Any, value: Any) -> None:
    """A number stays a number, a text a text: the rules that read it were checked with its kind."""
    number = isinstance(before, (int, float)) or type(before).__name__ == "Decimal"
    fits = isinstance(value, int) and not isinstance(value, bool) if number else isinstance(value, type(before))
    if isinstance(before, bool):
        fits = isinstance(value, bool)
    if not fits or (isinstance(value, str) and not 0 < len(value) <= LONGEST):
        raise Invalid({"value": "setting_kind"}, value)
