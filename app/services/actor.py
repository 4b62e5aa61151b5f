"""Who acts: a user with the roles held at this moment, or the system itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import bindparam, literal, or_, select, union_all
from sqlalchemy.orm import Session

from app.db.posts import Post
from app.db.users import Absence, Kinship, RoleGrant, User


@dataclass(frozen=True)
class Grant:
    """A role over a perimeter; an empty set means everything. `behind` is the user on whose behalf it is held (delegation)."""

    role: str
    posts: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    case_types: frozenset[str] = frozenset()
    priorities: frozenset[str] = frozenset()
    behind: int | None = None
    behind_name: str | None = None
    ceiling: int | None = None

    def covers(self, case_type: str, priority: str | None = None) -> bool:
        """Whether the perimeter holds this type of case (and this priority, when given)."""
        return (not self.case_types or case_type in self.case_types) and (
            not self.priorities or priority is None or priority in self.priorities
        )


@dataclass(frozen=True)
class Actor:
    """Frozen picture of a user for one request."""

    id: int | None
    code: str
    name: str
    post: str
    language: str = "fr"
    zone: str = "Africa/Bamako"
    grants: tuple[Grant, ...] = ()
    relatives: frozenset[int] = field(default_factory=frozenset)
    covers: frozenset[int] = field(default_factory=frozenset)
    """Users who are away today, for whom this one stands in."""

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    @property
    def is_system(self) -> bool:
        return self.id is None

    def holding(self, role: str) -> list[Grant]:
        """The grants of one role."""
        return [grant for grant in self.grants if grant.role == role]


SYSTEM = Actor(id=None, code="SYSTEM", name="Jatigi", post="CENTRAL")


_USER, _GRANT = User.__table__.c, RoleGrant.__table__.c
_OWNER, _BEHIND = User.__table__.alias("owner"), User.__table__.alias("behind")
_AWAY, _TIE = Absence.__table__.c, Kinship.__table__.c
_ABSENT = (_AWAY.cover_id == bindparam("user_id"), _AWAY.starts_on <= bindparam("today"), _AWAY.ends_on >= bindparam("today"))
_WHO = (
    select(_USER.code, _USER.family_name, _USER.given_names, _USER.post_code, _USER.language, Post.__table__.c.zone)
    .select_from(User.__table__.outerjoin(Post.__table__, Post.__table__.c.code == _USER.post_code))
    .where(_USER.id == bindparam("user_id"), _USER.active.is_(True))
)
_GRANTS = (
    select(
        *(_GRANT[name] for name in ("user_id", "role", "posts", "countries", "case_types", "priorities", "on_behalf_of_id", "ceiling")),
        *(_OWNER.c.given_names, _OWNER.c.family_name),
        *(_BEHIND.c.given_names.label("behind_given"), _BEHIND.c.family_name.label("behind_family")),
    )
    .select_from(RoleGrant.__table__.join(_OWNER, _OWNER.c.id == _GRANT.user_id))
    .outerjoin(_BEHIND, _BEHIND.c.id == _GRANT.on_behalf_of_id)
    .where(
        or_(_GRANT.user_id == bindparam("user_id"), _GRANT.user_id.in_(select(_AWAY.user_id).where(*_ABSENT))),
        or_(_GRANT.starts_on.is_(None), _GRANT.starts_on <= bindparam("today")),
        or_(_GRANT.ends_on.is_(None), _GRANT.ends_on >= bindparam("today")),
    )
    .order_by(_GRANT.user_id, _GRANT.id)
)
"""The grants that hold today, of a user and of those who are away and whose cover the user is."""
_TIES = union_all(
    select(literal("relative").label("what"), _TIE.relative_id.label("other")).where(_TIE.user_id == bindparam("user_id")),
    # a tie holds both ways, whichever of the two declared it
    select(literal("relative"), _TIE.user_id).where(_TIE.relative_id == bindparam("user_id")),
    select(literal("away"), _AWAY.user_id).where(*_ABSENT),
)


def load(session: Session, user_id: int, today: dt.date) -> Actor | None:
    """The actor of an active user with the grants that hold `today`; None for anybody else.

    Every page begins with it: three statements that know no mapped objects.
    """
    connection, given = session.connection(), {"user_id": user_id, "today": today}
    user = connection.execute(_WHO, {"user_id": user_id}).one_or_none()
    if user is None:
        return None
    ties = connection.execute(_TIES, given).all()
    rows = connection.execute(_GRANTS, given).all()
    return Actor(
        id=user_id,
        code=user.code,
        name=f"{user.given_names} {user.family_name}".strip(),
        post=user.post_code,
        language=user.language,
        zone=user.zone or "Africa/Bamako",
        grants=(*(_grant(row) for row in rows if row.user_id == user_id), *_in_their_name(rows, user_id)),
        relatives=frozenset(tie.other for tie in ties if tie.what == "relative"),
        covers=frozenset(tie.other for tie in ties if tie.what == "away"),
    )


def _in_their_name(rows: Iterable[Any], user_id: int) -> list[Grant]:
    """The roles of those who are away, held for them; what they hold by delegation is not handed further (rule S9)."""
    return [
        replace(_grant(row), behind=row.user_id, behind_name=f"{row.given_names} {row.family_name}".strip())
        for row in rows
        if row.user_id != user_id and row.on_behalf_of_id is None
    ]


def _grant(row: Any) -> Grant:
    return Grant(
        role=row.role,
        posts=frozenset(row.posts),
        countries=frozenset(row.countries),
        case_types=frozenset(row.case_types),
        priorities=frozenset(row.priorities),
        behind=row.on_behalf_of_id,
        behind_name=f"{row.behind_given} {row.behind_family}".strip() if row.on_behalf_of_id is not None else None,
        ceiling=row.ceiling,
    )
