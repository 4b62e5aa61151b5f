"""One ministry for the pages: posts and people, and one case led by the real services to a decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.config import ROOT
from app.db.posts import Post
from app.db.tasks import Task
from app.db.users import RoleGrant, User
from app.demo import staff
from app.extensions import db
from app.scenarios.player import Player
from app.scenarios.reading import read
from app.scenarios.scratch import code_of
from tests.support import databases
from tests.support.applications import FILL, make_app

FOLDER = ROOT / "bpmn" / "body-repatriation"
SCENARIO = FOLDER / "scenarios" / "cor-s1-rapatriement-part-etat.yaml"
PASSWORD = staff.PASSWORD


@dataclass
class World:
    """The application, its case, and clients signed in by user code."""

    app: Flask
    reference: str = ""
    case_id: int = 0
    _clients: dict[str, FlaskClient] = field(default_factory=dict)

    def client(self, code: str) -> FlaskClient:
        """A client signed in as the user of a code; the same one each time."""
        if code not in self._clients:
            client = self.app.test_client()
            answer = client.post("/connexion", data={"login": self.login(code), "password": PASSWORD})
            assert answer.status_code == 303, answer.get_data(True)
            self._clients[code] = client
        return self._clients[code]

    def login(self, code: str) -> str:
        """The login of a user code."""
        with self.app.app_context():
            return str(db.session.scalar(select(User.login).where(User.code == code)))

    def holder(self, role: str, post: str | None = None) -> str:
        """The code of an active user who holds a role (and works at a post)."""
        with self.app.app_context():
            query = select(User.code).join(RoleGrant, RoleGrant.user_id == User.id)
            query = query.where(RoleGrant.role == role, User.active.is_(True), RoleGrant.on_behalf_of_id.is_(None))
            if post:
                query = query.where(User.post_code == post)
            return str(db.session.scalars(query.order_by(User.id)).first())

    def zone_of(self, post: str) -> str:
        """The IANA zone of a post."""
        with self.app.app_context():
            return str(db.session.scalar(select(Post.zone).where(Post.code == post)))

    def open_task(self, step: str) -> int | None:
        """The number of the open task of a step of the case."""
        with self.app.app_context():
            query = select(Task.id).where(Task.case_id == self.case_id, Task.step == step, Task.closed_at.is_(None))
            return db.session.scalar(query.limit(1))

    def any_task(self, **where: Any) -> int | None:
        """The number of some task of the case."""
        with self.app.app_context():
            query = select(Task.id).where(Task.case_id == self.case_id, *(getattr(Task, name) == value for name, value in where.items()))
            return db.session.scalar(query.order_by(Task.id).limit(1))


def furnished(folder: Path) -> World:
    """A ministry of its own, without a case."""
    databases.copy_sqlite(databases.sqlite_template("ministry", FILL["ministry"]), folder / "ministry.db")
    app = make_app(f"sqlite:///{folder / 'ministry.db'}", folder)
    app.config["WTF_CSRF_ENABLED"] = False
    return World(app)


def begun(folder: Path, until: str) -> World:
    """The same with one case, led until a step is open."""
    ministry = furnished(folder)
    ministry.reference, ministry.case_id = lead(ministry.app, until, folder / "documents")
    return ministry


def lead(app: Flask, until: str, files: Path, path: Path = SCENARIO) -> tuple[str, int]:
    """Plays a scenario until the step `until` is open; reference and number of its case. All happens in the days of the scenario."""
    scenario = read(path)
    with app.app_context():
        player = Player(code_of(path), scenario, files)
        for line in scenario["steps"]:
            if until in player.open_steps():
                break
            player.line(line)
        assert until in player.open_steps(), player.open_steps()
        return player.reference, player.case_id
