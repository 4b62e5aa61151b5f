"""Fills an empty database with the demonstration, in one go; does nothing when it is not empty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from sqlalchemy import select

from app.db.transaction import Unit, transaction
from app.db.users import RoleGrant, User
from app.demo import cases, places, registers, staff
from app.extensions import db
from app.services import actor as actors
from app.services import clock, inbox_counts, inbox_walks, versions

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
    """One active account for each role, with the shared password: of those who hold it, the one with most tasks to do."""
    query = select(RoleGrant.role, User).join(User, User.id == RoleGrant.user_id)
    query = query.where(User.active.is_(True), RoleGrant.on_behalf_of_id.is_(None)).order_by(RoleGrant.role, User.id)
    holders = [(role, user, _to_do(user)) for role, user in db.session.execute(query)]
    yield f"Mot de passe de tous les comptes : {staff.PASSWORD}"
    for role, group in groupby(holders, key=lambda holder: holder[0]):
        _, user, _ = max(group, key=lambda holder: holder[2])
        yield f"  {role:22} {user.login:22} {user.post_code:6} {user.given_names} {user.family_name}"


def _to_do(user: User) -> int:
    """How many open tasks are theirs, or wait for somebody in their roles."""
    now = clock.now()
    actor = actors.load(db.session(), user.id, now.date())
    found = inbox_counts.counts(db.session(), actor, inbox_walks.reach_of(db.session(), actor), now) if actor else {}
    return found.get(inbox_walks.MINE, 0) + found.get(inbox_walks.TO_TAKE, 0)
