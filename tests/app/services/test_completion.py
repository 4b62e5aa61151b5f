"""Completing a task: what the next person finds, what is refused and in which words, and what happens when the procedure breaks."""

import datetime as dt

import pytest
from sqlalchemy import event, func, select, update

from app.db.cases import Case, Incident
from app.db.outbox import RequestKey
from app.db.tasks import Draft, Task
from app.extensions import db
from app.services import assignment, clock, deadlines, tasks
from app.services.errors import Broken, Conflict, Forbidden, Invalid, NotFound
from tests.app.services.staging import one, rows, write

GRANT = {"decision_financement": "accorder", "montant_accorde": 2_000_000}


# ------------------------------------------------------------------ what follows
def test_who_goes_on_in_the_same_role_and_place_is_led_to_the_next_task(stage_sqlite):
    case = stage_sqlite("enregistrer_deces")
    done = case.do("enregistrer_deces", "U-14", **case.answers("enregistrer_deces"))
    mine = {task.id: task.step for task in case.task_rows(Task.closed_at.is_(None), Task.assignee_id == case.user("U-14").id)}
    assert mine[done.next_task_id] in ("confirmer_identite", "examiner_recevabilite")


def test_facts_tasks_history_and_money_change_together(stage):
    case = stage("decider_financement")
    before = case.row
    case.do("decider_financement", "U-39", **GRANT)
    after = case.row
    assert case.fact("montant_accorde") == 2_000_000
    assert case.open_steps() == ["engager", "remettre_effets"]
    closed = one(select(Task).where(Task.case_id == case.case_id, Task.step == "decider_financement"))
    assert (closed.closed_how, closed.closed_by_id, closed.closed_at) == ("done", case.user("U-39").id, case.now)
    assert after.history_seq == before.history_seq + 1
    assert after.lock_version == before.lock_version + 1
    assert after.status == "attente_financement"


def test_a_plain_completion_is_at_most_twelve_statements_and_one_commit(stage):
    case = stage("examiner_recevabilite")
    task, actor = case.task("examiner_recevabilite"), case.user("U-14")
    statements, commits = [], []
    db.session.remove()
    engine = db.engine
    count = lambda *what: statements.append(what[2])  # noqa: E731
    end = lambda connection: commits.append(connection.get_execution_options().get("write"))  # noqa: E731
    event.listen(engine, "before_cursor_execute", count)
    event.listen(engine, "commit", end)
    try:
        with clock.at(case.now):
            tasks.complete_task(actor, task.id, case.answers("examiner_recevabilite"), "a-key-of-mine")
    finally:
        event.remove(engine, "before_cursor_execute", count)
        event.remove(engine, "commit", end)
    assert commits == [True]
    assert len(statements) <= 12, statements


# ------------------------------------------------------------------ keys
def test_the_same_key_is_answered_the_same_without_a_second_effect(stage):
    case = stage("decider_financement")
    task = case.task("decider_financement")
    first = case.do("decider_financement", "U-39", key="my-decision", **GRANT)
    seq = case.row.history_seq
    with case.at(dt.timedelta(hours=3)):
        again = tasks.complete_task(case.user("U-39"), task.id, GRANT, "my-decision")
    assert again == first
    assert case.row.history_seq == seq


def test_the_same_key_with_other_data_is_refused(stage):
    case = stage("decider_financement")
    task = case.task("decider_financement")
    case.do("decider_financement", "U-39", key="my-decision", **GRANT)
    with case.at(dt.timedelta(hours=1)), pytest.raises(Exception, match="rechargez la page") as refused:
        tasks.complete_task(case.user("U-39"), task.id, {"decision_financement": "refuser", "motif_decision": "x"}, "my-decision")
    assert refused.value.status == 422


def test_the_key_of_somebody_else_is_another_key(stage_sqlite):
    case = stage_sqlite("decider_financement")
    case.do("decider_financement", "U-39", key="my-decision", **GRANT)
    case.do("engager", "U-44", key="my-decision", **case.answers("engager"))
    assert len(rows(select(RequestKey).where(RequestKey.key == "my-decision"))) == 2


def test_a_refused_act_leaves_its_key_free(stage):
    """A mistake is corrected and sent again from the same page."""
    case = stage("decider_financement")
    with pytest.raises(Invalid):
        case.do("decider_financement", "U-39", key="my-decision", decision_financement="accorder", montant_accorde=9_999_999)
    assert rows(select(RequestKey).where(RequestKey.key == "my-decision")) == []
    assert case.do("decider_financement", "U-39", key="my-decision", **GRANT).step == "decider_financement"


