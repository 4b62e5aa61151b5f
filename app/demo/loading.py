"""Fills an empty database with the demonstration, in one go; does nothing when it is not empty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from app.db.transaction import Unit, transaction
from app.db.users import RoleGrant, User
from app.demo import cases, places, registers, staff
from app.extensions import db
from app.services import clock, versions

BEFORE = dt.timedelta(days=260)
"""The procedures are published this long ago: before the oldest case of the demonstration."""


def load(bpmn: Path, documents: Path) -> Iterator[str]:
    """Says what it does, line by line. documents: folder of the files that cases hold."""
    if db.session.scalar(select(User.id).limit(1)) is not None:
        db.session.rollback()
        yield "Il y a déjà des utilisateurs : rien à charger."
        return
    db.session.rollback()
    yield "Postes, calendriers, utilisateurs, personnes, fournisseurs, budget..."
    transaction(_registers, clock.now)
    yield "Procédures..."
    with clock.at(clock.now() - BEFORE):
        changed = transaction(lambda unit: versions.deploy_folder(unit.session, bpmn, unit.now), clock.now)
    yield f"Publiées : {', '.join(changed)}."
    yield "Dossiers, joués étape par étape..."
    yield from cases.load(bpmn, documents)


def _registers(unit: Unit) -> None:
    places.load(unit.session, unit.now)
    staff.load(unit.session, unit.now)
    registers.load(unit.session, unit.now)


def accounts() -> Iterator[str]:
    """One active account for each role, with the shared password."""
    query = select(RoleGrant.role, User.login, User.post_code, User.given_names, User.family_name).join(User, User.id == RoleGrant.user_id)
    query = query.where(User.active.is_(True), RoleGrant.on_behalf_of_id.is_(None)).order_by(RoleGrant.role, User.id)
    seen: set[str] = set()
    yield f"Mot de passe de tous les comptes : {staff.PASSWORD}"
    for row in db.session.execute(query):
        if row.role not in seen:
            seen.add(row.role)
            yield f"  {row.role:22} {row.login:22} {row.post_code:6} {row.given_names} {row.family_name}"
