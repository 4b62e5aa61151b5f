"""Scores are secret until the committee has voted: a member reads no other member's, neither at the task nor in the history."""

from sqlalchemy import select

from app.db.history import HistoryEntry
from app.db.tasks import Task
from app.extensions import db
from app.services import case_file, history, sealing, step_view
from tests.app.services.staging import rows

SCENARIO = "project-financing/comite-ex-aequo-troisieme-note"


def scored_by(case, code):
    user = case.user(code)
    return next(task for task in case.task_rows(Task.step == "noter") if task.closed_by_id == user.id)


def test_only_who_scored_reads_the_score_before_the_vote(stage_sqlite):
    case = stage_sqlite("preparer_session", SCENARIO)
    task, now, session = scored_by(case, "U-61"), case.now, db.session()
    assert step_view.open_step(session, case.user("U-58"), task.id, now).sealed
    assert not step_view.open_step(session, case.user("U-61"), task.id, now).sealed
    manager = case.user("U-34")
    file = case_file.find(session, manager, case.reference)
    entries = [history.read(row) for row in rows(select(HistoryEntry).where(HistoryEntry.case_id == case.case_id))]
    scores = [entry for entry in sealing.kept(session, file, manager, entries) if entry.element == "noter"]
    assert len(scores) == 4
    assert not any(entry.changes or "trace" in entry.data for entry in scores)
    assert any(entry.changes for entry in entries if entry.element == "noter")


def test_after_the_vote_the_scores_are_read_like_any_answer(stage_sqlite):
    case = stage_sqlite("preparer_session", SCENARIO).until("tenir_session")
    task = scored_by(case, "U-61")
    assert not step_view.open_step(db.session(), case.user("U-58"), task.id, case.now).sealed
