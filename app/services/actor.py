"""Who acts: a user with the roles held at this moment, or the system itself."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from sqlalchemy import select, union
from sqlalchemy.orm import Session, selectinload

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


def load(session: Session, user_id: int, today: dt.date) -> Actor | None:
    """The actor of an active user with the grants that hold `today`; None for anybody else."""
    query = (
        select(User).where(User.id == user_id, User.active.is_(True)).options(selectinload(User.grants).joinedload(RoleGrant.on_behalf_of))
    )
    user = session.scalars(query).one_or_none()
    if user is None:
        return None
    zone = session.scalar(select(Post.zone).where(Post.code == user.post_code)) or "Africa/Bamako"
    ties = union(  # a tie holds both ways, whichever of the two declared it
        select(Kinship.relative_id).where(Kinship.user_id == user.id), select(Kinship.user_id).where(Kinship.relative_id == user.id)
    )
    away = _covered(session, user.id, today)
    return Actor(
        id=user.id,
        code=user.code,
        name=user.name,
        post=user.post_code,
        language=user.language,
        zone=zone,
        grants=(*(_grant(row) for row in user.grants if _holds(row, today)), *_in_their_name(away, today)),
        relatives=frozenset(session.scalars(ties)),
        covers=frozenset(other.id for other in away),
    )


def _covered(session: Session, user_id: int, today: dt.date) -> list[User]:
    """Users who are away today and whose cover this one is."""
    query = (
        select(User)
        .join(Absence, Absence.user_id == User.id)
        .where(Absence.cover_id == user_id, Absence.starts_on <= today, Absence.ends_on >= today)
        .options(selectinload(User.grants).joinedload(RoleGrant.on_behalf_of))
        .order_by(User.id)
    )
    return list(session.scalars(query).unique())


def _in_their_name(away: list[User], today: dt.date) -> list[Grant]:
    """Their own roles, held for them; what they hold by delegation is not handed further (rule S9)."""
    return [
        replace(_grant(row), behind=other.id, behind_name=other.name)
        for other in away
        for row in other.grants
        if row.on_behalf_of_id is None and _holds(row, today)
    ]


def _holds(row: RoleGrant, today: dt.date) -> bool:
    return (row.starts_on is None or row.starts_on <= today) and (row.ends_on is None or today <= row.ends_on)


def _grant(row: RoleGrant) -> Grant:
    return Grant(
        role=row.role,
        posts=frozenset(row.posts),
        countries=frozenset(row.countries),
        case_types=frozenset(row.case_types),
        priorities=frozenset(row.priorities),
        behind=row.on_behalf_of_id,
        behind_name=row.on_behalf_of.name if row.on_behalf_of else None,
        ceiling=row.ceiling,
    )
