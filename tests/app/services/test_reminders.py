"""What falls due by itself: who is told and when, and what a supervisor can do about a delay."""

import datetime as dt

import pytest
from sqlalchemy import select, update

from app.db.cases import Case
from app.db.tasks import COMPANION, Task
from app.db.users import RoleGrant
from app.services import clock, tasks
from app.services.errors import Forbidden, Invalid
from tests.app.services.moments import fire, the_task, told
from tests.app.services.staging import one, write

HOUR = dt.timedelta(hours=1)

MAIL, SMS = "mail", "sms"


@pytest.fixture
def case(stage_sqlite):
    """A death was reported at seven; whoever registers it has four hours."""
    return stage_sqlite("enregistrer_deces")


def late_task(case) -> Task | None:
    found = case.task_rows(Task.kind == COMPANION, Task.closed_at.is_(None))
    return found[0] if found else None


def test_half_way_whoever_holds_the_task_is_reminded(case):
    assert fire(case, 2 * HOUR - dt.timedelta(seconds=1)) is False
    assert fire(case, 2 * HOUR) is True
    assert told(case) == [("reminder_50", None, "U-14", MAIL)]
    assert late_task(case) is None


def test_at_four_fifths_the_supervisor_too(case):
    fire(case, 2 * HOUR)
    fire(case, dt.timedelta(hours=3, minutes=12))
    assert told(case)[1:] == [("reminder_80", None, "U-14", MAIL), ("reminder_80", "chef_poste", None, MAIL)]
    assert case.told("reminder_80")[1].recipient_post == "LBV"


def test_at_the_deadline_the_supervisor_gets_a_task_and_the_history_an_entry(case):
    for hours in (2, 3.5, 4):
        fire(case, hours * HOUR)
    assert told(case)[-1] == ("late_100", None, "U-14", MAIL)
    delay = late_task(case)
    assert (delay.step, delay.role, delay.post_code, delay.title) == ("traiter_retard", "chef_poste", "LBV", "Traiter un retard")
    assert delay.subject_id == the_task(case).id
    assert ("task.late", "enregistrer_deces") in case.history()
    assert the_task(case).stage == 100


def test_at_one_and_a_half_the_delegate_general_is_told(case):
    for hours in (2, 3.5, 4, 6):
        fire(case, hours * HOUR)
    assert told(case)[-1] == ("late_150", "delegue_general", None, MAIL)
    assert ("task.overdue", "enregistrer_deces") in case.history()
    assert the_task(case).stage_at is None, "nothing comes after"
    assert fire(case, 100 * HOUR) is False or told(case)[-1][0] == "late_150"


def test_what_was_missed_is_made_up_for_in_order_and_once(stage):
    """Nobody looked at the case for a day."""
    case = stage("enregistrer_deces")
    fire(case, 24 * HOUR)
    assert [kind for kind, *_ in told(case)] == ["reminder_50", "reminder_80", "reminder_80", "late_100", "late_150"]
    before = case.row.history_seq
    assert fire(case, 24 * HOUR) is False
    assert case.row.history_seq == before


def test_a_vital_case_tells_the_duty_officer_by_sms_too(case):
    write(update(Task).where(Task.case_id == case.case_id).values(priority="P1"))
    fire(case, 2 * HOUR)
    assert [channel for *_, channel in told(case)] == [MAIL, SMS]


def test_a_task_that_nobody_took_reminds_its_team(case):
    write(update(Task).where(Task.case_id == case.case_id).values(assignee_id=None))
    fire(case, 2 * HOUR)
    assert told(case) == [("reminder_50", "agent_consulaire", None, MAIL)]


def test_a_task_that_is_done_reminds_nobody_and_ends_the_delay(case):
    fire(case, 4 * HOUR)
    assert late_task(case) is not None
    case.now += 5 * HOUR
    case.do("enregistrer_deces", "U-14", **case.answers("enregistrer_deces"))
    assert late_task(case) is None
    assert case.task_rows(Task.kind == COMPANION)[0].closed_how == "withdrawn"


def test_a_closed_case_is_left_in_peace(stage_sqlite):
    case = stage_sqlite("enregistrer_deces")
    write(update(Case).where(Case.id == case.case_id).values(closed_at=case.now))
    assert fire(case, 24 * HOUR) is False
    assert told(case) == []


@pytest.fixture
def late(stage_sqlite):
    """The registration is four hours and a half old, and late."""
    found = stage_sqlite("enregistrer_deces")
    found.now += 4.5 * HOUR
    fire(found, dt.timedelta())
    return found


def deal(case, by: str, **answers) -> None:
    with clock.at(case.now):
        task = one(select(Task).where(Task.case_id == case.case_id, Task.step == "traiter_retard", Task.closed_at.is_(None)))
        given = {"fait_le_traiter_retard": case.now.isoformat(), "motif_retard": "Ligne coupée.", "observations_traiter_retard": "Vu."}
        tasks.complete_task(case.user(by), task.id, given | answers)


def test_a_supervisor_gives_more_time_with_a_reason(late):
    new = late.now + 10 * HOUR
    deal(late, "U-13", resultat_traiter_retard="prolonge", nouvelle_echeance=new.isoformat())
    task = the_task(late)
    assert (task.due_at, task.extended_to, task.extension_reason) == (new, new, "Ligne coupée.")
    assert (task.stage, late_task(late)) == (0, None)
    moved = late.entry("deadline.moved")["data"]
    assert (moved["to"], moved["why"]) == (new.isoformat(), "extended")
    late.now = task.stage_at
    fire(late, dt.timedelta())
    assert told(late)[-1][0] == "reminder_50", "the pattern begins anew"


@pytest.mark.parametrize("new", [None, "2026-02-09T11:00:00Z"])
def test_more_time_ends_in_the_future(late, new):
    with pytest.raises(Invalid) as refused:
        deal(late, "U-13", resultat_traiter_retard="prolonge", nouvelle_echeance=new)
    assert "nouvelle_echeance" in refused.value.errors


def test_a_supervisor_gives_the_task_to_somebody_else_who_may_do_it(late):
    with pytest.raises(Invalid) as refused:
        deal(late, "U-13", resultat_traiter_retard="reaffecte", nouvel_assigne="U-40")
    assert "ne peut pas faire cette tâche" in str(refused.value.errors["nouvel_assigne"])
    with pytest.raises(Invalid):
        deal(late, "U-13", resultat_traiter_retard="reaffecte")
    officer_at_the_post(late, "U-02")
    deal(late, "U-13", resultat_traiter_retard="reaffecte", nouvel_assigne="U-02")
    assert the_task(late).assignee_id == late.user("U-02").id


def officer_at_the_post(case, code: str) -> None:
    write(update(RoleGrant).where(RoleGrant.user_id == case.user(code).id).values(posts=["LBV"]))


def test_a_supervisor_takes_the_task_over_and_does_it(late):
    deal(late, "U-13", resultat_traiter_retard="repris")
    assert the_task(late).assignee_id == late.user("U-13").id
    with clock.at(late.now):
        tasks.complete_task(late.user("U-13"), the_task(late).id, late.answers("enregistrer_deces"))
    entry = late.entry("task.completed")
    assert (entry["actor"], entry["role"]) == ("U-13", "chef_poste")


def test_the_delay_is_nobody_elses(late):
    with pytest.raises(Forbidden, match="Chef de poste"):
        deal(late, "U-14", resultat_traiter_retard="repris")
