"""Two people, one task, one moment: one of them completes it, the other is told, and nothing happens twice."""

import datetime as dt
import multiprocessing

from sqlalchemy import func, select

from app.db.history import HistoryEntry
from app.db.tasks import Task
from app.extensions import db
from app.services import clock, proof, tasks
from app.services.errors import Refusal
from tests.support.cases import officer, open_case

MORNING = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
PEOPLE = 6
ANSWERS = {
    "personne": "P-0013",
    "date_deces": "2026-11-01",
    "lieu_deces": "Domicile",
    "lieu_corps": "ST-008",
    "limite_morgue": "2026-11-24T07:00:00Z",
    "cause_declaree": "maladie",
    "maladie_contagieuse": "non",
    "procedure_judiciaire": "non",
    "famille_informee": "non",
}


def complete(app, task_id: int, key: str, at_once, told) -> None:
    """In a process of its own: wait for the others, then complete the task."""
    with app.app_context(), clock.at(MORNING + dt.timedelta(minutes=5)):
        actor = officer()
        at_once.wait(30)
        try:
            tasks.complete_task(actor, task_id, ANSWERS, key)
            told.put("done")
        except Refusal as refusal:
            told.put(refusal.code)
        except Exception as error:
            told.put(repr(error))


def together(app, task_id: int, keys: list[str]) -> list[str]:
    start = multiprocessing.get_context("fork")
    at_once, told = start.Barrier(len(keys)), start.Queue()
    people = [start.Process(target=complete, args=(app, task_id, key, at_once, told)) for key in keys]
    for one in people:
        one.start()
    answers = [told.get(timeout=60) for _ in people]
    for one in people:
        one.join()
    return sorted(answers)


def completions(case_id: int) -> int:
    entries = select(func.count()).select_from(HistoryEntry).where(HistoryEntry.case_id == case_id, HistoryEntry.kind == "task.completed")
    found = db.session.scalar(entries)
    db.session.rollback()
    return found


def test_of_several_who_complete_a_task_at_once_one_does_and_the_others_are_told(ministry):
    case = open_case(MORNING)
    answers = together(ministry, case.task_id, [f"shown-form-{number}" for number in range(PEOPLE)])
    assert answers.count("done") == 1, answers
    assert set(answers) == {"done", "already_done"}
    assert completions(case.case_id) == 1
    assert db.session.scalar(select(Task.closed_at).where(Task.id == case.task_id)) is not None
    assert proof.verify_case(db.session(), case.case_id).flaw is None


def test_one_who_sends_twice_gets_the_same_answer_twice(ministry):
    case = open_case(MORNING)
    assert together(ministry, case.task_id, ["the same key"] * PEOPLE) == ["done"] * PEOPLE
    assert completions(case.case_id) == 1
