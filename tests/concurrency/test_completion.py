"""Several people at one task at one moment, in processes of their own."""

import pytest
from sqlalchemy import func, select

from app.db.history import HistoryEntry
from app.db.outbox import RequestKey
from app.db.transaction import transaction
from app.extensions import db
from app.services import assignment, clock, keys, proof, tasks
from app.services.errors import Conflict
from tests.app.services.money import ensure_sound
from tests.app.services.staging import rows
from tests.concurrency.racing import race

GRANT = {"decision_financement": "accorder", "montant_accorde": 2_000_000}
PROCESSES, KEYS = 8, 6


def completions(case) -> int:
    found = select(func.count()).where(HistoryEntry.case_id == case.case_id, HistoryEntry.kind == "task.completed")
    return rows(found)[0]


def test_of_two_who_decide_at_once_one_succeeds_and_the_other_is_told_who_and_when(stage):
    case = stage("engager")
    before = completions(case)
    task, answers = case.task("engager"), case.answers("engager")
    told = race(case, [decide(case.user(code), task.id, answers) for code in ("U-44", "U-45")])[0]
    assert sorted(answer.split(" ")[0] for answer in told) == ["done", "told"]
    winner = next(code for code, answer in zip(("U-44", "U-45"), told, strict=True) if answer == "done")
    loser = next(answer for answer in told if answer != "done")
    assert loser == f"told {case.user(winner).name} a terminé cette tâche le {case.now:%d/%m/%Y %H:%M} UTC."
    assert completions(case) == before + 1
    assert proof.verify_case(db.session(), case.case_id).flaw is None
    ensure_sound()


def decide(actor, task_id: int, answers: dict):
    def act() -> str:
        try:
            tasks.complete_task(actor, task_id, answers)
        except Conflict as refused:
            return f"told {refused.sentence()}"
        return "done"

    return act


def test_each_key_has_one_effect_whoever_repeats_it(stage):
    """Eight processes send the same decision under one key, six times over: one effect, forty-eight times the same answer."""
    case = stage("decider_financement")
    task, approver = case.task("decider_financement"), case.user("U-39")
    before = completions(case)

    def send() -> int:
        return tasks.complete_task(approver, task.id, GRANT, "the-only-key").task_id

    for answers in race(case, [send] * PROCESSES, rounds=KEYS):
        assert answers == [task.id] * PROCESSES
    assert completions(case) == before + 1
    assert len(rows(select(RequestKey).where(RequestKey.key == "the-only-key"))) == 1
    ensure_sound()


def test_an_act_whose_key_came_in_meanwhile_with_another_is_repeated_and_refused(stage):
    """Two acts on two cases wait for no common lock: the key that is there when the second wants to write it sends it back to read."""
    case = stage("engager")
    mine = (case.user("U-44").code, "a-key-for-two")
    transaction(lambda unit: keys.keep(unit, *mine, "one", {"done": True}), clock.now)
    tries = []

    def other(unit) -> None:
        tries.append(keys.claim(unit, *mine, "other") if tries else None)
        keys.keep(unit, *mine, "other", {})

    with pytest.raises(keys.KeyReused):
        transaction(other, clock.now)
    assert tries == [None]
    assert len(rows(select(RequestKey).where(RequestKey.key == "a-key-for-two"))) == 1


def test_eight_processes_open_one_case_for_each_key(stage_pg):
    from itertools import count

    from app.services import intake

    case = stage_pg("enregistrer_deces")
    agent = case.user("U-14")
    header = {"date_signalement": case.now.isoformat(), **case.given["header"]}
    numbers = count()

    def open_one() -> str:
        return intake.start_case(agent, "COR", "LBV", header, f"opening-{next(numbers)}").reference

    told = race(case, [open_one] * PROCESSES, rounds=KEYS)
    assert all(len(set(answers)) == 1 for answers in told)
    assert len({answers[0] for answers in told}) == KEYS


def test_of_many_who_take_a_task_one_has_it(stage):
    case = stage("engager")
    task = case.task("engager")
    people = [case.user("U-44"), case.user("U-45")] * 3

    def take(actor):
        def act() -> str:
            assignment.claim(actor, task.id)
            return actor.code

        return act

    told = race(case, [take(actor) for actor in people])[0]
    winners = {answer for answer in told if answer.startswith("U-")}
    assert len(winners) == 1
    assert told.count("taken_by_other") == 3


def test_numbers_of_cases_have_no_gaps_and_no_doubles(stage):
    from app.services import intake

    case = stage("enregistrer_deces")
    agent = case.user("U-14")
    header = {"date_signalement": case.now.isoformat(), **case.given["header"]}
    told = race(case, [lambda: intake.start_case(agent, "COR", "LBV", header).reference] * 4, rounds=3)
    references = sorted(reference for answers in told for reference in answers)
    assert references == [f"COR-LBV-2026-{number:05d}" for number in range(2, 14)]