# ------------------------------------------------------------------ too late
def test_who_comes_second_is_told_who_was_first_and_when(stage):
    case = stage("decider_financement")
    task = case.task("decider_financement")
    case.do("decider_financement", "U-39", **GRANT)
    with case.at(dt.timedelta(minutes=5)), pytest.raises(Conflict) as refused:
        tasks.complete_task(case.user("U-39"), task.id, GRANT, "another-key")
    assert refused.value.code == "already_done"
    assert refused.value.sentence() == f"{case.user('U-39').name} a terminé cette tâche le 12/02/2026 11:00 UTC."


def test_a_task_that_the_procedure_has_withdrawn_says_so(stage):
    """The family withdraws its request while the decision is awaited."""
    case = stage("decider_financement")
    task = case.task("decider_financement")
    case.line({"message": "MSG_RETRAIT", "key_fact": "numero", "with": {"motif_retrait": "renonciation"}})
    with case.at(dt.timedelta(minutes=1)), pytest.raises(Conflict) as refused:
        tasks.complete_task(case.user("U-39"), task.id, GRANT)
    assert refused.value.code == "task_withdrawn"


def test_a_deadline_that_was_due_comes_before_whoever_answers(stage):
    """Nobody looked at the case since a timer closed the opinion: the answer comes too late, and the timer is carried out at once."""
    case = stage("donner_avis")
    task = case.task("donner_avis")
    with case.at(dt.timedelta(days=30)):
        with pytest.raises(Conflict) as refused:
            tasks.complete_task(case.user("U-13"), task.id, {"avis": "favorable", "texte_avis": "Dossier complet."})
        assert refused.value.code in ("task_moved_on", "task_withdrawn")
    assert task.id not in [open_.id for open_ in case.task_rows(Task.closed_at.is_(None))]
    assert "decider_financement" in case.open_steps()


def test_in_a_suspended_case_nothing_is_completed(stage_sqlite):
    case = stage_sqlite("decider_financement")
    case.line({"pause": {"reason": "suspendu"}})
    with pytest.raises(Conflict, match="suspendu"):
        case.do("decider_financement", "U-39", **GRANT)
    case.line({"resume": {}, "at": "+1d"})
    assert case.do("decider_financement", "U-39", **GRANT)


# ------------------------------------------------------------------ bad input
def test_a_field_that_the_step_does_not_declare_is_refused_by_name(stage_sqlite):
    case = stage_sqlite("decider_financement")
    with pytest.raises(Invalid) as refused:
        case.do("decider_financement", "U-39", **GRANT, montant_demande=1)
    assert list(refused.value.errors) == ["montant_demande"]
    assert refused.value.raw["montant_accorde"] == 2_000_000, "what was typed comes back"
    assert case.open_steps() == ["decider_financement", "remettre_effets"]


def test_every_wrong_field_is_told_at_once(stage_sqlite):
    case = stage_sqlite("decider_financement")
    with pytest.raises(Invalid) as refused:
        case.do("decider_financement", "U-39", decision_financement="peut-être", montant_accorde="beaucoup", conditions_accord="x" * 6000)
    assert {"decision_financement", "conditions_accord"} <= set(refused.value.errors)


def test_a_task_that_does_not_exist(stage_sqlite):
    case = stage_sqlite("decider_financement")
    with case.at(dt.timedelta()), pytest.raises(NotFound):
        tasks.complete_task(case.user("U-39"), 987_654, {})


def test_a_wait_is_not_completed_like_a_step(stage_sqlite):
    case = stage_sqlite("attendre_visa")
    wait = one(select(Task).where(Task.case_id == case.case_id, Task.step == "attendre_visa", Task.closed_at.is_(None)))
    with case.at(dt.timedelta()), pytest.raises(NotFound):
        tasks.complete_task(case.user("U-44"), wait.id, {})


