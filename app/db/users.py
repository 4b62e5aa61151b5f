"""Users, what they may do and where, and their sign-ins. (domain: roles, perimeters, delegations, absences.)"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.types import Id, Json, UtcDateTime, Xof
from app.extensions import db


class User(db.Model):
    """A member of the staff, or an external auditor. `code` never changes; `login` may."""

    __tablename__ = "user_account"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    login: Mapped[str] = mapped_column(String(80), unique=True)
    family_name: Mapped[str] = mapped_column(String(200))
    given_names: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    post_code: Mapped[str] = mapped_column(ForeignKey("post.code"), index=True)
    person_code: Mapped[str | None] = mapped_column(String(40), index=True)
    """The record that cases have of this person, when there is one (rule S3)."""
    language: Mapped[str] = mapped_column(String(5), default="fr")
    password_hash: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)

    grants: Mapped[list[RoleGrant]] = relationship(back_populates="user", foreign_keys="RoleGrant.user_id", cascade="all, delete-orphan")

    @property
    def name(self) -> str:
        return f"{self.given_names} {self.family_name}".strip()


class RoleGrant(db.Model):
    """A role held over a perimeter for a period; a delegation when `on_behalf_of_id` is set.

    An empty list of posts, countries, types or priorities means "all of them".
    """

    __tablename__ = "role_grant"
    __table_args__ = (CheckConstraint("ceiling IS NULL OR ceiling >= 0", name="ceiling_not_negative"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(40))
    posts: Mapped[list[str]] = mapped_column(Json, default=list)
    countries: Mapped[list[str]] = mapped_column(Json, default=list)
    case_types: Mapped[list[str]] = mapped_column(Json, default=list)
    priorities: Mapped[list[str]] = mapped_column(Json, default=list)
    starts_on: Mapped[dt.date | None]
    ends_on: Mapped[dt.date | None]
    deed: Mapped[str] = mapped_column(String(200), default="")
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    ceiling: Mapped[int | None] = mapped_column(Xof)

    user: Mapped[User] = relationship(back_populates="grants", foreign_keys=[user_id])
    on_behalf_of: Mapped[User | None] = relationship(foreign_keys=[on_behalf_of_id])


class Absence(db.Model):
    """Days on which a user's work goes to a cover."""

    __tablename__ = "absence"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    reason: Mapped[str] = mapped_column(String(200), default="")
    cover_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class Kinship(db.Model):
    """A declared family tie between two users: they do not decide on each other's requests (rule S3)."""

    __tablename__ = "kinship"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    relative_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    tie: Mapped[str] = mapped_column(String(40))


class DeclaredRelative(db.Model):
    """A declared relative who is no user, by the record that cases have of them: a user decides on no case that names them (rule S3)."""

    __tablename__ = "declared_relative"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    person_code: Mapped[str] = mapped_column(String(40), primary_key=True)


class SignIn(db.Model):
    """One sign-in on one device; revoked by signing out, by an administrator, or by time."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_user_open", "user_id", "revoked_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    started_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    device: Mapped[str] = mapped_column(String(200), default="")


class ApiToken(db.Model):
    """A token of the JSON interface: only its digest is kept."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class SavedFilter(db.Model):
    """A filter of the inbox that a user keeps by name; `query` holds only what narrows."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("user_id", "name", name="uq_saved_filter"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(40))
    tab: Mapped[str] = mapped_column(String(20))
    query: Mapped[dict[str, object]] = mapped_column(Json, default=dict)
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
