"""A ministry made for one run: its own database, the demonstration's places, people and budget, the folders' procedures."""

from __future__ import annotations

import contextlib
import dataclasses
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

from app.backstage import services
from app.config import Config
from app.db import connections
from app.extensions import db
from app.scenarios import master
from app.scenarios.reading import BadScenario
from app.scenarios.running import Result, run

Written = tuple[Path, str, Mapping[str, Any]]
Play = Callable[[Path, str, Mapping[str, Any]], Result]
Told = tuple[Path, Result, float]
"""The file of a scenario, what came of it, and the seconds it took."""
PATIENCE_S = 5
WORTH_A_PROCESS = 6
"""Scenarios that take longer to play than a process to begin."""


@contextlib.contextmanager
def ministry(folder: Path, database_url: str) -> Iterator[Play]:
    """Gives a function that plays one scenario; each in its own copy of a database that is filled, copies of a file lying in `folder`."""
    known: Config = current_app.config["JATIGI"]
    numbers = itertools.count(1)

    def play(path: Path, name: str, scenario: Mapping[str, Any]) -> Result:
        of_its_own = dataclasses.replace(known, data=folder, redis_url="")
        with copied(database_url, folder, next(numbers)) as url, _bound(dataclasses.replace(of_its_own, database_url=url)):
            return run(code_of(path), name, scenario, folder / "documents")

    yield play


def results(folder: Path, database_url: str | None, scenarios: Sequence[Written], jobs: int = 1) -> Iterator[Told]:
    """Plays scenarios (file, name, what it says); each result as it comes.

    With several `jobs`, that many processes play, each in copies of the same ministry; a database that was named serves one process only.
    """
    config: Config = current_app.config["JATIGI"]
    if database_url is not None:
        master.fill(dataclasses.replace(config, data=folder, database_url=database_url, redis_url=""), _bound)
    url = database_url or master.filled(config, _bound)
    jobs = max(1, min(jobs, len(scenarios) // WORTH_A_PROCESS))
    if jobs == 1 or database_url is not None:
        yield from _played(folder, url, scenarios)
        return
    context = multiprocessing.get_context("spawn")
    told: multiprocessing.Queue[Any] = context.Queue()
    hands = [context.Process(target=_hand, args=(config, folder / str(n), url, scenarios[n::jobs], told), daemon=True) for n in range(jobs)]
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


def _hand(config: Config, folder: Path, url: str, scenarios: Sequence[Written], told: Any) -> None:
    """One of several processes."""
    folder.mkdir()
    app = Flask("scratch")
    app.config["JATIGI"] = config
    with app.app_context():
        try:
            for found in _played(folder, url, scenarios):
                told.put(found)
        except Exception as error:
            told.put(BadScenario(f"{type(error).__name__} : {error}"))


def _played(folder: Path, database_url: str, scenarios: Sequence[Written]) -> Iterator[Told]:
    with ministry(folder, database_url) as play:
        for path, name, scenario in scenarios:
            begun = time.monotonic()
            yield path, play(path, name, scenario), time.monotonic() - begun


@contextlib.contextmanager
def _bound(config: Config) -> Iterator[None]:
    """The services on a database, without the pages."""
    with services(config).app_context():
        try:
            yield
        finally:
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


@contextlib.contextmanager
def copied(url: str, folder: Path, number: int) -> Iterator[str]:
    """Address of a copy of a database that nobody writes to; the copy goes afterwards."""
    whole = make_url(url)
    if whole.get_backend_name() == "sqlite":
        target = folder / f"copy-{number}.db"
        with connections.maintenance_engine(url).connect() as connection:
            connection.execute(text("VACUUM INTO :target"), {"target": str(target)})
        yield f"sqlite:///{target}"
        target.unlink()
        return
    name = f"{whole.database}_copy_{number}"
    server = connections.maintenance_engine(whole.set(database="postgres").render_as_string(hide_password=False))
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{whole.database}"'))
    yield whole.set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}"'))


def code_of(path: Path) -> str:
    """The case type in whose folder a scenario lies."""
    sheet = path.resolve().parent.parent / "case_type.yaml"
    return str(yaml.safe_load(sheet.read_text("utf-8"))["code"])
