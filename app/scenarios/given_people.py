"""People that a scenario is given: others than the demonstration's, or the same with other grants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import delete, select, update

from app.db.transaction import Unit
from app.db.users import RoleGrant, User
from app.scenarios.reading import BadScenario

CODE = "U-"


def users(unit: Unit, given: Mapping[str, Any]) -> Callable[[Unit], None]:
    """users: {U-901: {post, name?, active?, language?, grants: [{role, posts?, types?, countries?, ceiling?}]}}

    A code that nobody has is a new person; of somebody known, `grants` takes the place of all they had. Afterwards who was known has
    their grants again, and who was new is no longer active: what they did keeps their name.
    """
    before: dict[str, dict[str, Any] | None] = {}
    for code, said in given["users"].items():
        if not code.startswith(CODE):
            raise BadScenario(f"utilisateur « {code} » : un code commence par {CODE}")
        row = unit.session.scalar(select(User).where(User.code == code))
        before[code] = None if row is None else {name: getattr(row, name) for name in ("post_code", "active", "language")}
        if row is None:
            row = _new(unit, code, said)
        before_grants = [_plain(grant) for grant in row.grants] if before[code] is not None else []
        row.post_code, row.active = said.get("post", row.post_code), said.get("active", True)
        row.language = said.get("language", row.language)
        if "grants" in said:
            _give(unit, row.id, [_read(code, grant) for grant in said["grants"]])
        if before[code] is not None:
            before[code] = {**before[code], "grants": before_grants}  # type: ignore[dict-item]

    def undo(unit: Unit) -> None:
        for code, was in before.items():
            row = unit.session.scalars(select(User).where(User.code == code)).one()
            values = dict(was or {"active": False})
            _give(unit, row.id, values.pop("grants", []))
            unit.session.execute(update(User).where(User.id == row.id).values(**values))

    return undo


def _new(unit: Unit, code: str, said: Mapping[str, Any]) -> User:
    if "post" not in said:
        raise BadScenario(f"utilisateur {code} : il manque « post »")
    row = User(code=code, login=code.lower(), family_name=said.get("name", code), post_code=said["post"], active=True, created_at=unit.now)
    unit.session.add(row)
    unit.session.flush()
    return row


def _read(code: str, grant: Mapping[str, Any]) -> dict[str, Any]:
    if "role" not in grant:
        raise BadScenario(f"utilisateur {code} : un droit nomme son « role »")
    return {
        "role": grant["role"],
        "posts": list(grant.get("posts", ())),
        "countries": list(grant.get("countries", ())),
        "case_types": list(grant.get("types", ())),
        "ceiling": grant.get("ceiling"),
        "deed": "scénario",
    }


def _plain(grant: RoleGrant) -> dict[str, Any]:
    return {column.key: getattr(grant, column.key) for column in RoleGrant.__table__.columns if column.key not in ("id", "user_id")}


def _give(unit: Unit, user_id: int, grants: list[dict[str, Any]]) -> None:
    unit.session.execute(delete(RoleGrant).where(RoleGrant.user_id == user_id))
    unit.session.add_all(RoleGrant(user_id=user_id, **values) for values in grants)
    unit.session.flush()
    unit.session.expire_all()
