"""When nobody at a small post is left who may do a step, it goes up the line of supervisors to Bamako; the rule is never relaxed.

(domain: roles-and-rights §4: posts of two or three agents cannot satisfy the separation of duties by themselves.)
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from app.db.users import RoleGrant, User
from app.services import concern, policy
from app.services.act import Act
from app.services.placing import Place
from app.services.policy import CENTRAL
from workflows.outcome import Awaited, Open


def routed(act: Act, step: Open | Awaited, place: Place, done: Any) -> Place:
    """The place of a step, or that of the first supervisor in Bamako when separation of duties leaves nobody at the post.

    done: the task that the actor is completing in this act; its row is not closed yet.
    """
    excluded = [name.strip() for name in str(step.extensions.get("four_eyes") or "").split(",") if name.strip()]
    if not excluded or place.post_code in (CENTRAL, policy.ANY_STATION):
        return place
    away = {user for users in policy.performers(act.unit.session, act.case.id, excluded).values() for user in users}
    if done is not None and done.step in excluded and act.actor.id is not None:
        away.add(act.actor.id)
    holders = _holders(act, place)
    able = holders - away
    able -= concern.concerned(act.unit.session, act.case.id, able)
    if able or not (holders or away):
        return place
    return _upwards(act, step, place)


def _upwards(act: Act, step: Open | Awaited, place: Place) -> Place:
    role = place.role
    for _ in act.case_type.supervisors:
        role = act.case_type.supervisors.get(role, "")
        known = act.case_type.roles.get(role)
        if known is None:
            return place
        if known.at == "central":
            act.recorder.add("task.rerouted", getattr(step, "step", None), data={"from": place.role, "to": role, "post": place.post_code})
            return Place(role, CENTRAL)
    return place


def _holders(act: Act, place: Place) -> set[int]:
    """Active users who hold a role today at a post, for this type of case."""
    today = act.now.date()
    query = (
        select(User.id, User.post_code, RoleGrant.posts, RoleGrant.case_types)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.role == place.role, User.active.is_(True))
        .where(
            or_(RoleGrant.starts_on.is_(None), RoleGrant.starts_on <= today), or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today)
        )
    )
    return {
        row.id
        for row in act.unit.session.execute(query)
        if place.post_code in (row.posts or [row.post_code]) and (not row.case_types or act.case.case_type in row.case_types)
    }
