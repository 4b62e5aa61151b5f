"""Plays a scenario through the real services: the same policy, forms, money and deadlines as for people, with a simulated clock."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select

from app.db.cases import Case
from app.db.documents import Document
from app.db.tasks import STEP, WAIT, Task
from app.db.timers import Timer
from app.db.users import RoleGrant, User
from app.extensions import db
from app.scenarios.placeholders import page, plain
from app.scenarios.reading import BadScenario, moment, when
from app.services import actor as actors
from app.services import (
    assignment,
    case_file,
    clock,
    corrections,
    deadlines,
    documents,
    intake,
    messages,
    policy,
    step_view,
    suspension,
    tasks,
    versions,
)
from app.services.actor import SYSTEM, Actor
from app.services.errors import Invalid, Refusal
from workflows.catalog import CaseType

MAX_DUE = 400


class Unexpected(AssertionError):
    """The first difference between what a scenario says and what happened."""


class Player:
    """One case of one scenario. `now` is the simulated clock."""

    def __init__(self, code: str, scenario: Mapping[str, Any], files: Path, shift: dt.timedelta = dt.timedelta()) -> None:
        self.code, self.scenario, self.given, self.shift = code, scenario, scenario["given"], shift
        self.store = documents.Store(files)
        self.now = moment(self.given["at"]) + shift
        self.post: str = self.given["post"]
        self.case_id, self.reference = 0, ""
        self.path: list[str] = []
        self.case_type: CaseType = versions.current(db.session(), code)
        self.count = 0
        db.session.rollback()

    def line(self, line: Mapping[str, Any]) -> None:
        """One line of the file: the clock moves first, and whatever falls due on the way is carried out in time."""
        self._advance(when(dict(line), self.now - self.shift) + self.shift)
        with clock.at(self.now):
            if "start" in line:
                self._start(line["start"])
            elif "do" in line:
                self._do(line)
            elif "message" in line:
                self._message(line)
            elif "refuse" in line:
                self._refuse(line)
            elif "pause" in line:
                suspension.suspend(self._decider(), self.case_id, line["pause"].get("reason", "suspendu"))
            elif "resume" in line:
                suspension.resume(self._decider(), self.case_id)
            elif "wait" not in line and "at" not in line:
                raise BadScenario(f"ligne inconnue : {sorted(line)}")

    # -- the clock
    def _advance(self, target: dt.datetime) -> None:
        for _ in range(MAX_DUE):
            upcoming = self._next_due()
            if upcoming is None or upcoming > target:
                break
            self.now = max(self.now, upcoming)
            with clock.at(self.now):
                deadlines.fire_due(self.case_id)
        self.now = max(self.now, target)

    def _next_due(self) -> dt.datetime | None:
        if not self.case_id:
            return None
        session = db.session()
        timers = select(Timer.due_at).where(Timer.case_id == self.case_id, Timer.due_at.is_not(None)).order_by(Timer.due_at).limit(1)
        stages = select(Task.stage_at).where(Task.case_id == self.case_id, Task.closed_at.is_(None), Task.stage_at.is_not(None))
        found = [session.scalar(timers), session.scalar(stages.order_by(Task.stage_at).limit(1))]
        open_ = session.scalar(select(Case.closed_at).where(Case.id == self.case_id)) is None
        session.rollback()
        return min((at for at in found if at is not None), default=None) if open_ else None

    # -- who
    def user(self, code: str) -> Actor:
        """An actor by user code."""
        session = db.session()
        user_id = session.scalar(select(User.id).where(User.code == code))
        found = actors.load(session, user_id, self.now.date()) if user_id else None
        session.rollback()
        if found is None:
            raise BadScenario(f"utilisateur inconnu : {code}")
        return found

    def somebody(self, role: str, task: Task | None) -> Actor:
        """The first user who holds a role and may do the task (or work at the post)."""
        session = db.session()
        query = select(User.code).join(RoleGrant, RoleGrant.user_id == User.id).where(RoleGrant.role == role, User.active.is_(True))
        codes = list(session.scalars(query.order_by(RoleGrant.on_behalf_of_id.is_not(None), User.id)))
        session.rollback()
        for code in codes:
            found = self.user(code)
            if task is None or policy.grants_for(found, task, self.case_type):
                return found
        raise BadScenario(f"personne ne tient le rôle {role} ici")

    def _who(self, by: str, task: Task | None = None) -> Actor:
        return self.user(by) if by.startswith("U-") else self.somebody(by, task)

    def _decider(self) -> Actor:
        """Somebody who decides on the case."""
        roles = [role for role, level in self.case_type.access.items() if level == "decide" and self.case_type.roles[role].at == "central"]
        return self.somebody(roles[0], None)

    # -- lines
    def _start(self, start: Mapping[str, Any]) -> None:
        header = {"date_signalement": self.now.isoformat(), **plain(self.given.get("header", {}), self._no_file)}
        if "priority" in self.given:
            header["priorite"] = self.given["priority"]
        started = intake.start_case(self._who(start["by"]), self.code, self.post, header, f"scenario-start-{secrets.token_hex(8)}")
        self.case_id, self.reference = started.case_id, started.reference
        self._given_facts()

    def _given_facts(self) -> None:
        if self.given.get("facts"):
            corrections.correct(SYSTEM, self.case_id, self.given["facts"], "scénario")

    @staticmethod
    def _no_file(name: str, kind: str) -> str:
        raise BadScenario(f"pas de pièce avant l’ouverture du dossier : {name}")

    def task(self, step: str, by: str = "") -> Task:
        """The open task of a step; of several, one that this person may do."""
        session = db.session()
        where = (Task.case_id == self.case_id, Task.step == step, Task.closed_at.is_(None), Task.kind != WAIT)
        found = list(session.scalars(select(Task).where(*where).order_by(Task.id)))
        session.expunge_all()
        session.rollback()
        if not found:
            raise Unexpected(f"« {step} » n’est pas ouverte ; ouvertes : {', '.join(self.open_steps())}")
        if by.startswith("U-"):
            actor = self.user(by)
            return next((task for task in found if policy.grants_for(actor, task, self.case_type)), found[0])
        return next((task for task in found if not by or task.role == by), found[0])

    def _do(self, line: Mapping[str, Any]) -> None:
        task = self.task(line["do"], line["by"])
        actor = self._who(line["by"], task)
        if task.assignee_id is not None and task.assignee_id != actor.id:
            self._hand_over(task, actor)
        self._complete(task, actor, line.get("with", {}))
        self.path.append(line["do"])

    def _hand_over(self, task: Task, actor: Actor) -> None:
        holder = db.session.scalar(select(User.code).where(User.id == task.assignee_id))
        db.session.rollback()
        assignment.assign(self.user(str(holder)), task.id, actor.code)

    def _complete(self, task: Task, actor: Actor, answers: Mapping[str, Any]) -> None:
        raw = plain(dict(answers), lambda name, kind: self._document(actor, task, name, kind))
        self.count += 1
        try:
            tasks.complete_task(actor, task.id, {**self._proposed(actor, task), **raw}, f"scenario-{self.case_id}-{self.count}")
        except Invalid as refusal:
            said = {name: [str(getattr(m, "text", m)) for m in (e if isinstance(e, list) else [e])] for name, e in refusal.errors.items()}
            raise Unexpected(f"« {task.step} » refusée : {said}") from None
        except Refusal as refusal:
            raise Unexpected(f"« {task.step} » refusée à {actor.code} : {refusal.sentence()}") from None

    def _proposed(self, actor: Actor, task: Task) -> dict[str, Any]:
        """What the form proposes when it opens, as a person would leave it."""
        session = db.session()
        view = step_view.open_step(session, actor, task.id, self.now)
        room = view.room
        form = room.form
        found = (
            form.defaults(room.facts, room.host, self.now, zone=room.zone, resolve=room.resolve, kinds=room.case_type.kinds) if form else {}
        )
        session.rollback()
        return found

    def _document(self, actor: Actor, task: Task | None, name: str, kind: str) -> str:
        row = documents.receive(actor, self.store, self.case_id, page(f"{self.reference}/{name}"), name, task_id=task.id if task else None)
        code = row.code
        db.session.rollback()
        return code

    def _message(self, line: Mapping[str, Any]) -> None:
        name = line["message"]
        key = line["key"].format(**self.facts()[""]) if "key" in line else self.fact(line.get("key_fact", "numero"))
        sender = self.somebody("gestionnaire_dgme", None)
        said = {field: self.reference if value == "{numero}" else value for field, value in line.get("with", {}).items()}
        payload = plain(said, lambda file, kind: self._document(sender, None, file, kind))
        self.count += 1
        incoming = messages.Incoming(name, payload, key, "scenario", f"{self.reference}-{self.count}")
        try:
            done = messages.deliver(SYSTEM, self.reference, incoming)
        except Invalid as refusal:
            raise Unexpected(f"{name} refusé : { {n: str(e) for n, e in refusal.errors.items()} }") from None
        if done.taken != line.get("taken", True):
            raise Unexpected(f"{name} : {'pris' if done.taken else 'gardé'}, attendus : {', '.join(self.awaited())}")
        if done.taken:
            self.path.append(done.element or name)

    def _refuse(self, line: Mapping[str, Any]) -> None:
        task = self.task(line["refuse"], line["by"])
        actor = self._who(line["by"], None)
        try:
            tasks.complete_task(actor, task.id, plain(dict(line.get("with", {})), self._no_file))
        except Refusal as refusal:
            codes = {refusal.code, *(str(name) for name in getattr(refusal, "errors", {}))}
            if line["reason"] not in codes:
                raise Unexpected(f"« {line['refuse']} » refusée, mais pour {sorted(codes)}") from None
            return
        raise Unexpected(f"« {line['refuse']} » devait être refusée à {actor.code}")

    # -- looking
    def open_steps(self) -> list[str]:
        """Steps that people have to do, sorted."""
        where = (Task.case_id == self.case_id, Task.closed_at.is_(None), Task.kind == STEP)
        found = sorted(db.session.scalars(select(Task.step).where(*where)))
        db.session.rollback()
        return found

    def awaited(self) -> list[str]:
        """Waits for a third party, sorted."""
        where = (Task.case_id == self.case_id, Task.closed_at.is_(None), Task.kind == WAIT)
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
        where = (Task.case_id == self.case_id, Task.closed_at.is_(None), or_(Task.step == step))
        found = list(db.session.scalars(select(Task.due_at).where(*where)))
        db.session.rollback()
        return found

    def documents(self) -> int:
        """How many documents the case holds."""
        found = db.session.query(Document).filter(Document.case_id == self.case_id).count()
        db.session.rollback()
        return found
