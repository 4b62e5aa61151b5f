"""Applications for tests: one a database kind and process; its database is a fresh copy of a template for each test."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Engine, event

from app.config import Config
from app.db.transaction import transaction
from app.demo import places, registers, staff
from app.extensions import db
from app.factory import create_app
from app.services import clock, versions
from tests.support import databases, postgres, run, store


def make_app(url: str, data: Path, *, durable: bool = False, **settings: str) -> Flask:
    """An application of its own on the database `url`, with `data` as its folder; its commits outlive a loss of power if `durable`."""
    environment = {"DATABASE_URL": url, "JATIGI_DATA": str(data), "SECRET_KEY": "x" * 40, "REDIS_URL": os.environ.get("REDIS_URL", "")}
    environment |= settings
    if not environment["REDIS_URL"]:
        environment["REDIS_URL"] = store.store_url()
    app = create_app(replace(Config.from_environment(environment), testing=True))
    if not durable:
        with app.app_context():
            _hurry(db.engine)
    return app


def _hurry(engine: Engine) -> None:
    """A commit to SQLite does not wait for the disk (as in the tests' PostgreSQL)."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))


class Applications:
    """Those of one process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._apps: dict[str, Flask] = {}

    def lend(self, kind: str, template: str) -> Iterator[Flask]:
        """The application on a fresh copy of a template (`empty`, `ministry`), inside its context, for one test."""
        url = self._sqlite(template) if kind == "sqlite" else self._postgresql(template)
        if kind not in self._apps:
            self._apps[kind] = make_app(url, self._folder / kind)
        app = self._apps[kind]
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()

    def close(self) -> None:
        """Drop the database of this process."""
        if "postgresql" in self._apps:
            databases.drop_database(postgres.server_url(), databases.own_name("test"))

    def _sqlite(self, template: str) -> str:
        path = self._folder / "test.db"
        databases.copy_sqlite(databases.sqlite_template(template, FILL[template]), path)
        return f"sqlite:///{path}"

    def _postgresql(self, template: str) -> str:
        name = databases.postgres_template(template, FILL[template])
        return databases.create_database(postgres.server_url(), databases.own_name("test"), name)


def fill_empty(url: str) -> None:
    """The tables of the newest version."""
    app = make_app(url, run.folder() / "filling")
    with app.app_context():
        upgrade()
        db.engine.dispose()


def fill_ministry(url: str) -> None:
    """Places, people, registers and case types of the demonstration; no case."""
    fill_empty(url)
    app = make_app(url, run.folder() / "filling")
    with app.app_context():
        furnish(app.config["JATIGI"].bpmn)
        db.session.remove()
        db.engine.dispose()


def furnish(bpmn: Path) -> None:
    """Places, people, registers and case types into the empty database at hand, as of the clock of the services."""
    transaction(_furnish, clock.now)
    transaction(lambda unit: versions.deploy_folder(unit.session, bpmn, unit.now), clock.now)


def _furnish(unit) -> None:
    places.load(unit.session, unit.now)
    staff.load(unit.session, unit.now)
    registers.load(unit.session, unit.now)


FILL = {"empty": fill_empty, "ministry": fill_ministry}
