"""Users and what they may do: the acts of the functional administrator. Each is an entry of the administrative chain."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session, selectinload

from app.db.people import Person
from app.db.posts import Post
from app.db.transaction import Unit, transaction
from app.db.users import DeclaredRelative, RoleGrant, User
from app.services import administration, clock, passwords, perimeters, sign_ins, versions
from app.services.actor import Actor
from app.services.errors import Forbidden, Invalid, NotFound
from app.services.policy import ensure_administrator, gives_roles
from workflows.catalog import CaseType

PAGE = 40
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,79}", re.ASCII)
MAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>]+")


@dataclass(frozen=True)
class Directory:
    """One page of users by name; `after` opens the next one, None at the end."""

    users: list[User]
    after: str | None


def directory(session: Session, actor: Actor, text: str = "", after: str | None = None) -> Directory:
    """Users by family name, those whose name, login or code holds the text."""
    ensure_administrator(actor)
    query = select(User).options(selectinload(User.grants)).order_by(User.family_name, User.code)
    if text:
        like = f"%{text.lower().replace('%', '').replace('_', '')}%"
        columns = (User.family_name, User.given_names, User.login, User.code)
        query = query.where(or_(*(func.lower(column).like(like) for column in columns)))
    if after and "|" in after:
        name, code = after.rsplit("|", 1)
        query = query.where(or_(User.family_name > name, (User.family_name == name) & (User.code > code)))
    users = list(session.scalars(query.limit(PAGE + 1)))
    more = len(users) > PAGE
    users = users[:PAGE]
    return Directory(users, f"{users[-1].family_name}|{users[-1].code}" if more else None)


def account(session: Session, actor: Actor, code: str) -> User:
    """One user with the grants, past ones too. NotFound."""
    ensure_administrator(actor)
    return _user(session, code)


def _user(session: Session, code: str) -> User:
    query = select(User).where(User.code == code).options(selectinload(User.grants).joinedload(RoleGrant.on_behalf_of))
    user = session.scalars(query).one_or_none()
    if user is None:
        raise NotFound
    return user


def create(actor: Actor, raw: Mapping[str, Any]) -> str:
    """A new account without rights and without a password; its code. Invalid."""
    ensure_administrator(actor)

    def work(unit: Unit) -> str:
        values = _identity(unit.session, raw, None)
        kin = values.pop("relatives")
        user = User(code=f"U-{secrets.token_hex(4).upper()}", created_at=unit.now, language="fr", **values)
        unit.session.add(user)
        unit.session.flush()
        _declare(unit.session, user.id, kin)
        administration.record(unit, actor, "user.created", user.code, login=user.login, post=user.post_code)
        return user.code

    return transaction(work, clock.now)


def change(actor: Actor, code: str, raw: Mapping[str, Any]) -> None:
    """Name, login, mail, telephone, post, own record and those of declared relatives. Invalid."""
    ensure_administrator(actor)

    def work(unit: Unit) -> None:
        user = _user(unit.session, code)
        values = _identity(unit.session, raw, user.id)
        kin = values.pop("relatives")
        changed = sorted(name for name, value in values.items() if getattr(user, name) != value)
        for name in changed:
            setattr(user, name, values[name])
        if kin != relatives_of(unit.session, user.id):
            _declare(unit.session, user.id, kin)
            changed.append("relatives")
        if changed:
            administration.record(unit, actor, "user.changed", code, fields=changed)

    transaction(work, clock.now)


def set_active(actor: Actor, code: str, active: bool) -> None:
    """Close or open an account; closing signs it out everywhere."""
    ensure_administrator(actor)

    def work(unit: Unit) -> int:
        user = _user(unit.session, code)
        _ensure_other(actor, user)
        user.active = active
        administration.record(unit, actor, "user.opened" if active else "user.closed", code)
        return user.id

    user_id = transaction(work, clock.now)
    if not active:
        sign_ins.leave_everywhere(user_id)


def new_password(actor: Actor, code: str) -> str:
    """A password made by chance, to be told once to its owner; all their devices are signed out."""
    ensure_administrator(actor)
    password = "-".join(secrets.token_hex(3) for _ in range(3))
    digest = passwords.digest(password)

    def work(unit: Unit) -> int:
        user = _user(unit.session, code)
        user.password_hash = digest
        administration.record(unit, actor, "user.password", code)
        return user.id

    sign_ins.leave_everywhere(transaction(work, clock.now))
    return password


def grant(actor: Actor, code: str, raw: Mapping[str, Any]) -> None:
    """A role at posts, for countries and types, over a period. Invalid; Forbidden for one's own rights, for who gives none, or rule S8."""
    _ensure_gives(actor)

    def work(unit: Unit) -> None:
        user = _user(unit.session, code)
        _ensure_other(actor, user)
        types = versions.all_current(unit.session)
        values = _grant(unit.session, raw, types)
        _ensure_compatible(user, values["role"], types, unit.now.date(), actor.language)
        unit.session.add(RoleGrant(user_id=user.id, **values))
        administration.record(unit, actor, "grant.given", code, **values)

    transaction(work, clock.now)


