"""A ministry with many open tasks: rows made in bulk, spread over posts, roles, types of case and people as they would be."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from sqlalchemy import func, insert, select, text

from app.db.cases import Case, DefinitionVersion
from app.db.people import Person
from app.db.posts import Post
from app.db.tasks import Task
from app.db.transaction import Unit, transaction
from app.db.users import User
from app.extensions import db
from app.services import clock
from benchmarks.measure import progress
from tests.support.cases import POST

CHUNK = 5_000
CLOSED_EACH = 2
"""Closed tasks beside each open one."""
ROLES = ("agent_consulaire", "agent_consulaire", "chef_poste", "gestionnaire_dgme", "agent_social", "conseiller_juridique")
CENTRAL_ROLES = frozenset({"gestionnaire_dgme", "agent_social", "conseiller_juridique"})
STEPS = ("confirmer_identite", "examiner_recevabilite", "obtenir_acte_deces", "transcrire_deces", "preparer_depart")
BUSY = 10
"""How much more often a case lies at the busiest post than at another."""


class Crowd:
    """Fills the database at hand, a chunk a transaction."""

    def __init__(self, code: str, seed: int) -> None:
        self._code, self._random, self._made = code, random.Random(seed), 0
        session = db.session()
        self._version = session.scalar(select(DefinitionVersion.hash).where(DefinitionVersion.case_type == code))
        self._posts = list(session.execute(select(Post.code, Post.country).order_by(Post.code)))
        self._weights = [BUSY if post == POST else 1 for post, _ in self._posts]
        self._users = list(session.scalars(select(User.id).order_by(User.id)))
        self._people = list(session.scalars(select(Person.code).order_by(Person.code)))
        self._first = (session.scalar(select(func.max(Case.id))) or 0) + 1
        db.session.remove()

    def grow_to(self, open_tasks: int) -> None:
        """Until there are that many open tasks (one a case)."""
        while self._made < open_tasks:
            count = min(CHUNK, open_tasks - self._made)
            transaction(lambda unit, count=count: self._chunk(unit, count), clock.now)
            self._made += count
            if self._made % 20_000 == 0:
                progress(f"{self._made} open tasks")
        db.session.remove()
        analyse()

    def _chunk(self, unit: Unit, count: int) -> None:
        cases, tasks = [], []
        for number in range(self._made, self._made + count):
            post, country = self._random.choices(self._posts, self._weights)[0]
            due = unit.now + dt.timedelta(minutes=self._random.randint(-20_000, 60_000))
            cases.append(self._case(number, post, country, unit.now))
            tasks.append(self._task(number, post, country, due, None))
            tasks += [self._task(number, post, country, due, closed + 1) for closed in range(CLOSED_EACH)]
        unit.connection.execute(insert(Case.__table__), cases)
        unit.connection.execute(insert(Task.__table__), tasks)

    def _case(self, number: int, post: str, country: str, now: dt.datetime) -> dict[str, Any]:
        return {
            **{"id": self._first + number, "reference": f"{self._code}-{post}-2025-{number:06}", "case_type": self._code},
            **{"version_hash": self._version, "state": b"", "post_code": post, "country": country, "opened_at": now},
            **{"person_code": self._random.choice(self._people), "confidentiality": "C3", "status": "instruction", "priority": "P3"},
        }

    def _task(self, number: int, post: str, country: str, due: dt.datetime, closed: int | None) -> dict[str, Any]:
        role, step = self._random.choice(ROLES), self._random.choice(STEPS)
        done = closed is not None
        holder = self._random.choice([None, None, self._random.choice(self._users)])
        return {
            **{"case_id": self._first + number, "engine_id": f"crowd-{number}-{closed}", "kind": "step", "step": step, "title": step},
            **{"process": "", "role": role, "post_code": "CENTRAL" if role in CENTRAL_ROLES else post, "case_type": self._code},
            **{"country": country, "priority": "P3", "opened_at": due - dt.timedelta(days=5), "due_at": due, "calendar_code": "ML-CENTRAL"},
            **{"assignee_id": None if done else holder, "closed_at": due if done else None, "closed_how": "done" if done else None},
            **{"closed_by_id": self._random.choice(self._users) if done else None},
        }


def analyse() -> None:
    """Statistics as the nightly maintenance keeps them."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if db.engine.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("ANALYZE")  # type: ignore[union-attr]
        else:
            connection.execute(text("VACUUM ANALYZE"))
