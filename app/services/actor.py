"""Who acts: a user with the roles held at this moment, or the system itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ScalarSelect, Select, String, bindparam, case, cast, func, or_, select
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
_OTHER = case((_TIE.user_id == _USER.id, _TIE.relative_id), else_=_TIE.user_id)
"""A tie holds both ways, whichever of the two declared it."""
_TIED = or_(_TIE.user_id == _USER.id, _TIE.relative_id == _USER.id)
_AWAY_TODAY = (_AWAY.starts_on <= bindparam("today"), _AWAY.ends_on >= bindparam("today"))


def _numbers(column: Any, *where: Any) -> Any:
    """Numbers of other rows as one column: read by `_set`."""
    return select(func.aggregate_strings(cast(column, String), ",")).where(*where).correlate(User.__table__).scalar_subquery()


_WHO = (
    select(
        *(_USER[name] for name in ("id", "code", "family_name", "given_names", "post_code", "language")),
        Post.__table__.c.zone,
        _numbers(_OTHER, _TIED).label("relatives"),
        _numbers(_AWAY.user_id, _AWAY.cover_id == _USER.id, *_AWAY_TODAY).label("covers"),
    )
    .select_from(User.__table__.outerjoin(Post.__table__, Post.__table__.c.code == _USER.post_code))
    .where(_USER.active.is_(True))
)
_WHO_BY_ID = _WHO.where(_USER.id == bindparam("user_id"))
_COVERED = select(_AWAY.user_id).where(_AWAY.cover_id == bindparam("user_id"), *_AWAY_TODAY)
_GRANTS = (
    select(
        *(_GRANT[name] for name in ("user_id", "role", "posts", "countries", "case_types", "priorities", "on_behalf_of_id", "ceiling")),
        *(_OWNER.c.given_names, _OWNER.c.family_name),
        *(_BEHIND.c.given_names.label("behind_given"), _BEHIND.c.family_name.label("behind_family")),
    )
    .select_from(RoleGrant.__table__.join(_OWNER, _OWNER.c.id == _GRANT.user_id))
    .outerjoin(_BEHIND, _BEHIND.c.id == _GRANT.on_behalf_of_id)
    .where(
        or_(_GRANT.user_id == bindparam("user_id"), _GRANT.user_id.in_(_COVERED)),
        or_(_GRANT.starts_on.is_(None), _GRANT.starts_on <= bindparam("today")),
        or_(_GRANT.ends_on.is_(None), _GRANT.ends_on >= bindparam("today")),
    )
    .order_by(_GRANT.user_id, _GRANT.id)
)
"""The grants that hold today, of a user and of those who are away and whose cover the user is."""


def load(session: Session, user_id: int, today: dt.date) -> Actor | None:
    """The actor of an active user with the grants that hold `today`; None for anybody else."""
    return load_by(session, _WHO_BY_ID, today, user_id=user_id)


def who(user: ScalarSelect[Any]) -> Select[Any]:
    """A statement for `load_by`: the user whose number a sub-select gives."""
    return _WHO.where(_USER.id == user)


def load_by(session: Session, statement: Select[Any], today: dt.date, **given: Any) -> Actor | None:
    """The same of somebody known by something else than a number. given: what the sub-select is told."""
    # Every page begins with these two statements, which know no mapped objects.
    connection = session.connection()
    user = connection.execute(statement, {**given, "today": today}).one_or_none()
    if user is None:
        return None
    rows = connection.execute(_GRANTS, {"user_id": user.id, "today": today}).all()
    return Actor(
        id=user.id,
        code=user.code,
        name=f"{user.given_names} {user.family_name}".strip(),
        post=user.post_code,
        language=user.language,
        zone=user.zone or "Africa/Bamako",
        grants=(*(_grant(row) for row in rows if row.user_id == user.id), *_in_their_name(rows, user.id)),
        relatives=_set(user.relatives),
        covers=_set(user.covers),
    )


def _set(numbers: str | None) -> frozenset[int]:
    return frozenset(int(number) for number in numbers.split(",")) if numbers else frozenset()


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
