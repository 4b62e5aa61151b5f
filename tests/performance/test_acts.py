"""An act is one transaction of few statements: counted here, so that one more never creeps in unseen."""

from __future__ import annotations

import pytest

from app.extensions import db
from app.services import intake, tasks
from benchmarks import workload
from benchmarks.acts import start
from benchmarks.measure import Statements
from tests.support import cases

MOST = 12
MOST_TO_START = 30


def listed(made: Statements) -> str:
    """What the failure of a count shows."""
    return f"{len(made.sql)} statements, {made.commits} commits:\n" + "\n".join(f"  {line[:140]}" for line in made.sql)


def completions(key: str, leave_draft: bool = False) -> dict[str, Statements]:
    """The statements of the five completions of one case, each in a session of its own, with an idempotency key."""
    actor, found = cases.officer(), {}
    task_id = start(actor, key).task_id
    for step in workload.STEPS:
        db.session.remove()
        with Statements(db.engine) as made:
            done = tasks.complete_task(actor, task_id, workload.answers(step, 1), f"{key}-{step}")
        found[step], task_id = made, done.next_task_id
    return found


@pytest.fixture
def made(measured) -> dict[str, Statements]:
    completions("warming-up")  # the version is read from the database once a process
    return completions("counted-act")


def test_a_plain_completion_is_one_transaction_of_twelve_statements_at_most(made):
    """Key, lock, facts and history included."""
    plain = made["financer"]
    assert len(plain.sql) <= MOST, listed(plain)
    assert plain.commits == 1, listed(plain)


@pytest.mark.parametrize("step", workload.STEPS)
def test_no_completion_takes_more(made, step):
    """One that starts a timer, one that stops it, one that sends a letter through the outbox, one that ends the case."""
    assert len(made[step].sql) <= MOST, listed(made[step])
    assert made[step].commits == 1, listed(made[step])


def test_the_letter_left_in_the_same_transaction(made):
    assert any(line.startswith("INSERT INTO notification") for line in made["agir"].sql), listed(made["agir"])


def test_the_case_is_locked_before_anything_of_it_is_read(made):
    """What is read before it may be old; the key is written at the end, when its answer is known."""
    first, last = made["agir"].sql[0], made["agir"].sql[-1]
    assert "FROM case_file" in first
    assert db.engine.dialect.name == "sqlite" or first.endswith("FOR NO KEY UPDATE OF case_file")
    assert last.startswith("INSERT INTO request_key")


def test_a_draft_costs_one_statement_and_only_then(measured):
    """It is deleted with the act that completes its task."""
    from app.services import assignment

    actor = cases.officer()
    task_id = start(actor, "with-a-draft").task_id
    assignment.save_draft(actor, task_id, {"objet_recevoir": "à moitié"})
    db.session.remove()
    with Statements(db.engine) as made:
        tasks.complete_task(actor, task_id, workload.answers("recevoir", 1), "with-a-draft-done")
    assert sum(line.startswith("DELETE FROM draft") for line in made.sql) == 1, listed(made)


def test_a_repetition_reads_its_answer_and_nothing_else(measured):
    actor = cases.officer()
    task_id = start(actor, "said-twice-a").task_id
    given = workload.answers("recevoir", 1)
    first = tasks.complete_task(actor, task_id, given, "said-twice-b")
    db.session.remove()
    with Statements(db.engine) as made:
        again = tasks.complete_task(actor, task_id, given, "said-twice-b")
    assert again == first
    assert len(made.sql) == 3, listed(made)  # the lock, the facts that come with it, the task with its key


def test_a_start_stays_within_bounds(measured):
    actor = cases.officer()
    start(actor, "warming-up-start")
    db.session.remove()
    with Statements(db.engine) as made:
        started = start(actor, "counted-start")
    assert isinstance(started, intake.Started)
    assert len(made.sql) <= MOST_TO_START, listed(made)
    assert made.commits == 1, listed(made)
