"""The database that every scenario gets a copy of: filled once, kept from one run to the next."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import text

from app.config import ROOT, Config
from app.db import connections
from app.db.transaction import transaction
from app.demo import places, registers, staff
from app.extensions import db
from app.services import clock, versions

BIRTH = dt.datetime(2026, 1, 5, 8, tzinfo=dt.UTC)
"""When a scratch ministry is set up: before the first day of any scenario."""
PLACES = ("app", "workflows")
"""Code of the tables and of what fills them; a change anywhere in it makes the database anew."""
KEPT = "scenarios"
OLD_S = 86_400
Bound = Callable[[Config], Any]


def fill(config: Config, bound: Bound) -> None:
    """Makes the tables of an empty database, with the demonstration's places, people and budget, and the folders' procedures."""
    with bound(config):
        transaction(lambda unit: db.metadata.create_all(unit.session.connection()), clock.now)
        with clock.at(BIRTH):
            transaction(lambda unit: _fill(unit, config.bpmn), clock.now)


def filled(config: Config, bound: Bound) -> str:
    """Address of a filled SQLite database that nobody writes to: that of an earlier run, or a new one."""
    folder = config.data / KEPT
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{_digest(config.bpmn)}.db"
    if not path.exists():
        raw = path.with_suffix(f".{os.getpid()}")
        fill(dataclasses.replace(config, database_url=f"sqlite:///{raw}", redis_url=""), bound)
        made = raw.with_suffix(f"{raw.suffix}-whole")
        with connections.maintenance_engine(f"sqlite:///{raw}").connect() as connection:
            connection.execute(text("VACUUM INTO :target"), {"target": str(made)})
        os.replace(made, path)
        for part in folder.glob(f"{raw.name}*"):
            part.unlink()
        _forget(folder, path)
    os.utime(path)
    return f"sqlite:///{path}"


def _digest(bpmn: Path) -> str:
    """Of everything that the filled database follows from."""
    digest = hashlib.sha256()
    for path in _sources(bpmn):
        digest.update(str(path).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:32]


def _sources(bpmn: Path) -> Iterator[Path]:
    for place in PLACES:
        yield from sorted(path for path in (ROOT / place).rglob("*") if path.suffix in (".py", ".json", ".yaml"))
    yield from sorted(path for path in bpmn.glob("*/**/*") if path.is_file() and "scenarios" not in path.parts)


def _forget(folder: Path, kept: Path) -> None:
    """What no run has used for a day goes."""
    for path in folder.iterdir():
        if path != kept and time.time() - path.stat().st_mtime > OLD_S:
            path.unlink(missing_ok=True)


def _fill(unit: Any, bpmn: Path) -> None:
    places.load(unit.session, unit.now)
    staff.load(unit.session, unit.now)
    registers.load(unit.session, unit.now)
    versions.deploy_folder(unit.session, bpmn, unit.now)
