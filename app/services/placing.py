"""Whose task it is: role, place, and sometimes person, from the lane and the properties of a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.db.users import User
from app.services import calendars
from app.services.act import Act
from app.services.errors import Broken
from app.services.policy import ANY_STATION, CENTRAL
from workflows.calendar import Calendar
from workflows.catalog import CaseType
from workflows.facts import pack
from workflows.outcome import Awaited, Open


@dataclass(frozen=True)
class Place:
    """A role and where its work lies."""

    role: str
    post_code: str


def place_of(act: Act, step: Open | Awaited) -> Place:
    """Role and place of a step. Broken when the procedure gives a role that does not exist."""
    lane = act.case_type.lane(step.process, step.lane)
    role = step.extensions.get("role") or (_read(act, step, lane.role) if lane else None)
    if role is None and isinstance(step, Awaited):
        role = next(iter(act.case_type.start_roles))
    known = act.case_type.roles.get(str(role))
    if known is None:
        raise Broken(f"l’étape « {step.title} » n’a pas de rôle connu : « {role} »", element=getattr(step, "step", None))
    at = known.at if lane is None or step.extensions.get("role") else lane.at
    if at == "post":
        return Place(str(role), act.case.post_code)
    if at == "station":
        place = _read(act, step, lane.place) if lane and lane.place else None
        return Place(str(role), str(place or ANY_STATION))
    return Place(str(role), CENTRAL)


def _read(act: Act, step: Open | Awaited, text: str) -> Any:
    """A role or place of a lane; a text « =FEEL » is read in the scope of the step."""
    if not text.startswith("="):
        return text
    definition = act.case_type.definition
    seen = definition.view(act.facts, step.chain, getattr(step, "item", None), act.system)
    return definition.evaluate(text, seen, act.now, act.functions)


def calendar_of(act: Act, post_code: str) -> tuple[str, Calendar]:
    """Code and calendar by which deadlines at a place are counted."""
    return calendars.code_of(act.unit.session, post_code), calendars.of_place(act.unit.session, post_code)


def assignee_of(act: Act, step: Open | Awaited, place: Place, done: Any) -> int | None:
    """The person a step goes to: the one that the procedure names, else whoever goes on in the same role and place; else the team."""
    named = step.extensions.get("assignee")
    if named:
        return act.unit.session.scalar(select(User.id).where(User.code == str(named), User.active.is_(True)))
    if done is None or isinstance(step, Awaited) or step.extensions.get("four_eyes"):
        return None
    same = done.role == place.role and done.post_code == place.post_code
    return act.actor.id if same and not step.item else None


def plain(item: Mapping[str, Any]) -> Any:
    """An item of a multi-instance as JSON."""
    return pack(dict(item))


def responsible_role(case_type: CaseType) -> str:
    """The role that keeps the cases of a type in Bamako: the first that works on them there; else whoever opens them."""
    central = (role for role, level in case_type.access.items() if level == "write" and case_type.roles[role].at == "central")
    return next(central, case_type.start_roles[0])
