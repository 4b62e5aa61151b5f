"""Many deadlines due at once: the sweep cuts them into jobs of fifty cases, two forking workers carry them out."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from rq import Worker
from sqlalchemy import func, select, update

from app import queue
from app.config import ROOT
from app.db.tasks import Task
from app.db.timers import Timer
from app.db.transaction import Unit, transaction
from app.extensions import db
from app.jobs import deadlines
from app.services import clock, tasks
from benchmarks import places, workload
from benchmarks.acts import start
from benchmarks.measure import progress
from tests.support import cases

WORKERS = 2
PATIENCE_S = 600
STEP_S = 0.05
READY_S = 120
MONTH = dt.timedelta(days=31)


@dataclass(frozen=True)
class Burst:
    """What it took: seconds of the sweep, seconds until the last case had moved, processor seconds of the workers and their jobs."""

    cases: int
    sweep_s: float
    all_s: float
    processor_s: float

    def each_ms(self) -> float:
        """Wall milliseconds a case."""
        return self.all_s / self.cases * 1e3

    def extrapolated_s(self, count: int) -> float:
        """What as many would take at the same pace."""
        return self.all_s / self.cases * count


def measure(app: Flask, count: int) -> Burst:
    """Opens cases a month ago, leads them to the step whose timer is due by now, and waits for two workers to carry all out."""
    with places.no_queue(app), clock.at(clock.now() - MONTH):
        _prepare(count)
    workers = [worker(app) for _ in range(WORKERS)]
    try:
        wait_for(workers, app.config["JATIGI"].redis_url)
        idle, begun = spent(workers), time.perf_counter()
        deadlines.sweep()
        sweep = time.perf_counter() - begun
        while (left := _left()) and time.perf_counter() - begun < PATIENCE_S:
            time.sleep(STEP_S)
        whole, processor = time.perf_counter() - begun, spent(workers) - idle
    finally:
        for process in workers:
            process.terminate()
        for process in workers:
            process.wait()
    assert left == 0, f"{left} of {count} deadlines were not carried out"
    return Burst(count, sweep, whole, processor)


def _prepare(count: int) -> None:
    actor = cases.officer()
    first = workload.STEPS[0]
    for number in range(count):
        task_id = start(actor, f"burst-{number:08}").task_id
        tasks.complete_task(actor, task_id or 0, workload.answers(first, number))
        db.session.remove()
        if number % 500 == 499:
            progress(f"{number + 1} cases of {count} wait for their deadline")
    transaction(_without_reminders, clock.now)
    db.session.remove()


def _without_reminders(unit: Unit) -> None:
    """One thing is due in each case, its timer."""
    unit.connection.execute(update(Task.__table__).values(stage_at=None))


def _left() -> int:
    session = db.session()
    found = session.scalar(select(func.count()).select_from(Timer).where(Timer.due_at <= clock.now()))
    session.rollback()
    return int(found or 0)


def wait_for(workers: list[subprocess.Popen[bytes]], redis_url: str) -> None:
    """Until the workers have imported the application, read its procedures and reported for work."""
    connection, own = queue.connection(redis_url), {process.pid for process in workers}
    for _ in range(int(READY_S / STEP_S)):
        if own <= {worker.pid for worker in Worker.all(connection=connection)}:
            return
        time.sleep(STEP_S)
    raise TimeoutError(f"the workers did not start within {READY_S} s")


def spent(workers: list[subprocess.Popen[bytes]]) -> float:
    """Processor seconds of processes and of their children; 0 where the system does not tell."""
    own, ticks = {process.pid for process in workers}, 0
    for told in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has just ended
            state = told.read_text().rpartition(")")[2].split()
            if int(told.parent.name) in own or int(state[1]) in own:
                ticks += sum(map(int, state[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def worker(app: Flask, module: str = "app.worker", **more: str) -> subprocess.Popen[bytes]:
    """A worker on the database at hand. more: further variables of its environment."""
    config = app.config["JATIGI"]
    environment = {
        **os.environ,
        **{"DATABASE_URL": config.database_url, "REDIS_URL": config.redis_url, "JATIGI_DATA": str(config.data)},
        **{"SECRET_KEY": config.secret_key, "LOG_LEVEL": "ERROR"},
        **more,
    }
    return subprocess.Popen([sys.executable, "-m", module, "worker"], cwd=ROOT, env=environment)
