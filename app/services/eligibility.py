"""When nobody is left who may do a step where it lies, it goes up the line of supervisors; the rule is never relaxed.

(domain: roles-and-rights §4: posts of two or three agents cannot satisfy the separation of duties by themselves, their steps go to Bamako.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from app.db.users import RoleGrant, User
from app.services import answers, barring, concern, policy
from app.services.act import Act
from app.services.errors import Forbidden
from app.services.placing import Place
from app.services.policy import ANY_STATION, CENTRAL
from workflows.outcome import Awaited, Open


@dataclass(frozen=True)
class _Holder:
    """Somebody who holds a role today; `hands`: they, and the one for whom they hold it."""

    user_id: int
    post: str
    hands: frozenset[int]


def routed(act: Act, step: Open | Awaited, place: Place, done: Any) -> Place:
    """The place of a step, or that of the first supervisor in Bamako who may do it when separation of duties leaves nobody there.

    Kept away are who did the steps named in `four_eyes`, for themselves or for somebody, the users that `apart` gives, the declared
    relatives of all these, and whoever the case names (rules S1 to S5). done: the task that the actor is completing in this act; its row
    is not closed yet.
    """
    excluded = [name.strip() for name in str(step.extensions.get("four_eyes") or "").split(",") if name.strip()]
    named = step.extensions.get("apart") or ()
    if not (excluded or named) or place.post_code == ANY_STATION:
        return place
    away = {user for users in policy.performers(act.unit.session, act.case.id, excluded).values() for user in users}
    away |= _users(act, named)
    if done is not None and done.step in excluded:
        away |= {hand for hand in (act.actor.id, act.capacity.behind) if hand is not None}
    away |= concern.relatives(act.unit.session, away)
    holders = _holders(act, place)
    if _anybody(act, holders, away) or not (holders or away):
        return place
    for higher in _upwards(act, place):
        if _anybody(act, _holders(act, higher), away):
            told = {"from": place.role, "to": higher.role, "post": place.post_code}
            act.recorder.add("task.rerouted", getattr(step, "step", None), data=told)
            return higher
    return place


def apart(act: Act, task: Any, values: Mapping[str, Any]) -> None:
    """Control: nobody decides for a group in which they, whom they stand in for, or a declared relative, are themselves (rule S3).

    The property `apart` of the step gives the users, as FEEL over the facts and the answers.
    """
    said = act.case_type.elements.in_process[task.process, task.step].properties
    seen = {**answers.view(act, task), **values}
    among = _users(act, act.case_type.definition.evaluate(str(said["apart"]), seen, act.now, act.functions) or ())
    hands = {hand for hand in (act.actor.id, act.capacity.behind) if hand is not None}
    if among & (hands | concern.relatives(act.unit.session, hands)):
        raise Forbidden("among_them")


def _users(act: Act, codes: Iterable[Any]) -> set[int]:
    wanted = sorted({str(code) for code in codes})
    return set(act.unit.session.scalars(select(User.id).where(User.code.in_(wanted)))) if wanted else set()


def _upwards(act: Act, place: Place) -> Iterator[Place]:
    """The supervisors in Bamako, one above the other."""
    role, seen = act.case_type.supervisors.get(place.role, ""), {place.role}
    while role in act.case_type.roles and role not in seen:
        seen.add(role)
        if act.case_type.roles[role].at == "central":
            yield Place(role, CENTRAL)
        role = act.case_type.supervisors.get(role, "")


def _anybody(act: Act, holders: list[_Holder], away: set[int]) -> bool:
    """Whether one of the holders may do it."""
    left = [holder for holder in holders if not holder.hands & away and not barring.keeps_out(act.case.barred, holder.user_id, holder.post)]
    named = concern.concerned(act.unit.session, act.case.id, {hand for holder in left for hand in holder.hands}) if left else set()
    return any(not holder.hands & named for holder in left)


def _holders(act: Act, place: Place) -> list[_Holder]:
    """Active users who hold a role today at a place, for this type of case."""
    today = act.now.date()
    query = (
        select(User.id, User.post_code, RoleGrant.posts, RoleGrant.case_types, RoleGrant.on_behalf_of_id)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.role == place.role, User.active.is_(True))
        .where(
            or_(RoleGrant.starts_on.is_(None), RoleGrant.starts_on <= today), or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today)
        )
    )
    return [
        _Holder(row.id, row.post_code, frozenset({row.id, row.on_behalf_of_id} - {None}))
        for row in act.unit.session.execute(query)
        if (place.post_code == CENTRAL or place.post_code in (row.posts or [row.post_code]))
        and (not row.case_types or act.case.case_type in row.case_types)
    ]


CONTROLS = {"people.apart": apart}
