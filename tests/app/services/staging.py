"""Real cases at a step: a scenario is played through the services once a run, each test gets a copy of the database it left.

    case = stage("decider_financement")       # the State pays for a repatriation, and the decision is awaited
    case.do("decider_financement", "U-39", decision_financement="accorder", montant_accorde=2_000_000)
"""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Executable, make_url, select

from app.config import ROOT
from app.db.cases import Case
from app.db.history import HistoryEntry
from app.db.outbox import Notification
from app.db.tasks import Task
from app.db.users import User
from app.extensions import db
from app.scenarios import conditions
from app.scenarios.placeholders import page
from app.scenarios.player import FIRST, Played, Player
from app.scenarios.reading import read
from app.scenarios.scratch import code_of
from app.services import assignment, clock, documents, step_view, tasks
from app.services.actor import Actor
from app.services.errors import Refusal
from app.services.tasks import Completion
from tests.support import databases, postgres, run
from tests.support.applications import FILL, Applications, make_app

FOLDER = ROOT / "bpmn" / "body-repatriation" / "scenarios"
USUAL = "cor-s1-rapatriement-part-etat"
"""A death in Libreville that ends with a flight home, two millions of it paid by the State."""

Change = Callable[[dict[str, Any]], None]


class StagedCase(Player):
    """A case at a step, its simulated clock, and the lines of its scenario that are still to be played."""

    app: Flask
    rest: list[dict[str, Any]]

    def at(self, moment: dt.datetime | dt.timedelta) -> contextlib.AbstractContextManager[None]:
        """The clock of the services at a moment, or some time after this case's own."""
        return clock.at(self.now + moment if isinstance(moment, dt.timedelta) else moment)

    def turn_to(self, case_id: int, reference: str) -> None:
        """What follows is about another case of the same type."""
        self.cases[reference] = self.at_hand = Played(case_id, reference, self.code)

    def do(self, step: str, by: str | Actor, key: str | None = None, **answers: Any) -> Completion:
        """Somebody completes a step (it is handed over to them first), with what its form proposes and these answers.

        Refusals are raised.
        """
        with clock.at(self.now):
            task = self.task(step, by if isinstance(by, str) else "")
            actor = self.user(by) if isinstance(by, str) else by
            if task.assignee_id not in (None, actor.id):
                self.hand_over(task, actor)
            return tasks.complete_task(actor, task.id, {**self.proposed(actor, task), **answers}, key)

    def hand_over(self, task: Task, actor: Actor) -> None:
        """Whoever holds a task gives it to somebody else."""
        assignment.assign(self.user(one(select(User.code).where(User.id == task.assignee_id))), task.id, actor.code)

    def proposed(self, actor: Actor, task: Task) -> dict[str, Any]:
        """What the form of a task proposes when this person opens it."""
        session = db.session()
        try:
            return step_view.open_step(session, actor, task.id, self.now).room.proposed(self.now)
        except Refusal:
            return {}
        finally:
            session.rollback()

    def document(self, name: str, by: str = "U-14", step: str | None = None) -> str:
        """The code of a small document that somebody adds to the case, at a step or beside it."""
        with clock.at(self.now):
            task = self.task(step).id if step else None
            row = documents.receive(self.user(by), self.store, self.case_id, page(f"{self.reference}/{name}"), name, task_id=task)
            code = row.code
        db.session.rollback()
        return code

    def until(self, step: str) -> StagedCase:
        """Plays on until a step is open or awaited."""
        while step not in self.open_steps() + self.awaited():
            self.play_line()
        return self

    def play_line(self) -> dict[str, Any]:
        """Plays one more line of the scenario; lines that only try what is refused are left out."""
        line = self.rest.pop(0)
        if "refuse" not in line:
            self.line(line)
        return line

    def answers(self, step: str) -> dict[str, Any]:
        """What the scenario answers to a step, documents left out."""
        found = next(line["with"] for line in self.scenario["steps"] if line.get("do") == step)
        return copy.deepcopy(found)

    def scope_of(self, step: str) -> str:
        """The account that an open step reads."""
        return self.task(step).scope

    @property
    def row(self) -> Case:
        """The row of the case as it is now."""
        return one(select(Case).where(Case.id == self.case_id))

    def task_rows(self, *where: Any) -> list[Task]:
        """Task rows of the case, the oldest first."""
        return rows(select(Task).where(Task.case_id == self.case_id, *where).order_by(Task.id))

    def history(self, after: int = 0) -> list[tuple[str, str | None]]:
        """(kind, element) of the entries after a number."""
        query = select(HistoryEntry).where(HistoryEntry.case_id == self.case_id, HistoryEntry.seq > after)
        return [(entry.kind, entry.element) for entry in rows(query.order_by(HistoryEntry.seq))]

    def entry(self, kind: str) -> dict[str, Any]:
        """What the last entry of a kind holds."""
        query = select(HistoryEntry).where(HistoryEntry.case_id == self.case_id, HistoryEntry.kind == kind)
        return json.loads(rows(query.order_by(HistoryEntry.seq))[-1].entry)

    def told(self, kind: str) -> list[Notification]:
        """Messages of a kind that this case sent."""
        return rows(select(Notification).where(Notification.case_id == self.case_id, Notification.kind == kind).order_by(Notification.id))


