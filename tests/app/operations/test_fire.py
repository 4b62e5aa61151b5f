"""The fire that the benchmark plays with three hundred households, here with twelve, in the process of the test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.db.transaction import transaction
from app.db.users import User
from app.extensions import db
from app.jobs import deadlines as deadline_jobs
from app.jobs import operations
from app.services import api_tokens, clock, deadlines
from benchmarks import fire
from tests.support import databases
from tests.support.applications import FILL, make_app

HOUSEHOLDS = 12
ROUNDS = 12


class Here:
    """The ministry in this process: its jobs run when one waits for something."""

    def __init__(self, app: Flask) -> None:
        self.app, self.now, self.tokens = app, fire.BEGINS, {}

    def ask(self, user: str, method: str, path: str, body: Any = None, file: tuple[str, bytes] | None = None, key: str = "") -> Any:
        with clock.at(self.now):
            headers = {"Authorization": f"Bearer {self._token(user)}"} | ({"Idempotency-Key": key} if key else {})
            sent = {"data": file[1], "content_type": file[0]} if file else {"json": body} if body is not None else {}
            answer = self.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **sent)
        if answer.status_code >= 400:
            raise fire.Refused(answer.status_code, answer.get_json())
        return answer.get_json()

    def advance(self, moment: dt.datetime) -> None:
        self.now = moment
        with clock.at(moment):
            deadline_jobs.fire_cases(deadlines.due_case_ids(db.session(), moment, 1000))

    def wait(self, until: Callable[[], bool], what: str) -> None:
        for _ in range(ROUNDS):
            if until():
                return
            with clock.at(self.now):
                operations.sweep()
        raise TimeoutError(what)

    def _token(self, code: str) -> str:
        if code not in self.tokens:
            login = str(db.session.scalar(select(User.login).where(User.code == code)))
            self.tokens[code] = transaction(lambda unit: api_tokens.issue(unit, login, "tests"), clock.now)
        return self.tokens[code]


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Here]:
    databases.copy_sqlite(databases.sqlite_template("ministry", FILL["ministry"]), tmp_path / "ministry.db")
    app = make_app(f"sqlite:///{tmp_path / 'ministry.db'}", tmp_path)
    with app.app_context():
        yield Here(app)
        db.session.remove()
        db.engine.dispose()


def test_twelve_households_are_recorded_decided_together_and_paid_one_by_one(here: Here):
    play = fire.Fire(here, HOUSEHOLDS)
    end = play.play()
    assert (end["status"], end["outcome"], end["open"]) == ("clos", "aide_versee", [])
    figures = here.ask(fire.CHIEF, "GET", f"/cases/{play.reference}/children")["figures"]
    assert (figures["fiches_total"], figures["fiches_ouvertes"]) == (HOUSEHOLDS, 0)
    assert figures["fiches_payees"] == HOUSEHOLDS - figures["fiches_e"]
    money = here.ask(fire.CHIEF, "GET", f"/cases/{play.reference}/money")[0]
    assert money["granted"] == money["paid"] == figures["total_remis"] > 0
