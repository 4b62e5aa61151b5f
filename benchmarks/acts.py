"""What one act costs: starting a case and completing its five steps, by the services and over HTTP, beside the floor of the same run."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.db.cases import DefinitionVersion
from app.extensions import db
from app.services import clock, intake, tasks
from app.services.actor import Actor
from benchmarks import places, workload
from benchmarks.floor import Floor
from benchmarks.measure import Times
from tests.support import cases

WARM = 5


@dataclass
class Cost:
    """Of one way of doing it: wall milliseconds of a start and of a completion; processor milliseconds of a completion."""

    name: str
    start: Times = field(default_factory=Times)
    complete: Times = field(default_factory=Times)
    spent: Times = field(default_factory=Times)

    def forget(self) -> None:
        """Throw away what was measured while warming up."""
        self.start, self.complete, self.spent = Times(), Times(), Times()

    def completing(self, work: Any) -> Any:
        """Does and times one completion."""
        spent = time.thread_time()
        with self.complete.one():
            done = work()
        self.spent.all.append((time.thread_time() - spent) * 1e3)
        db.session.remove()
        return done


class Service:
    """The use cases as a page or a job calls them: a session of its own for each act, policy, form, engine, history."""

    def __init__(self, actor: Actor, label: str = "bench") -> None:
        self.actor, self.label = actor, label

    def run(self, cost: Cost, number: int) -> None:
        """One case from its start to its end."""
        with cost.start.one():
            started = start(self.actor, f"{self.label}-{number:08}")
        db.session.remove()
        task_id = started.task_id
        for step in workload.STEPS:
            key, given = f"{self.label}-{number:08}-{step}", workload.answers(step, number)
            done = cost.completing(lambda task_id=task_id, given=given, key=key: tasks.complete_task(self.actor, task_id, given, key))
            task_id = done.next_task_id
        assert done.closed_case


def start(actor: Actor, key: str) -> intake.Started:
    """One case of the workload."""
    now = clock.now()
    header = cases.HEADER | {"date_fait": now.date().isoformat(), "date_signalement": now.isoformat()}
    return intake.start_case(actor, workload.CODE, cases.POST, header, key)


def run_floor(floor: Floor, cost: Cost) -> None:
    """One case of the floor."""
    with cost.start.one():
        rows = floor.start()
    db.session.remove()
    for step in range(len(workload.STEPS)):
        cost.completing(lambda step=step: floor.complete(rows, step))


def measure(app: Flask, rounds: int, web: Any = None) -> list[Cost]:
    """Floor, floor with its two reads, services with and without the queue, HTTP if a browser is given: in turns, case by case."""
    actor = cases.officer()
    version = str(db.session.scalar(select(DefinitionVersion.hash).where(DefinitionVersion.case_type == workload.CODE)))
    db.session.remove()
    bare, reading = Floor(version, actor.id or 0), Floor(version, actor.id or 0, reads=True)
    service, silent = Service(actor), Service(actor, "silent")

    def unheard(cost: Cost, number: int) -> None:
        with places.no_queue(app):
            silent.run(cost, number)

    ways = [
        (Cost("floor: the rows alone"), lambda cost, number: run_floor(bare, cost)),
        (Cost("floor and the two reads"), lambda cost, number: run_floor(reading, cost)),
        (Cost("services, up to the commit"), unheard),
        (Cost("services, workers woken"), service.run),
    ]
    if web is not None:
        ways.append((Cost("HTTP"), web.run))
    for number in range(rounds + WARM):
        for cost, work in ways:
            work(cost, number)
            if number == WARM - 1:
                cost.forget()
    return [cost for cost, _ in ways]


def rows(costs: list[Cost]) -> list[list[Any]]:
    """Lines of the table."""
    floor, own = costs[0].complete.median, costs[0].spent.median
    return [
        [
            *(cost.name, cost.start.median, cost.complete.median, cost.complete.p95, cost.complete.median / floor),
            *(cost.spent.median, cost.spent.median / own),
        ]
        for cost in costs
    ]


HEAD = ("way", "start ms", "complete ms", "p95", "x floor", "own processor ms", "x floor")
