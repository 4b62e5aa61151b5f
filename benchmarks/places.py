"""Where the benchmarks happen: fresh databases of both kinds, durable as in production, with the demonstration's ministry in them."""

from __future__ import annotations

import contextlib
import dataclasses
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from app.db.transaction import transaction
from app.extensions import db
from app.services import clock, versions
from benchmarks import workload
from tests.support import applications, databases, postgres, run

KINDS = ("sqlite", "postgresql")
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on", "shared_buffers": "256MB"}
"""What the tests' server leaves out for speed."""


@contextlib.contextmanager
def servers() -> Iterator[None]:
    """Inside, a PostgreSQL server and a store can be started; they stop at the end."""
    postgres.SETTINGS.update(DURABLE)
    run.open_run()
    try:
        yield
    finally:
        run.close_run()


@contextlib.contextmanager
def ministry(kind: str) -> Iterator[Flask]:
    """The application, inside its context, on a fresh database of a kind: places, people, registers, case types and the workload."""
    with tempfile.TemporaryDirectory(prefix="jatigi-bench-") as name:
        folder = Path(name)
        url = _sqlite(folder) if kind == "sqlite" else _postgresql()
        app = applications.make_app(url, folder / "data", durable=True)
        with app.app_context():
            root = workload.write(folder / "types")
            transaction(lambda unit: versions.deploy_folder(unit.session, root, unit.now), clock.now)
            db.session.remove()
            try:
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()


@contextlib.contextmanager
def no_queue(app: Flask) -> Iterator[None]:
    """Inside, nobody is woken after a commit."""
    config = app.config["JATIGI"]
    app.config["JATIGI"] = dataclasses.replace(config, redis_url="")
    try:
        yield
    finally:
        app.config["JATIGI"] = config


def _sqlite(folder: Path) -> str:
    path = folder / "bench.db"
    databases.copy_sqlite(databases.sqlite_template("ministry", applications.fill_ministry), path)
    return f"sqlite:///{path}"


def _postgresql() -> str:
    name = databases.postgres_template("ministry", applications.fill_ministry)
    return databases.create_database(postgres.server_url(), databases.own_name("bench"), name)
