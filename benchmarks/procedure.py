"""The ministry's own procedure: a scenario is played by the real services, and each completion of a step is timed with its statements."""

from __future__ import annotations

import collections
import contextlib
import statistics
import tempfile
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
from benchmarks.measure import Statements, Times, progress

SCENARIO = ROOT / "bpmn" / "body-repatriation" / "scenarios" / "cor-s1-rapatriement-part-etat.yaml"
DEEP = 4
"""Scopes of a task four calls deep: the case and three calls, at least."""


@dataclass
class Acts:
    """Completions of a procedure: all of them, and those of tasks deep inside."""

    all: Times = field(default_factory=Times)
    deep: Times = field(default_factory=Times)
    sql: dict[str, list[int]] = field(default_factory=lambda: collections.defaultdict(list))
    by_step: dict[str, Times] = field(default_factory=lambda: collections.defaultdict(Times))

    @property
    def statements(self) -> float:
        """Median number of statements of a completion."""
        return statistics.median([count for counts in self.sql.values() for count in counts])


def play(rounds: int, path: Path = SCENARIO) -> Acts:
    """Plays the scenario some times in the application at hand."""
    acts = Acts()
    scenario = read(path)
    with tempfile.TemporaryDirectory() as files:
        for number in range(rounds):
            progress(f"{path.stem}, {number + 1} of {rounds}")
            kept = Acts() if number == 0 else acts  # the first one warms up
            player = Player(code_of(path), scenario, Path(files))
            with _timed(kept):
                for line in scenario["steps"]:
                    player.line(line)
            db.session.remove()
            if rounds == 1:
                acts = kept
    return acts


@contextlib.contextmanager
def _timed(acts: Acts) -> Iterator[None]:
    """Inside, every completion through the services is timed; each has a session of its own, as a page or a job has."""
    real = tasks.complete_task

    def complete(actor: Any, task_id: int, data: Any, key: str | None = None) -> Any:
        row = db.session.execute(select(Task.step, Task.chain).where(Task.id == task_id)).one()
        db.session.remove()
        times = Times()
        with Statements(db.engine) as made, times.one():
            done = real(actor, task_id, data, key)
        db.session.remove()
        acts.all.all += times.all
        acts.by_step[row.step].all += times.all
        acts.sql[row.step].append(len(made.sql))
        if len(row.chain) >= DEEP:
            acts.deep.all += times.all
        return done

    tasks.complete_task = complete
    try:
        yield
    finally:
        tasks.complete_task = real
