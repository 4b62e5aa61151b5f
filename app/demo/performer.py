"""Plays a case of the demonstration: like a scenario, but whoever holds the role of a step may stand in for the person written."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.db.tasks import WAIT, Task
from app.db.users import RoleGrant, User
from app.extensions import db
from app.scenarios import bring
from app.scenarios.player import Player, Unexpected
from app.services import clock, policy
from app.services.actor import Actor

KNOWN = re.compile(r"\{(\w+?)(?:\+(\d+))?\}")
MAX_BETWEEN = 40
"""Steps that may lie between two steps of a case; more means that the procedure goes round."""


class Performer(Player):
    """One case of the demonstration. `known`: people already read, by code and day, shared by all cases."""

    def __init__(self, code: str, given: Mapping[str, Any], files: Path, known: dict[tuple[str, dt.date], Actor]) -> None:
        super().__init__(code, {"given": given}, files)
        self._known_people = known

    def user(self, code: str) -> Actor:
        """An actor by user code, read once a day of the demonstration."""
        key = (code, self.now.date())
        if key not in self._known_people:
            self._known_people[key] = super().user(code)
        return self._known_people[key]

    def _who(self, by: str, task: Task | None = None) -> Actor:
        if task is None:
            return super()._who(by, task)
        written = self.user(by) if by.startswith("U-") else None
        if written is not None and self._may_do(written, task):
            return written
        stand_in = next((actor for actor in self._holders(task.role) if self._may_do(actor, task)), None)
        return stand_in or written or super()._who(task.role, task)

    def _may_do(self, actor: Actor, task: Task) -> bool:
        """Whether a task is for this person's role and place, and no earlier step of theirs forbids it."""
        if not policy.grants_for(actor, task, self.case_type):
            return False
        spec = self.case_type.elements.in_process[task.process, task.step]
        steps = [step.strip() for step in (spec.properties.get("four_eyes") or "").split(",") if step.strip()]
        done = policy.performers(db.session(), self.case_id, steps) if steps else {}
        db.session.rollback()
        return not any(actor.id in users for users in done.values())

    def _holders(self, role: str) -> Iterator[Actor]:
        query = select(User.code).join(RoleGrant, RoleGrant.user_id == User.id).where(RoleGrant.role == role, User.active.is_(True))
        codes = list(dict.fromkeys(db.session.scalars(query.order_by(RoleGrant.on_behalf_of_id.is_not(None), User.id))))
        db.session.rollback()
        return map(self.user, codes)

    def is_open(self, step: str) -> bool:
        """Whether a step is to be done, or a message awaited."""
        return step in self.open_steps() or step in self.awaited()

    def reach(self, step: str, fillers: Mapping[str, Any], own: set[str]) -> None:
        """Does what lies before a step with the plainest answers, until the step is open. Steps of `own` are left to the case.

        Raises Unexpected when nothing more can be done.
        """
        for _ in range(MAX_BETWEEN):
            if self.is_open(step):
                return
            between = [name for name in self._waiting_to_be_done() if name not in own]
            if not between:
                raise Unexpected(f"« {step} » ne s’ouvre pas ; ouvertes : {', '.join([*self.open_steps(), *self.awaited()])}")
            following = next((name for name in between if name in fillers), between[0])
            self.fill(following, fillers.get(following))
        raise Unexpected(f"« {step} » ne s’ouvre pas après {MAX_BETWEEN} étapes")

    def do_besides(self, fillers: Mapping[str, Any], own: set[str]) -> None:
        """Does the open steps that nobody leaves lying (`besides: true`), and those that follow, unless the case does them itself."""
        for _ in range(MAX_BETWEEN):
            lying = (step for step in self._waiting_to_be_done() if step not in own and fillers.get(step, {}).get("besides"))
            if (step := next(lying, None)) is None:
                return
            self.fill(step, fillers[step])

    def fill(self, step: str, filler: Mapping[str, Any] | None) -> None:
        """One step, or one awaited message, with the answers of its filler; without one, with whatever its form takes."""
        if filler is None:
            with clock.at(self.now):
                bring.do(self, self._waiting_task(step), {})
                self.gather()
            return
        answers = self.completed(filler.get("with", {}))
        if "message" in filler:
            self.line({**{key: value for key, value in filler.items() if key != "besides"}, "with": answers})
        else:
            self.line({"do": step, "by": filler.get("by", ""), "with": answers})

    def completed(self, value: Any) -> Any:
        """The same answers, « {name} » replaced by what the case knows under that name (of a list, its first item).

        « {now} » and « {today+30} » are the simulated moment and a day from it.
        """
        match value:
            case str() if known := KNOWN.fullmatch(value):
                return self._known(known[1], int(known[2] or 0))
            case Mapping():
                return {name: self.completed(part) for name, part in value.items()}
            case list():
                return [self.completed(part) for part in value]
        return value

    def _known(self, name: str, days: int) -> Any:
        if name == "now":
            return self.now.isoformat()
        if name == "today":
            return (self.now.date() + dt.timedelta(days=days)).isoformat()
        fact = self.fact(name)
        return fact[0] if isinstance(fact, list) else fact

    def knows_step(self, step: str) -> bool:
        """Whether people do this step in the procedure as it is now."""
        return any(name == step and spec.kind == "userTask" for (_, name), spec in self.case_type.elements.in_process.items())

    def _waiting_task(self, step: str) -> Task:
        query = select(Task).where(Task.case_id == self.case_id, Task.step == step, Task.closed_at.is_(None)).order_by(Task.id)
        session = db.session()
        found = session.scalars(query).first()
        assert found is not None
        session.expunge_all()
        session.rollback()
        return found

    def _waiting_to_be_done(self) -> list[str]:
        """Steps and waits that are open, the oldest first."""
        query = select(Task.step).where(Task.case_id == self.case_id, Task.closed_at.is_(None)).order_by(Task.kind == WAIT, Task.id)
        found = list(db.session.scalars(query))
        db.session.rollback()
        return found