def rows(query: Any) -> list[Any]:
    """What a query finds, read and let go."""
    session = db.session()
    found = list(session.scalars(query))
    session.expunge_all()
    session.rollback()
    return found


def one(query: Any) -> Any:
    """The only row of a query."""
    found = rows(query)
    assert len(found) == 1, found
    return found[0]


def write(*statements: Executable) -> None:
    """Changes rows behind the back of the services."""
    with db.engine.connect().execution_options(write=True) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


# ------------------------------------------------------------------ templates
def name_of(scenario: str, step: str) -> str:
    """Name of the template of a stage."""
    return f"stage_{hashlib.sha256(f'{scenario} {step}'.encode()).hexdigest()[:16]}"


def declare(scenario: str, step: str) -> str:
    """Makes a stage known to the templates; its name."""
    name = name_of(scenario, step)
    FILL.setdefault(name, lambda url: _fill(url, name, scenario, step))
    return name


def _fill(url: str, name: str, scenario: str, step: str) -> None:
    _start_from_ministry(url)
    app = make_app(url, run.folder() / "filling")
    with app.app_context():
        case = _player(app, scenario)
        with conditions.set_up(case.given):
            case.until(step)
        played = {"case_id": case.case_id, "reference": case.reference, "now": case.now.isoformat()}
        played |= {"left": len(case.rest), "path": case.path}
        db.session.remove()
        db.engine.dispose()
    _kept(name).write_text(json.dumps(played))


def _start_from_ministry(url: str) -> None:
    where = make_url(url)
    if where.get_backend_name() == "sqlite":
        databases.copy_sqlite(databases.sqlite_template("ministry", FILL["ministry"]), Path(str(where.database)))
        return
    template = databases.postgres_template("ministry", FILL["ministry"])
    databases.create_database(postgres.server_url(), str(where.database), template)


def _kept(name: str) -> Path:
    return run.folder() / f"{name}.json"


def _player(app: Flask, scenario: str) -> StagedCase:
    folder, _, name = scenario.rpartition("/")  # « folder/name » is a scenario of another case type
    path = (ROOT / "bpmn" / folder / "scenarios" if folder else FOLDER) / f"{name}.yaml"
    content = read(path)
    case = StagedCase(code_of(path), content, run.folder() / "documents")
    case.app, case.rest = app, list(content["steps"])
    return case


def enter(app: Flask, scenario: str, step: str) -> StagedCase:
    """The case of a stage in a copy of its database."""
    case = _player(app, scenario)
    played: Mapping[str, Any] = json.loads(_kept(name_of(scenario, step)).read_text())
    case.cases[FIRST] = case.at_hand = Played(played["case_id"], played["reference"], case.code, list(played["path"]))
    case.now = dt.datetime.fromisoformat(played["now"])
    case.rest = case.rest[len(case.rest) - played["left"] :]
    case.count = 1000
    return case


class Stages:
    """Lends stages of one kind of database to one test."""

    def __init__(self, applications: Applications, kind: str) -> None:
        self._applications, self._kind = applications, kind
        self._lent: list[Iterator[Flask]] = []

    def __call__(self, step: str, scenario: str = USUAL) -> StagedCase:
        """The case at a step: the first moment of the scenario at which the step is open or awaited."""
        lending = self._applications.lend(self._kind, declare(scenario, step))
        self._lent.append(lending)
        return enter(next(lending), scenario, step)

    def close(self) -> None:
        """Give back what was lent."""
        for lending in reversed(self._lent):
            next(lending, None)


@pytest.fixture
def stage_sqlite(_applications: Applications) -> Iterator[Stages]:
    """Stages on SQLite."""
    stages = Stages(_applications, "sqlite")
    yield stages
    stages.close()


@pytest.fixture
def stage_pg(_applications: Applications, pg_server: str) -> Iterator[Stages]:
    """Stages on PostgreSQL."""
    stages = Stages(_applications, "postgresql")
    yield stages
    stages.close()


@pytest.fixture(params=("sqlite", "postgresql"))
def stage(request: pytest.FixtureRequest) -> Stages:
    """Stages on each database in turn."""
    return request.getfixturevalue("stage_sqlite" if request.param == "sqlite" else "stage_pg")
