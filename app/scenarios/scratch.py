"""A ministry made for one run: its own database, the demonstration's places, people and budget, the folders' procedures."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import itertools
import multiprocessing
import queue
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from flask import Flask, current_app
from sqlalchemy import make_url, text

from app.config import Config
from app.db import connections
from app.db.transaction import transaction
from app.demo import places, registers, staff
from app.extensions import db
from app.scenarios.reading import BadScenario
from app.scenarios.running import Result, run
from app.services import clock, versions

Written = tuple[Path, str, Mapping[str, Any]]
Play = Callable[[Path, str, Mapping[str, Any]], Result]
Told = tuple[Path, Result, float]
"""The file of a scenario, what came of it, and the seconds it took."""
PATIENCE_S = 5
BIRTH = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)
"""When a scratch ministry is set up: before the first day of any scenario."""


@contextlib.contextmanager
def ministry(folder: Path, database_url: str | None = None) -> Iterator[Play]:
    """Gives a function that plays one scenario; each in its own copy of a database that is filled once."""
    known: Config = current_app.config["JATIGI"]
    master = dataclasses.replace(known, data=folder, database_url=database_url or f"sqlite:///{folder / 'master.db'}", redis_url="")
    with _bound(master):
        transaction(lambda unit: db.metadata.create_all(unit.session.connection()), clock.now)
        with clock.at(BIRTH):
            transaction(lambda unit: _fill(unit, master.bpmn), clock.now)
    numbers = itertools.count(1)

    def play(path: Path, name: str, scenario: Mapping[str, Any]) -> Result:
        with copied(master.database_url, next(numbers)) as url, _bound(dataclasses.replace(master, database_url=url)):
            return run(code_of(path), name, scenario, folder / "documents")

    yield play


def results(folder: Path, database_url: str | None, scenarios: Sequence[Written], jobs: int = 1) -> Iterator[Told]:
    """Plays scenarios (file, name, what it says); each result as it comes.

    With several `jobs`, that many processes play, each in a ministry of its own; a database that was named serves one process only.
    """
    if jobs == 1 or database_url is not None:
        yield from _played(folder, database_url, scenarios)
        return
    config: Config = current_app.config["JATIGI"]
    context = multiprocessing.get_context("spawn")
    told: multiprocessing.Queue[Any] = context.Queue()
    hands = [context.Process(target=_hand, args=(config, folder / str(n), scenarios[n::jobs], told), daemon=True) for n in range(jobs)]
    for hand in hands:
        hand.start()
    left = len(scenarios)
    while left:
        try:
            found = told.get(timeout=PATIENCE_S)
        except queue.Empty:
            if any(hand.is_alive() for hand in hands):
                continue
            raise BadScenario("un des processus s’est arrêté avant la fin") from None
        if isinstance(found, BadScenario):
            raise found
        left -= 1
        yield found


def _hand(config: Config, folder: Path, scenarios: Sequence[Written], told: Any) -> None:
    """One of several processes."""
    folder.mkdir()
    app = Flask("scratch")
    app.config["JATIGI"] = config
    with app.app_context():
        try:
            for found in _played(folder, None, scenarios):
                told.put(found)
        except Exception as error:
            told.put(BadScenario(f"{type(error).__name__} : {error}"))


def _played(folder: Path, database_url: str | None, scenarios: Sequence[Written]) -> Iterator[Told]:
    with ministry(folder, database_url) as play:
        for path, name, scenario in scenarios:
            begun = time.monotonic()
            yield path, play(path, name, scenario), time.monotonic() - begun


@contextlib.contextmanager
def _bound(config: Config) -> Iterator[None]:
    """The services on a database, without the pages."""
    app = Flask("scratch")
    app.config["JATIGI"] = config
    connections.init_app(app)
    with app.app_context():
        try:
            yield
        finally:
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


@contextlib.contextmanager
def copied(url: str, number: int) -> Iterator[str]:
    """Address of a copy of a database that nobody uses; the copy goes afterwards."""
    master = make_url(url)
    if master.get_backend_name() == "sqlite":
        source = Path(str(master.database))
        target = source.with_name(f"copy-{number}.db")
        with connections.maintenance_engine(url).connect() as connection:
            connection.execute(text("VACUUM INTO :target"), {"target": str(target)})
        yield f"sqlite:///{target}"
        target.unlink()
        return
    name = f"{master.database}_copy_{number}"
    server = connections.maintenance_engine(master.set(database="postgres").render_as_string(hide_password=False))
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{master.database}"'))
    yield master.set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}"'))


def _fill(unit: Any, bpmn: Path) -> None:
    places.load(unit.session, unit.now)
    staff.load(unit.session, unit.now)
    registers.load(unit.session, unit.now)
    versions.deploy_folder(unit.session, bpmn, unit.now)


def code_of(path: Path) -> str:
    """The case type in whose folder a scenario lies."""
    sheet = path.resolve().parent.parent / "case_type.yaml"
    return str(yaml.safe_load(sheet.read_text("utf-8"))["code"])
