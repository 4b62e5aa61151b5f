"""The inbox at a thousand and at a hundred thousand open tasks: the service and the page, for an officer and for a manager in Bamako."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from flask import Flask

from app.extensions import db
from app.services import clock, inbox
from benchmarks.crowd import Crowd
from benchmarks.measure import Statements, median_of, progress
from benchmarks.web import Browser
from tests.support import cases

PEOPLE = {"officer": "nbouare", "head of post": "tniangadou"}
CODE = "COR"


@dataclass
class Line:
    """One list for one person: milliseconds by number of open tasks, and the statements of the page."""

    who: str
    tab: str
    service: dict[int, float] = field(default_factory=dict)
    page: dict[int, float] = field(default_factory=dict)
    sql: int = 0

    def ratio(self, times: dict[int, float]) -> float:
        """How much slower the greatest size is than the smallest."""
        return times[max(times)] / times[min(times)]


def measure(app: Flask, sizes: tuple[int, ...], rounds: int, seed: int) -> list[Line]:
    """Every list at every size."""
    lines = [Line(who, tab) for who in PEOPLE for tab in inbox.TABS]
    crowd = Crowd(CODE, seed)
    browsers = {who: Browser(app, login) for who, login in PEOPLE.items()}
    for size in sizes:
        progress(f"filling up to {size} open tasks")
        crowd.grow_to(size)
        for line in lines:
            _one(line, size, rounds, browsers[line.who])
    return lines


def _one(line: Line, size: int, rounds: int, browser: Browser) -> None:
    actor, now = cases.officer(PEOPLE[line.who]), clock.now()

    def ask() -> None:
        inbox.page(db.session(), actor, line.tab, inbox.Filters(), None, now)
        db.session.rollback()

    address = f"/taches?tab={line.tab}"
    line.service[size] = median_of(ask, rounds)
    line.page[size] = median_of(lambda: browser.page(address), rounds)
    with Statements(db.engine) as made:
        browser.page(address)
    line.sql = len(made.sql)
    db.session.remove()


def rows(lines: list[Line]) -> Iterator[list[object]]:
    """Lines of the table."""
    for line in lines:
        yield [line.who, line.tab, *line.service.values(), line.ratio(line.service), *line.page.values(), line.ratio(line.page), line.sql]
