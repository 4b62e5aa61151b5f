"""Roles that somebody used on behalf of another: the lines that hand them over again, before the first act that needed it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.db.users import RoleGrant, User
from app.scenarios.reading import written

if TYPE_CHECKING:
    from app.scenarios.recorded import Recorded

Line = dict[str, Any]
BEFORE = 0.25
"""A part of the way from one entry to the next."""


def lines(all_walked: Iterable[Recorded], kinds: Collection[str]) -> Iterator[tuple[float, Line]]:
    """(after how many entries, line) of each role that was delegated to whoever did an act of these kinds; until the last such act."""
    used: dict[tuple[int, int, str], list[tuple[int, dt.datetime]]] = {}
    for walked in all_walked:
        for number, entry in zip(walked.written, walked.entries, strict=True):
            if entry.actor_id is not None and entry.behind is not None and entry.kind in kinds:
                used.setdefault((entry.behind, entry.actor_id, str(entry.role)), []).append((number, entry.at))
        names, session = walked.names, walked.session
    for (giver_id, receiver_id, role), acts in used.items():
        giver, receiver = session.get_one(User, giver_id), session.get_one(User, receiver_id)
        said = {"from": names.user(giver.code), "to": names.user(receiver.code), "role": role, "until": max(at for _, at in acts).date()}
        where = (RoleGrant.user_id == receiver_id, RoleGrant.on_behalf_of_id == giver_id, RoleGrant.role == role)
        grant = session.scalars(select(RoleGrant).where(*where).order_by(RoleGrant.id.desc()).limit(1)).first()
        limits = {"types": grant.case_types, "ceiling": grant.ceiling} if grant is not None else {}
        number, at = min(acts)
        yield number - BEFORE, {"delegate": {**said, **{key: value for key, value in limits.items() if value}}, "at": written(at)}
