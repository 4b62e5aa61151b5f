"""Rows of tasks and timers are those that the state of a case says; they are missed and written again."""


import pytest
from sqlalchemy import delete, insert, select

from app.db.facts import Fact
from app.db.history import HistoryEntry
from app.db.tasks import Task
from app.db.timers import Timer
from app.services import clock, projection_check
from tests.app.services.proofs import verdict
from tests.app.services.staging import USUAL, one, rows, write

PREFIXES = [(USUAL, 4), (USUAL, 9), (USUAL, 17), (USUAL, 25), ("fret-refuse-trois-fois", 12), ("changement-avis-apres", 20)]


@pytest.mark.parametrize(("scenario", "lines"), PREFIXES)
def test_after_any_act_the_rows_are_those_that_the_state_says(stage_sqlite, scenario, lines):
    case = stage_sqlite("enregistrer_deces", scenario)
    for _ in range(min(lines, len(case.rest))):
        case.play_line()
    with clock.at(case.now):
        assert [str(difference) for difference in projection_check.check()] == []


def test_rows_deleted_by_sql_are_missed_and_written_again(stage):
    case = stage("confirmer_depart")
    before = open_rows(case)
    write(
        delete(Task).where(Task.case_id == case.case_id, Task.closed_at.is_(None), Task.step == "confirmer_depart"),
        delete(Timer).where(Timer.case_id == case.case_id),
    )
    with clock.at(case.now):
        missing = [str(difference) for difference in projection_check.check()]
        assert any("task" in line and "manque" in line for line in missing)
        assert any("timer" in line and "manque" in line for line in missing)
        assert projection_check.rebuild(case.case_id) == len(missing)
        assert list(projection_check.check()) == []
        assert projection_check.rebuild(case.case_id) == 0
    assert open_rows(case) == before
    assert case.history()[-1] == ("projections.rebuilt", None)
    assert "intact" in verdict(case)


def open_rows(case) -> set[tuple[str, str, str | None]]:
    found = case.task_rows(Task.closed_at.is_(None))
    return {(task.engine_id, task.step, task.role) for task in found} | {
        (timer.key, timer.element, str(timer.due_at)) for timer in rows(select(Timer).where(Timer.case_id == case.case_id))
    }


def test_a_row_too_many_is_found_and_closed(stage_sqlite):
    case = stage_sqlite("decider_financement")
    known = case.task("decider_financement")
    again = {column.name: getattr(known, column.name) for column in Task.__table__.columns if column.name != "id"}
    write(insert(Task).values(**again | {"engine_id": "nobody", "step": "fantome"}))
    with clock.at(case.now):
        assert [difference.what for difference in projection_check.check()] == ["est de trop"]
        projection_check.rebuild(case.case_id)
        assert list(projection_check.check()) == []
    assert case.open_steps() == ["decider_financement", "remettre_effets"]


def test_the_commands_say_equal_and_repair(stage_sqlite):
    case = stage_sqlite("decider_financement")
    run = case.app.test_cli_runner().invoke
    with clock.at(case.now):
        assert run(args=["projections", "check"]).output == "Égales.\n"
        write(delete(Timer).where(Timer.case_id == case.case_id))
        broken = run(args=["projections", "check"])
        assert broken.exit_code == 1 and "manque" in broken.output
        assert run(args=["projections", "rebuild"]).exit_code == 0
        assert run(args=["projections", "check"]).exit_code == 0


def test_facts_name_the_entry_that_wrote_them(stage_sqlite):
    case = stage_sqlite("decider_financement")
    fact = one(select(Fact).where(Fact.case_id == case.case_id, Fact.scope == "", Fact.name == "personne"))
    entry = one(select(HistoryEntry).where(HistoryEntry.case_id == case.case_id, HistoryEntry.seq == fact.entry_seq))
    assert (entry.kind, entry.element) == ("task.completed", "enregistrer_deces")
