"""The statements of a page do not grow with the rows that it shows."""

from __future__ import annotations

import pytest

from app.extensions import db
from app.services import inbox, tasks
from benchmarks import workload
from benchmarks.acts import start
from benchmarks.crowd import Crowd
from benchmarks.measure import Statements
from tests.support import cases

MOST = 20
MOST_OF_A_TASK = 14
SEED = 7
SHARED = 3
"""An empty list needs nothing of what rows have in common: names of people and posts, the calendar."""
PARTS = ("", "?dans=dossiers", "/parcours", "/historique", "/formulaires", "/personnes", "/pieces", "/notes", "/messages", "/argent")


def count(ask, address: str) -> Statements:
    """The statements of a page that is there, asked for the second time."""
    ask(address)
    with Statements(db.engine) as made:
        answer = ask(address)
    assert answer.status_code == 200, answer.status_code
    return made


def listed(before: Statements, after: Statements) -> str:
    """What the failure of a comparison shows: the statements that are more."""
    rest = list(after.sql)
    for line in before.sql:
        if line in rest:
            rest.remove(line)
    return f"{len(before.sql)} statements became {len(after.sql)}:\n" + "\n".join(f"  {line[:140]}" for line in rest)


def test_the_inbox(ask):
    """Of few tasks or none, and of full pages."""
    crowd = Crowd("COR", SEED)
    crowd.grow_to(60)
    few = {tab: count(ask, f"/taches?tab={tab}") for tab in inbox.TABS}
    crowd.grow_to(900)
    many = {tab: count(ask, f"/taches?tab={tab}") for tab in inbox.TABS}
    for tab in inbox.TABS:
        assert len(many[tab].sql) <= len(few[tab].sql) + SHARED, tab + " " + listed(few[tab], many[tab])
        assert len(many[tab].sql) <= MOST, tab + " " + listed(few[tab], many[tab])


@pytest.fixture
def grown(measured, ask) -> dict[str, tuple[Statements, Statements]]:
    """Every part of a case file: after its first step, and after four."""
    actor = cases.officer()
    started = start(actor, "a-case-that-grows")
    task_id, found = started.task_id, {}
    for number, step in enumerate(workload.STEPS[:4]):
        db.session.remove()
        task_id = tasks.complete_task(actor, task_id, workload.answers(step, 1), f"grows-{step}").next_task_id
        if number in (0, 3):
            for part in PARTS:
                found.setdefault(part, []).append(count(ask, f"/dossiers/{started.reference}{part}"))
    return {part: (few, many) for part, (few, many) in found.items()}


def test_a_task(measured, ask):
    """Who asks, the task and its case, what is around them: nothing twice."""
    task_id = start(cases.officer(), "a-task-to-look-at").task_id
    db.session.remove()
    made = count(ask, f"/taches/{task_id}")
    assert len(made.sql) <= MOST_OF_A_TASK, "\n".join(made.sql)
    assert len(set(made.sql)) == len(made.sql), "\n".join(made.sql)


def test_the_case_file(grown):
    for part, (few, many) in grown.items():
        assert len(many.sql) <= len(few.sql), part + " " + listed(few, many)
        assert len(many.sql) <= MOST, part + " " + listed(few, many)