# ------------------------------------------------------------------ drafts
def test_a_draft_is_kept_as_typed_for_its_author_alone_until_the_task_is_done(stage):
    case = stage("decider_financement")
    task, actor = case.task("decider_financement"), case.user("U-39")
    typed = {"decision_financement": "accorder", "montant_accorde": "deux millions", "conditions_accord": "  sous réserve"}
    with case.at(dt.timedelta()):
        assignment.save_draft(actor, task.id, {"decision_financement": "refuser"})
        assignment.save_draft(actor, task.id, typed)
    kept = one(select(Draft).where(Draft.task_id == task.id))
    assert (kept.user_id, kept.raw) == (actor.id, typed)
    case.do("decider_financement", "U-39", **GRANT)
    assert rows(select(Draft)) == []


def test_a_draft_is_only_kept_for_a_task_that_one_may_see(stage_sqlite):
    case = stage_sqlite("decider_financement")
    with case.at(dt.timedelta()), pytest.raises(NotFound):
        assignment.save_draft(case.user("U-02"), case.task("decider_financement").id, {"x": 1})


# ------------------------------------------------------------------ claiming
def test_a_task_taken_by_somebody_is_not_taken_twice(stage):
    case = stage("engager")
    task = case.task("engager")
    with case.at(dt.timedelta()):
        assignment.claim(case.user("U-44"), task.id)
        assignment.claim(case.user("U-44"), task.id)
        with pytest.raises(Conflict, match="demandez-lui de la rendre"):
            assignment.claim(case.user("U-45"), task.id)
        with pytest.raises(Forbidden, match="demandez-lui de la rendre"):
            tasks.complete_task(case.user("U-45"), task.id, {})
        assignment.release(case.user("U-44"), task.id)
        assignment.claim(case.user("U-45"), task.id)
    assert [kind for kind, _ in case.history()][-3:] == ["task.claimed", "task.released", "task.claimed"]


def test_a_task_is_handed_over_only_to_somebody_who_may_do_it(stage_sqlite):
    case = stage_sqlite("engager")
    task = case.task("engager")
    with case.at(dt.timedelta()):
        assignment.claim(case.user("U-44"), task.id)
        with pytest.raises(Forbidden, match="ne peut pas faire cette tâche"):
            assignment.assign(case.user("U-44"), task.id, "U-14")
        with pytest.raises(Invalid):
            assignment.assign(case.user("U-44"), task.id, "U-72")
        with pytest.raises(Forbidden, match="superviseur"):
            assignment.assign(case.user("U-45"), task.id, "U-45")
        assignment.assign(case.user("U-46"), task.id, "U-45")
    assert one(select(Task.assignee_id).where(Task.id == task.id)) == case.user("U-45").id


# ------------------------------------------------------------------ a procedure that breaks
def break_state(case) -> None:
    write(update(Case).where(Case.id == case.case_id).values(state=b"no state"))


def test_a_broken_procedure_becomes_an_incident_and_loses_nothing(stage):
    case = stage("decider_financement")
    good = db.session.scalar(select(Case.state).where(Case.id == case.case_id))
    db.session.rollback()
    before = case.row
    break_state(case)
    for _ in range(2):
        with pytest.raises(Broken, match="administrateur est prévenu"):
            case.do("decider_financement", "U-39", key="my-decision", **GRANT)
    incident = one(select(Incident))
    assert (incident.case_id, incident.attempts, incident.resolved_at) == (case.case_id, 2, None)
    assert case.row.history_seq == before.history_seq
    assert case.open_steps() == ["decider_financement", "remettre_effets"]
    write(update(Case).where(Case.id == case.case_id).values(state=good))
    assert case.do("decider_financement", "U-39", key="my-decision", **GRANT)
    assert one(select(Incident)).resolved_at is not None, "an act that succeeds ends the incident"
    assert case.row.incident_at is None


def test_a_broken_case_is_tried_again_more_and_more_patiently(stage_sqlite):
    case = stage_sqlite("decider_financement")
    break_state(case)
    due = one(select(func.min(Task.stage_at)).where(Task.case_id == case.case_id, Task.closed_at.is_(None)))
    moment = due.replace(tzinfo=dt.UTC) if due.tzinfo is None else due
    waits = []
    for _ in range(4):
        with clock.at(moment):
            assert deadlines.due_case_ids(db.session(), moment) == [case.case_id]
            db.session.rollback()
            assert deadlines.fire_due(case.case_id) is False
            assert deadlines.due_case_ids(db.session(), moment) == []
            db.session.rollback()
        waits.append(one(select(Incident)).retry_at - moment)
        moment += waits[-1]
    assert waits == [dt.timedelta(minutes=minutes) for minutes in (5, 10, 20, 40)]
