"""Whose task it is: role, place, and sometimes person, from the lane and the properties of a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from app.db.tasks import STEP
from app.db.users import User
from app.services import actor as actors
from app.services import barring, calendars, policy
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
    """Role and place of a step: Bamako's where the case is closed to posts. Broken when the procedure gives a role that does not
    exist."""
    lane = act.case_type.lane(step.process, step.lane)
    role = step.extensions.get("role") or (_read(act, step, lane.role) if lane else None)
    if role is None and isinstance(step, Awaited):
        role = next(iter(act.case_type.start_roles))
    known = act.case_type.roles.get(str(role))
    if known is None:
        raise Broken(f"l’étape « {step.title} » n’a pas de rôle connu : « {role} »", element=getattr(step, "step", None))
    at = known.at if lane is None or step.extensions.get("role") else lane.at
    if at == "post" and barring.keeps_posts_out(act.columns.get("barred", act.case.barred)):
        return Place(responsible_role(act.case_type), CENTRAL)
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
    """The person a step goes to: the member whom the role that answers for it has named (`member`: they need not hold the role); the
    one that the procedure names (`assignee`), if the step is for their role and place; else whoever goes on in the same role and
    place; else the team."""
    member = step.extensions.get("member")
    if member:
        active = act.unit.session.scalar(select(User.id).where(User.code == str(member), User.active.is_(True)))
        if active is not None:
            return active
    named = step.extensions.get("assignee")
    if named and (person := _able(act, str(named), place)) is not None:
        return person
    if done is None or isinstance(step, Awaited) or step.extensions.get("four_eyes"):
        return None
    same = done.role == place.role and done.post_code == place.post_code
    return act.actor.id if same and not step.item else None


def _able(act: Act, code: str, place: Place) -> int | None:
    """The number of a person who may do a step of this role and place; None for anybody else: nobody could take it from them."""
    session = act.unit.session
    user_id = session.scalar(select(User.id).where(User.code == code))
    if user_id is None:
        return None
    person = act.actor if user_id == act.actor.id else actors.load(session, user_id, act.now.date())
    case = act.case
    where = {"case_type": case.case_type, "priority": case.priority, "barred": case.barred}
    wanted = SimpleNamespace(kind=STEP, message=None, role=place.role, post_code=place.post_code, **where)
    return person.id if person is not None and policy.grants_for(person, wanted, act.case_type) else None


def plain(item: Mapping[str, Any]) -> Any:
    """An item of a multi-instance as JSON."""
    return pack(dict(item))


def responsible_role(case_type: CaseType) -> str:
    """The role that keeps the cases of a type in Bamako: the first that works on them there; else whoever opens them."""
    central = (role for role, level in case_type.access.items() if level == "write" and case_type.roles[role].at == "central")
    return next(central, case_type.start_roles[0])
