"""Fixtures of the server side."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from flask import Flask

from app.extensions import db
from tests.support import databases, postgres, store
from tests.support.applications import Applications

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
def _applications(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Applications]:
    applications = Applications(tmp_path_factory.mktemp("data"))
    yield applications
    applications.close()


@pytest.fixture
def app_sqlite(_applications: Applications) -> Iterator[Flask]:
    """The application on a fresh SQLite database, inside its context."""
    yield from _applications.lend("sqlite", "empty")


@pytest.fixture
def app_pg(_applications: Applications, pg_server: str) -> Iterator[Flask]:
    """The application on a fresh PostgreSQL database, inside its context."""
    yield from _applications.lend("postgresql", "empty")


@pytest.fixture(params=BOTH)
def app(request: pytest.FixtureRequest) -> Flask:
    """The application on each database in turn."""
    return request.getfixturevalue("app_sqlite" if request.param == "sqlite" else "app_pg")


@pytest.fixture
def ministry_sqlite(_applications: Applications) -> Iterator[Flask]:
    """The application with posts, users, registers and case types of the demonstration, on SQLite."""
    yield from _applications.lend("sqlite", "ministry")


@pytest.fixture
def ministry_pg(_applications: Applications, pg_server: str) -> Iterator[Flask]:
    """The same on PostgreSQL."""
    yield from _applications.lend("postgresql", "ministry")


Lend = Callable[[], AbstractContextManager[Flask]]


@pytest.fixture
def ministries_sqlite(_applications: Applications) -> Lend:
    """Lends the application on a ministry of its own as often as a test asks, on SQLite."""
    return lambda: contextmanager(_applications.lend)("sqlite", "ministry")


@pytest.fixture
def ministries_pg(_applications: Applications, pg_server: str) -> Lend:
    """The same on PostgreSQL."""
    return lambda: contextmanager(_applications.lend)("postgresql", "ministry")


@pytest.fixture(params=BOTH)
def ministry(request: pytest.FixtureRequest) -> Flask:
    """The same on each database in turn."""
    return request.getfixturevalue("ministry_sqlite" if request.param == "sqlite" else "ministry_pg")


@pytest.fixture
def db_session(app: Flask):
    """The session of `app`."""
    return db.session


@pytest.fixture
def client(app: Flask):
    """A test client of `app`, without a cookie."""
    return app.test_client()
