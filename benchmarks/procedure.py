"""The ministry's own procedure: a scenario is played by the real services, and each completion of a step is timed with its statements."""

from __future__ import annotations

import collections
import contextlib
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.config import ROOT
from app.db.tasks import Task
from app.extensions import db
from app.scenarios.player import Player
from app.scenarios.reading import read
from app.scenarios.scratch import code_of
from app.services import tasks
from benchmarks import places
from benchmarks.measure import Statements, Times, progress
from workflows.catalog import CaseType

SCENARIO = ROOT / "bpmn" / "body-repatriation" / "scenarios" / "cor-s1-rapatriement-part-etat.yaml"
DEEP = 4
"""Calls between the process of the case and that of a step."""


@dataclass
class Acts:
    """Completions of a procedure: all of them, and those of tasks deep inside."""

    all: Times = field(default_factory=Times)
    deep: Times = field(default_factory=Times)
    spent: Times = field(default_factory=Times)
    """Processor milliseconds of all of them."""
    sql: dict[str, list[int]] = field(default_factory=lambda: collections.defaultdict(list))
    by_step: dict[str, Times] = field(default_factory=lambda: collections.defaultdict(Times))

    @property
    def statements(self) -> float:
        """Median number of statements of a completion."""
        return statistics.median([count for counts in self.sql.values() for count in counts])


def measure(kind: str, rounds: int, path: Path = SCENARIO) -> Acts:
    """Plays the scenario in that many ministries of its own, after one that warms up: numbers given once are given once."""
    acts = Acts()
    for number in range(rounds + 1):
        progress(f"{path.stem}, {number} of {rounds}")
        with places.ministry(kind), tempfile.TemporaryDirectory() as files:
            play(acts if number else Acts(), Path(files), path)
    return acts


def play(acts: Acts, files: Path, path: Path = SCENARIO) -> None:
    """Plays the scenario once in the application at hand."""
    scenario = read(path)
    player = Player(code_of(path), scenario, files)
    with _timed(acts, _depths(player.case_type)):
        for line in scenario["steps"]:
            player.line(line)
    db.session.remove()


def _depths(case_type: CaseType) -> dict[str, int]:
    """Process -> calls above it, at the least."""
    calls: dict[str, set[str]] = collections.defaultdict(set)
    for (process, _), spec in case_type.elements.in_process.items():
        if spec.called:
            calls[process].add(spec.called)
    depths, waiting = {case_type.process: 0}, [case_type.process]
    for process in waiting:
        new = sorted(calls[process] - depths.keys())
        depths |= dict.fromkeys(new, depths[process] + 1)
        waiting += new
    return depths


@contextlib.contextmanager
def _timed(acts: Acts, depths: dict[str, int]) -> Iterator[None]:
    """Inside, every completion through the services is timed; each has a session of its own, as a page or a job has."""
    real = tasks.complete_task

    def complete(actor: Any, task_id: int, data: Any, key: str | None = None) -> Any:
        row = db.session.execute(select(Task.step, Task.process).where(Task.id == task_id)).one()
        db.session.remove()
        times, spent = Times(), time.thread_time()
        with Statements(db.engine) as made, times.one():
            done = real(actor, task_id, data, key)
        acts.spent.all.append((time.thread_time() - spent) * 1e3)
        db.session.remove()
        acts.all.all += times.all
        acts.by_step[row.step].all += times.all
        acts.sql[row.step].append(len(made.sql))
        if depths.get(row.process, 0) >= DEEP:
            acts.deep.all += times.all
        return done

    tasks.complete_task = complete
    try:
        yield
    finally:
        tasks.complete_task = real
