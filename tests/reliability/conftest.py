"""An installation whose parts can be killed: its own store, its own workers, a database that it shares with the test."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from redis import Redis

from app.extensions import db
from app.services import versions
from app.supervisor.children import bind_to_parent
from app.supervisor.store import Store
from tests.support.parts import Parts


@pytest.fixture
def parts(ministry: Flask, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Parts]:
    """The parts of an installation on a furnished database, none of them started but the store."""
    store = Store(tmp_path_factory.mktemp("q") / "store", durable=False)
    process = store.start(preexec_fn=bind_to_parent)
    store.wait(30)
    config = replace(ministry.config["JATIGI"], redis_url=store.url, sweep_seconds=2)
    monkeypatch.setitem(ministry.config, "JATIGI", config)
    versions.all_in_use(db.session())  # those that are started by fork then need not
    db.session.remove()
    parts = Parts(ministry, store)
    yield parts
    parts.close()
    process.kill()
    process.wait()


@pytest.fixture
def store(parts: Parts) -> Iterator[Redis]:
    """A connection to the store of the installation."""
    with Redis.from_url(parts.store.url) as connection:
        yield connection
