"""Which tasks the lists of the inbox hold: for each tab, walks along one index, one for each (place, role) of the actor's grants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.db.posts import Post
from app.db.tasks import AWAITED, TO_DO, Task
from app.services import policy, versions
from app.services.actor import Actor
from app.services.policy import ANY_STATION, CENTRAL
from workflows.catalog import CaseType

TO_TAKE, MINE, TEAM, WAITING, DONE = "to_take", "mine", "team", "waiting", "done"
TABS = (TO_TAKE, MINE, TEAM, WAITING, DONE)
STATION = "antenne"
ABROAD = ("ambassade", "consulat_general")
"""Kinds of places, as the ministry names them."""


class Walk(NamedTuple):
    """Tasks of a role at a place; `types` narrows them when the grant does."""

    place: str
    role: str
    types: frozenset[str]


@dataclass(frozen=True)
class Reach:
    """What an actor's grants reach in the inbox."""

    own: tuple[Walk, ...]
    team: tuple[Walk, ...]
    types: Mapping[str, CaseType] = field(default_factory=dict)


def reach_of(session: Session, actor: Actor) -> Reach:
    """Places and roles of an actor's own tasks, and of those that the actor answers for as supervisor."""
    types = versions.all_current(session)
    case_type = next(iter(types.values()), None)
    if case_type is None:
        return Reach((), ())
    own: dict[Walk, None] = {}
    team: dict[Walk, None] = {}
    for grant in actor.grants:
        role = case_type.roles.get(grant.role)
        if role is None:
            continue
        for place in sorted(policy.places(grant, actor, role.at)):
            own[Walk(place, grant.role, grant.case_types)] = None
        for worker, boss in case_type.supervisors.items():
            if boss == grant.role and worker in case_type.roles:
                for place in _watched(session, actor, grant, role.at, case_type.roles[worker].at):
                    team[Walk(place, worker, grant.case_types)] = None
    return Reach(tuple(own), tuple({**own, **team}), types)


def _watched(session: Session, actor: Actor, grant: Any, boss_at: str, worker_at: str) -> list[str]:
    if worker_at == "central":
        return [CENTRAL]
    if boss_at == "post":
        return sorted(grant.posts or {actor.post})
    if boss_at == "station" or worker_at == "external":
        return []
    kinds = Post.kind == STATION if worker_at == "station" else Post.kind.in_(ABROAD)
    found = list(session.scalars(select(Post.code).where(kinds).order_by(Post.code)))
    return [*found, ANY_STATION] if worker_at == "station" else found


def conditions(tab: str, walk: Walk) -> list[ColumnElement[bool]]:
    """What the open tasks of a tab have in common on one walk."""
    found: list[ColumnElement[bool]] = [Task.post_code == walk.place, Task.role == walk.role]
    found.append(AWAITED if tab == WAITING else TO_DO)
    if tab == TO_TAKE:
        found.append(Task.assignee_id.is_(None))
    if walk.types:
        found.append(Task.case_type.in_(sorted(walk.types)))
    return found
