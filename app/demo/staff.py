"""Users with their roles, absences, kinship and delegations."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy.orm import Session

from app.db.users import Absence, DeclaredRelative, Kinship, RoleGrant, User
from app.demo.reading import day, read
from app.services import passwords

PASSWORD = "jatigi-demonstration"
"""Of every demonstration account."""


def load(session: Session, now: dt.datetime) -> None:
    """Users first, since delegations and covers name others."""
    data = read("users")
    digest = passwords.digest(PASSWORD)
    users = {entry["id"]: _user(entry, digest, now) for entry in data["utilisateurs"]}
    session.add_all(users.values())
    session.flush()
    for entry in data["utilisateurs"]:
        user = users[entry["id"]]
        session.add_all(_grant(user, role) for role in entry["roles"])
        session.add_all(_absence(user, absence, users) for absence in entry["absences"])
        session.add_all(DeclaredRelative(user_id=user.id, person_code=code) for code in entry.get("fiches_parents", ()))
        session.add_all(Kinship(user_id=user.id, relative_id=users[tie["avec"]].id, tie=tie["lien"]) for tie in entry["parente_declaree"])
    for entry in data["delegations"]:
        session.add(_delegation(entry, users))
    session.flush()


def _user(entry: dict[str, Any], digest: str, now: dt.datetime) -> User:
    return User(
        code=entry["id"],
        login=entry["identifiant"],
        family_name=entry["nom"],
        given_names=entry["prenoms"],
        title=entry["fonction_fr"],
        email=entry["courriel"],
        phone=entry["tel"],
        post_code=entry["poste"],
        person_code=entry.get("fiche_personne"),
        password_hash=digest,
        active=entry["actif"],
        created_at=now,
    )


def _perimeter(written: dict[str, Any]) -> dict[str, list[str]]:
    return {
        "posts": [*written.get("postes", []), *written.get("antennes", [])],
        "countries": written.get("pays", []),
        "case_types": written.get("types", []),
        "priorities": written.get("priorites", []),
    }


def _grant(user: User, entry: dict[str, Any]) -> RoleGrant:
    # Demonstration roles have no end: the data stays usable in later years.
    return RoleGrant(
        user_id=user.id,
        role=entry["role"],
        **_perimeter(entry["perimetre"]),
        starts_on=day(entry["du"]),
        ends_on=None,
        deed=entry["acte_reference"],
    )


def _absence(user: User, entry: dict[str, Any], users: dict[str, User]) -> Absence:
    cover = users.get(entry["interimaire"] or "")
    return Absence(
        user_id=user.id, starts_on=day(entry["du"]), ends_on=day(entry["au"]), reason=entry["motif"], cover_id=cover.id if cover else None
    )


def _delegation(entry: dict[str, Any], users: dict[str, User]) -> RoleGrant:
    return RoleGrant(
        user_id=users[entry["delegataire"]].id,
        role=entry["role"],
        **_perimeter(entry["perimetre"]),
        starts_on=day(entry["du"]),
        ends_on=day(entry["au"]),
        deed=entry["acte_reference"],
        on_behalf_of_id=users[entry["delegant"]].id,
        ceiling=entry["plafond"],
    )
