"""Deadlines due at once: python -m benchmarks.deadlines [cases] [workers].

Copies of one case whose first task is to be reminded of; from the sweep that finds them to the last one done.
"""

from __future__ import annotations

import datetime as dt
import resource
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from flask import Flask
from sqlalchemy import Table, func, insert, select

from app.db.cases import Case
from app.db.tasks import Task
from app.db.transaction import Unit, transaction
from app.extensions import db
from app.jobs import deadlines
from app.services import clock
from app.supervisor.children import bind_to_parent
from app.supervisor.store import Store
from benchmarks import measure, places
from tests.support.cases import open_case
from tests.support.parts import Parts

CASES, WORKERS = 2_000, 2
CHUNK = 500
OWN_NUMBERS = {"task", "fact", "timer"}
"""Tables with rows of a case that are copied with it; its history is not, and goes on from the head that the case row names."""
PATIENCE_S = 300


def main(count: int = CASES, workers: int = WORKERS) -> None:
    """Both databases, one after the other."""
    rows = []
    with places.servers():
        for kind in places.KINDS:
            with places.ministry(kind) as app, tempfile.TemporaryDirectory(prefix="jq-") as folder:
                measure.progress(f"{kind}: {count} cases, {workers} workers")
                seconds, busy = fire(app, Path(folder), count, workers)
                rows.append((kind, count, workers, seconds, 1e3 * seconds / count, 1e3 * busy / count, 10_000 * seconds / count))
    measure.table(("database", "cases", "workers", "s", "ms a case", "processor ms a case", "s for 10 000"), rows)


def fire(app: Flask, folder: Path, count: int, workers: int) -> tuple[float, float]:
    """Seconds from the sweep to the last reminder, and processor seconds of the workers."""
    store = Store(folder / "store")
    server = store.start(preexec_fn=bind_to_parent)
    store.wait(10)
    app.config["JATIGI"] = replace(app.config["JATIGI"], redis_url=store.url, sweep_seconds=3600)
    parts = Parts(app, store)
    try:
        multiply(open_case(clock.now() - dt.timedelta(hours=2, minutes=1)).case_id, count)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        pids = [parts.start("worker") for _ in range(workers)]
        time.sleep(1)
        begun = time.perf_counter()
        deadlines.sweep()
        _await(count, begun)
        seconds = time.perf_counter() - begun
        for pid in pids:
            parts.kill(pid)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return seconds, (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    finally:
        parts.close()
        server.kill()
        server.wait()


def multiply(case_id: int, count: int) -> None:
    """Copies of a case, until there are `count`."""
    for start in range(1, count, CHUNK):
        numbers = range(start, min(start + CHUNK, count))
        transaction(lambda unit, numbers=numbers: _copy(unit, case_id, numbers), clock.now)


def _copy(unit: Unit, case_id: int, numbers: range) -> None:
    case = dict(unit.session.execute(select(Case.__table__).where(Case.id == case_id)).one()._mapping)
    rows = [case | {"id": case_id + number, "reference": f"{case['reference']}-{number}"} for number in numbers]
    unit.session.execute(insert(Case.__table__), rows)
    for name in OWN_NUMBERS:
        table: Table = db.metadata.tables[name]
        known = [dict(row._mapping) for row in unit.session.execute(select(table).where(table.c.case_id == case_id))]
        copies = [row | {"case_id": case_id + number} for row in known for number in numbers]
        if "id" in table.c:
            copies = [{key: value for key, value in row.items() if key != "id"} for row in copies]
        if copies:
            unit.session.execute(insert(table), copies)


def _await(count: int, begun: float) -> None:
    done = select(func.count()).select_from(Task).where(Task.stage == 50)
    while db.session.scalar(done) < count:
        db.session.rollback()
        if time.perf_counter() - begun > PATIENCE_S:
            raise SystemExit("Not all fired in five minutes.")
        time.sleep(0.05)
    db.session.rollback()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
