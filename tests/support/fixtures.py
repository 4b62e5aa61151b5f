"""Fixtures of the server side."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from tests.support import databases, postgres, store

BOTH = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def redis_url() -> str:
    """Address of the run's Redis-protocol server."""
    return store.store_url()


@pytest.fixture(scope="session")
def pg_server() -> str:
    """Address of the run's PostgreSQL server; what is missing fails the test and says the cure."""
    try:
        return postgres.server_url()
    except postgres.NoPostgreSQL as missing:
        pytest.fail(str(missing), pytrace=False)


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an empty database, on each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("pg_server")
    name = databases.own_name("empty")
    yield databases.create_database(server, name, "template0")
    databases.drop_database(server, name)


@pytest.fixture(scope="session")
def _applications(tmp_path_factory: pytest.TempPathFactory) -> Iterator["_Applications"]:
    applications = _Applications(tmp_path_factory.mktemp("data"))
    yield applications
    applications.close()


@pytest.fixture
def app_sqlite(_applications: "_Applications") -> Iterator[Flask]:
    """The application on a fresh SQLite database, inside its context."""
    app = _applications.sqlite()
    with app.app_context():
        yield app


@pytest.fixture
def app_pg(_applications: "_Applications", pg_server: str) -> Iterator[Flask]:
    """The application on a fresh PostgreSQL database, inside its context."""
    app = _applications.postgresql()
    with app.app_context():
        yield app


@pytest.fixture(params=BOTH)
def app(request: pytest.FixtureRequest) -> Flask:
    """The application on each database in turn."""
    return request.getfixturevalue("app_sqlite" if request.param == "sqlite" else "app_pg")


@pytest.fixture
def db_session(app: Flask):
    """The session of `app`."""
    from app.extensions import db

    return db.session


@pytest.fixture
def client(app: Flask):
    """A test client of `app`, without a cookie."""
    return app.test_client()


class _Applications:
    """One application a database kind and process; its database is made anew for each test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._apps: dict[str, Flask] = {}
        self._server = ""

    def sqlite(self) -> Flask:
        template = databases.sqlite_template(_migrate)
        path = self._folder / "test.db"
        self._let_go("sqlite")
        databases.copy_sqlite(template, path)
        return self._app("sqlite", f"sqlite:///{path}")

    def postgresql(self) -> Flask:
        self._server = databases.postgres_template(_migrate)
        self._let_go("postgresql")
        return self._app("postgresql", databases.create_database(self._server, databases.own_name("test")))

    def close(self) -> None:
        for kind in self._apps:
            self._let_go(kind)
        if self._server:
            databases.drop_database(self._server, databases.own_name("test"))

    def _app(self, kind: str, url: str) -> Flask:
        if kind not in self._apps:
            self._apps[kind] = make_app(url, self._folder / kind)
        return self._apps[kind]

    def _let_go(self, kind: str) -> None:
        if kind in self._apps:
            from app.extensions import db

            with self._apps[kind].app_context():
                db.engine.dispose()


def make_app(url: str, data: Path, **settings: str) -> Flask:
    """An application of its own on the database `url`, with `data` as its folder."""
    from dataclasses import replace

    from app.config import Config
    from app.factory import create_app

    environment = {"DATABASE_URL": url, "JATIGI_DATA": str(data), "SECRET_KEY": "x" * 40, "REDIS_URL": os.environ.get("REDIS_URL", "")}
    if not environment["REDIS_URL"]:
        environment["REDIS_URL"] = store.store_url()
    config = Config.from_environment(environment | settings)
    return create_app(replace(config, testing=True))


def _migrate(url: str) -> None:
    from flask_migrate import upgrade

    from app.extensions import db

    app = make_app(url, Path(os.environ["JATIGI_TEST_RUN"]) / "migrate")
    with app.app_context():
        upgrade()
        with db.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        db.engine.dispose()