def end_grant(actor: Actor, code: str, grant_id: int) -> None:
    """The role ends yesterday: it no longer holds today. What it did keeps its trace. Forbidden as for giving one."""
    _ensure_gives(actor)

    def work(unit: Unit) -> None:
        user = _user(unit.session, code)
        _ensure_other(actor, user)
        row = next((one for one in user.grants if one.id == grant_id), None)
        if row is None:
            raise NotFound
        row.ends_on = unit.now.date() - dt.timedelta(days=1)
        administration.record(unit, actor, "grant.ended", code, role=row.role, grant=row.id)

    transaction(work, clock.now)


def _ensure_gives(actor: Actor) -> None:
    ensure_administrator(actor)
    if not gives_roles(actor):
        raise Forbidden("roles_by_functional")


def _ensure_other(actor: Actor, user: User) -> None:
    if user.id == actor.id:
        raise Forbidden("own_rights")


def _identity(session: Session, raw: Mapping[str, Any], own: int | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: str(raw.get(name) or "").strip()[:200] for name in ("family_name", "given_names", "title", "email", "phone", "post_code")
    }
    values["login"] = str(raw.get("login") or "").strip().lower()[:80]
    errors = {name: "field_required" for name in ("family_name", "login") if not values[name]}
    if values["login"] and not LOGIN.fullmatch(values["login"]):
        errors["login"] = "login_shape"
    elif session.scalar(select(User.id).where(func.lower(User.login) == values["login"], User.id != (own or 0))):
        errors["login"] = "login_taken"
    if values["email"] and not MAIL.fullmatch(values["email"]):
        errors["email"] = "mail_shape"
    if session.get(Post, values["post_code"]) is None:
        errors["post_code"] = "post_unknown"
    person, kin = str(raw.get("person_code") or "").strip().upper()[:40], _codes(raw.get("relatives"))
    known = set(session.scalars(select(Person.code).where(Person.code.in_([person, *kin]))))
    if person and person not in known:
        errors["person_code"] = "person_unknown"
    if set(kin) - known:
        errors["relatives"] = "person_unknown"
    if errors:
        raise Invalid(errors, raw)
    return {**values, "phone": values["phone"][:40], "person_code": person or None, "relatives": kin}


def _codes(raw: Any) -> list[str]:
    """Codes of persons as they were typed: apart by commas, spaces or lines."""
    return sorted({code[:40] for code in re.split(r"[\s,;]+", str(raw or "").upper()) if code})


def relatives_of(session: Session, user_id: int) -> list[str]:
    """The records of the relatives that a user declared, by code."""
    query = select(DeclaredRelative.person_code).where(DeclaredRelative.user_id == user_id)
    return list(session.scalars(query.order_by(DeclaredRelative.person_code)))


def _declare(session: Session, user_id: int, kin: Iterable[str]) -> None:
    session.execute(delete(DeclaredRelative).where(DeclaredRelative.user_id == user_id))
    session.add_all(DeclaredRelative(user_id=user_id, person_code=code) for code in kin)


def _grant(session: Session, raw: Mapping[str, Any], types: Mapping[str, CaseType]) -> dict[str, Any]:
    errors = {}
    role = str(raw.get("role") or "")
    if not any(role in case_type.roles for case_type in types.values()):
        errors["role"] = "role_unknown"
    starts, ends = _day(raw, "starts_on", errors), _day(raw, "ends_on", errors)
    if starts and ends and ends < starts:
        errors["ends_on"] = "dates_order"
    posts = sorted({str(code) for code in raw.get("posts") or ()})
    if set(posts) - set(session.scalars(select(Post.code).where(Post.code.in_(posts)))):
        errors["posts"] = "post_unknown"
    if errors:
        raise Invalid(errors, raw)
    return {
        "role": role,
        "posts": posts,
        "case_types": perimeters.with_children((str(code) for code in raw.get("case_types") or ()), types),
        "starts_on": starts,
        "ends_on": ends,
        "deed": str(raw.get("deed") or "").strip()[:200],
    }


def _day(raw: Mapping[str, Any], name: str, errors: dict[str, str]) -> dt.date | None:
    text = str(raw.get(name) or "").strip()
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        errors[name] = "date_shape"
        return None


def _ensure_compatible(user: User, role: str, types: Mapping[str, CaseType], today: dt.date, language: str) -> None:
    case_type = next(iter(types.values()))
    held = {row.role for row in user.grants if row.ends_on is None or row.ends_on >= today}
    for first, *others in case_type.incompatible:
        clash = held & set(others) if role == first else ({first} & held if role in others else set())
        if clash:
            other = sorted(clash)[0]
            names = {code: case_type.roles[code].name.get(language, code) for code in (role, other)}
            raise Forbidden("role_incompatible", role=names[role], other=names[other])
