"""Where a scenario is played: its clock, its people, its cases. What the lines of the file do is in `deeds.py` and `upkeep.py`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, func, select, union_all

from app.db.cases import Case, CaseLink
from app.db.funding import FundingRequest
from app.db.tasks import STEP, WAIT, Task
from app.db.timers import Timer
from app.db.users import RoleGrant, User
from app.extensions import db
from app.scenarios.reading import BadScenario, moment
from app.services import actor as actors
from app.services import case_file, clock, deadlines, documents, policy, versions
from app.services.actor import Actor
from app.services.funding import expiry
from app.services.operations import looking, spreading
from workflows.catalog import CaseType
from workflows.scenarios.vocabulary import FIRST

MAX_DUE = 400
MAX_TOLD = 12
SPAWNED = "issu_de"

_PINNED = select(Case.version_hash).where(Case.id == bindparam("case_id"))
_USER = select(User.id).where(User.code == bindparam("code"))
_WITH_CHILDREN = select(Case.parent_id).where(Case.parent_id > bindparam("before"))
_PARENTS = select(Case.id).where(Case.id.in_(_WITH_CHILDREN), Case.closed_at.is_(None))
_IDS = bindparam("ids", expanding=True)
_FOLLOWED = select(CaseLink.other_id).where(CaseLink.case_id.in_(_IDS), CaseLink.kind == SPAWNED)
_THEIRS = Case.id.in_(_IDS) | Case.id.in_(_FOLLOWED) | Case.parent_id.in_(_IDS)
_LIVE = select(Case.id).where(Case.closed_at.is_(None), _THEIRS)
_NEXT_DUE = (
    union_all(
        select(Timer.due_at, Timer.case_id).where(Timer.due_at.is_not(None), Timer.case_id.in_(_LIVE)),
        select(Task.stage_at, Task.case_id).where(Task.closed_at.is_(None), Task.stage_at.is_not(None), Task.case_id.in_(_LIVE)),
        select(FundingRequest.reserved_until, FundingRequest.case_id).where(*expiry.HELD, FundingRequest.case_id.in_(_LIVE)),
    )
    .order_by("due_at", "case_id")
    .limit(1)
)
"""What is asked at each line is built once."""


class Unexpected(AssertionError):
    """The first difference between what a scenario says and what happened."""


@dataclass
class Played:
    """A case of the scenario."""

    case_id: int = 0
    reference: str = ""
    code: str = ""
    path: list[str] = field(default_factory=list)


class Stage:
    """The clock, people and cases of one scenario. `now` is the simulated clock; `case_id`, `reference`, `path` are of the case at hand."""

    def __init__(self, code: str, scenario: Mapping[str, Any], files: Path, shift: dt.timedelta = dt.timedelta()) -> None:
        self.code, self.scenario, self.given, self.shift = code, scenario, scenario["given"], shift
        self.store = documents.Store(files)
        self.now = moment(self.given["at"]) + shift
        self.post: str = self.given["post"]
        self.case_type: CaseType = versions.current(db.session(), code)
        self.cases: dict[str, Played] = {FIRST: Played(code=code)}
        self.at_hand = self.cases[FIRST]
        self._people: dict[str, Actor] | None = None
        """While a line is played: who it has met, by code."""
        self.before = db.session.scalar(select(func.max(Case.id))) or 0
        """The last case that was there when the scenario began."""
        db.session.rollback()

    # -- cases
    @property
    def case_id(self) -> int:
        return self.at_hand.case_id

    @property
    def reference(self) -> str:
        return self.at_hand.reference

    @property
    def numbers(self) -> dict[str, str]:
        """name -> number of the cases that were opened so far."""
        return {name: played.reference for name, played in self.cases.items() if played.case_id}

    @property
    def path(self) -> list[str]:
        return self.at_hand.path

    def take_up(self, name: str, called: str = "") -> None:
        """The lines that follow are about another case: one named by « as », or a linked one by its type or number; `called`: a name for
        the next one of this type, which had none."""
        if called or name not in self.cases:
            self.cases[called or name] = self._linked(name)
        name = called or name
        self.at_hand = self.cases[name]
        if self.at_hand.case_id:
            self.case_type = versions.pinned(db.session(), db.session.scalar(_PINNED, {"case_id": self.case_id}))
            db.session.rollback()

    def _linked(self, name: str) -> Played:
        ids = {played.case_id for played in self.cases.values() if played.case_id}
        query = (
            select(Case.id, Case.reference, Case.case_type)
            .join(CaseLink, (CaseLink.other_id == Case.id) | (CaseLink.case_id == Case.id))
            .where((CaseLink.case_id.in_(ids)) | (CaseLink.other_id.in_(ids)), Case.id.not_in(ids))
            .order_by(Case.id)
        )
        found = db.session.execute(query).all()
        db.session.rollback()
        for row in found:
            if name in (row.case_type, row.reference):
                return Played(row.id, row.reference, row.case_type)
        raise BadScenario(f"pas de dossier « {name} » ; connus : {', '.join([*self.cases, *(row.case_type for row in found)])}")

    # -- the clock
    def advance(self, target: dt.datetime) -> None:
        """The clock goes to a moment; whatever falls due on the way, in the cases at hand and those they opened, is carried out in time."""
        for _ in range(MAX_DUE):
            upcoming = self._next_due()
            if upcoming is None or upcoming[0] > target:
                break
            self.now = max(self.now, upcoming[0])
            with clock.at(self.now):
                deadlines.fire_due(upcoming[1])
                expiry.expire(upcoming[1])
                self.gather()
        self.now = max(self.now, target)

    def gather(self) -> None:
        """Operations of the scenario speak to their children and hear of them, as the sweep sees to it."""
        parents = list(db.session.scalars(_PARENTS, {"before": self.before}))
        db.session.rollback()
        for _ in range(MAX_TOLD):
            went_on = [spreading.spread(parent) + looking.look(parent) for parent in parents]
            if not any(went_on):
                return

    def _next_due(self) -> tuple[dt.datetime, int] | None:
        ids = {played.case_id for played in self.cases.values() if played.case_id}
        if not ids:
            return None
        found = db.session.execute(_NEXT_DUE, {"ids": sorted(ids)}).first()
        db.session.rollback()
        return found and (found.due_at, found.case_id)

    # -- who
    def user(self, code: str) -> Actor:
        """An actor by user code; in a line, as they are when it first meets them."""
        if self._people is None:
            return self._load(code)
        if code not in self._people:
            self._people[code] = self._load(code)
        return self._people[code]

    def _load(self, code: str) -> Actor:
        session = db.session()
        user_id = session.scalar(_USER, {"code": code})
        found = actors.load(session, user_id, self.now.date()) if user_id else None
        session.rollback()
        if found is None:
            raise BadScenario(f"utilisateur inconnu : {code}")
        return found

    def somebody(self, role: str, task: Task | None, post: str = "") -> Actor:
        """The first user who holds a role and may do the task (or works at the post)."""
        session = db.session()
        query = select(User.code).join(RoleGrant, RoleGrant.user_id == User.id).where(RoleGrant.role == role, User.active.is_(True))
        if post:
            query = query.where(User.post_code == post)
        codes = list(session.scalars(query.order_by(RoleGrant.on_behalf_of_id.is_not(None), User.id)))
        session.rollback()
        for code in codes:
            found = self.user(code)
            if found.holding(role) and (task is None or policy.grants_for(found, task, self.case_type)):
                return found
        raise BadScenario(f"personne ne tient le rôle {role} {f'à {post}' if post else 'ici'}")

    def who(self, by: str, task: Task | None = None) -> Actor:
        """« U-35 », a role (« chef_poste »), or a role at a post (« chef_poste@DKR »)."""
        if by.startswith("U-"):
            return self.user(by)
        role, _, post = by.partition("@")
        return self.somebody(role, task, post)

    def decider(self) -> Actor:
        """Somebody who decides on the case."""
        roles = [role for role, level in self.case_type.access.items() if level == "decide" and self.case_type.roles[role].at == "central"]
        for role in roles:
            try:
                found = self.somebody(role, None)
            except BadScenario:
                continue
            if any(grant.covers(self.case_type.code) for grant in found.holding(role)):
                return found
        raise BadScenario("personne ne décide de ce type de dossier")

    def administrator(self) -> Actor:
        """Somebody who keeps users, calendars and settings."""
        return self.somebody("admin_fonctionnel", None)

    # -- looking
    def tasks(self, step: str) -> list[Task]:
        """The open tasks of a step, waits left out."""
        session = db.session()
        where = (Task.case_id == self.case_id, Task.step == step, Task.closed_at.is_(None), Task.kind != WAIT)
        found = list(session.scalars(select(Task).where(*where).order_by(Task.id)))
        session.expunge_all()
        session.rollback()
        return found

    def task(self, step: str, by: str = "") -> Task:
        """The open task of a step; of several, one that this person may do."""
        found = self.tasks(step)
        if not found:
            raise Unexpected(f"« {step} » n’est pas ouverte ; ouvertes : {', '.join(self.open_steps()) or 'aucune'}")
        if by.startswith("U-"):
            actor = self.user(by)
            return next((task for task in found if policy.grants_for(actor, task, self.case_type)), found[0])
        role = by.partition("@")[0]
        return next((task for task in found if not by or task.role == role), found[0])

    def open_steps(self) -> list[str]:
        """Steps that people have to do, sorted."""
        return self._steps(STEP)

    def awaited(self) -> list[str]:
        """Waits for a third party, sorted."""
        return self._steps(WAIT)

    def _steps(self, kind: str) -> list[str]:
        where = (Task.case_id == self.case_id, Task.closed_at.is_(None), Task.kind == kind)
        found = sorted(db.session.scalars(select(Task.step).where(*where)))
        db.session.rollback()
        return found

    def facts(self) -> dict[str, dict[str, Any]]:
        """All facts by scope."""
        session = db.session()
        case = session.get_one(Case, self.case_id)
        found = case_file.facts(session, case_file.CaseFile(case, self.case_type, policy.FULL))
        session.rollback()
        return found

    def fact(self, name: str) -> Any:
        """A fact wherever it is known, the case's own last."""
        known = self.facts()
        live = db.session.scalar(select(Case.scopes).where(Case.id == self.case_id)) or []
        db.session.rollback()
        scopes = [*reversed([scope for scope in live if scope]), ""]
        return next((known[scope][name] for scope in scopes if known.get(scope, {}).get(name) is not None), None)

    def due(self, step: str) -> list[dt.datetime]:
        """Deadlines of the open tasks and waits of a step."""
        where = (Task.case_id == self.case_id, Task.closed_at.is_(None), Task.step == step)
        found = list(db.session.scalars(select(Task.due_at).where(*where)))
        db.session.rollback()
        return found
