"""What falls due by itself: who is told and when, what a supervisor can do about a delay, and how deadlines move."""

import datetime as dt

import pytest
from sqlalchemy import func, select, update

from app.db.cases import Case
from app.db.history import HistoryEntry
from app.db.outbox import Notification
from app.db.posts import Holiday
from app.db.tasks import COMPANION, Task
from app.db.timers import Timer
from app.db.users import RoleGrant, User
from app.extensions import db
from app.services import admin_calendars, clock, corrections, deadlines, suspension, tasks
from app.services.actor import SYSTEM
from app.services.errors import Forbidden, Invalid
from tests.app.services.money import asked_of, money_now
from tests.app.services.staging import one, rows, write

HOUR = dt.timedelta(hours=1)
MAIL, SMS = "mail", "sms"


@pytest.fixture
def case(stage):
    """A death was reported at seven; whoever registers it has four hours."""
    return stage("enregistrer_deces")


def fire(case, after: dt.timedelta) -> bool:
    """Time goes on, and what is due is carried out."""
    with case.at(after):
        return deadlines.fire_due(case.case_id)


def told(case) -> list[tuple[str, str | None, str | None, str]]:
    """(kind, role, person, channel) of the messages about deadlines, the oldest first."""
    kinds = ("reminder_50", "reminder_80", "late_100", "late_150")
    query = select(Notification).where(Notification.case_id == case.case_id, Notification.kind.in_(kinds)).order_by(Notification.id)
    return [(note.kind, note.recipient_role, person(note.recipient_id), note.channel) for note in rows(query)]


def person(user_id: int | None) -> str | None:
    return one(select(User.code).where(User.id == user_id)) if user_id else None


def the_task(case, step: str = "enregistrer_deces") -> Task:
    return one(select(Task).where(Task.case_id == case.case_id, Task.step == step, Task.closed_at.is_(None)))


def late_task(case) -> Task | None:
    found = case.task_rows(Task.kind == COMPANION, Task.closed_at.is_(None))
    return found[0] if found else None


# ------------------------------------------------------------------ the standard pattern
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


def test_what_was_missed_is_made_up_for_in_order_and_once(case):
    """Nobody looked at the case for a day."""
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


# ------------------------------------------------------------------ dealing with a delay
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


# ------------------------------------------------------------------ deadlines move
def test_a_holiday_announced_the_day_before_moves_what_is_open_and_is_traced(stage):
    """A working day less at the post: what is due there moves by one; what is due in Bamako does not."""
    case = stage("donner_avis")
    opinion, belongings = the_task(case, "donner_avis"), the_task(case, "remettre_effets")
    local = {"post": "LBV", "due": opinion.due_at}
    with clock.at(case.now):
        day = {"day": "2026-02-13", "label": "Deuil national", "extent": "whole"}
        admin_calendars.add_day(case.user("U-69"), opinion.calendar_code, day)
    moved = the_task(case, "donner_avis")
    assert moved.due_at - local["due"] == dt.timedelta(days=1)
    assert the_task(case, "remettre_effets").due_at == belongings.due_at, "calendar days do not move"
    entry = case.entry("deadline.moved")
    assert (entry["element"], entry["data"]["why"]) == ("donner_avis", f"calendar:{opinion.calendar_code}")
    assert moved.stage_at > opinion.stage_at, "reminders not yet sent move too"


def test_a_day_that_was_announced_by_mistake_moves_it_back(stage_sqlite):
    case = stage_sqlite("donner_avis")
    before = the_task(case, "donner_avis")
    with clock.at(case.now):
        admin = case.user("U-69")
        admin_calendars.add_day(admin, before.calendar_code, {"day": "2026-02-13", "label": "Deuil", "extent": "whole"})
        day = one(select(Holiday).where(Holiday.calendar_code == before.calendar_code, Holiday.day == dt.date(2026, 2, 13)))
        admin_calendars.remove_day(admin, before.calendar_code, day.id)
    after = the_task(case, "donner_avis")
    assert (after.due_at, after.stage_at) == (before.due_at, before.stage_at)


FAR = "refus-puis-collecte"
"""The same case with a morgue that keeps the body until the end of March, in priority P2."""


def test_a_pause_stops_working_days_and_nothing_else(stage):
    """Suspended on a Wednesday, resumed on the Monday after: Thursday and Friday stood still. (domain: conventions §3)"""
    case = stage("decider_financement", FAR)
    decision, belongings = the_task(case, "decider_financement"), the_task(case, "remettre_effets")
    status = case.row.status
    with clock.at(case.now):
        suspension.suspend(case.user("U-36"), case.case_id, "Enquête en cours au parquet.")
    assert (case.row.status, case.row.suspended_at) == ("suspendu", case.now)
    assert the_task(case, "decider_financement").due_at.year == 9999, "while it lasts it has no end"
    with case.at(dt.timedelta(days=5)):
        suspension.resume(case.user("U-36"), case.case_id)
    still = working_days(case.now, case.now + dt.timedelta(days=4))
    assert still > 0
    assert working_days(decision.due_at, the_task(case, "decider_financement").due_at) == still, "as many as stood still"
    assert the_task(case, "remettre_effets").due_at == belongings.due_at, "calendar days do not stop"
    assert (case.row.status, case.row.suspended_at) == (status, None)
    assert case.entry("case.suspended")["data"]["reason"] == "Enquête en cours au parquet."
    assert case.entry("case.resumed")["data"]["moved"] == 1


def working_days(start: dt.datetime, end: dt.datetime) -> int:
    """Mondays to Fridays after the day of `start` up to that of `end`."""
    days = (start.date() + dt.timedelta(days=number) for number in range(1, (end.date() - start.date()).days + 1))
    return sum(day.weekday() < 5 for day in days)


def test_in_a_pause_a_timer_in_working_days_stands_still_too(stage_sqlite):
    """Without an opinion the procedure goes on after a working day; not while the case is suspended."""
    case = stage_sqlite("donner_avis", FAR)
    with clock.at(case.now):
        suspension.suspend(case.user("U-36"), case.case_id, "Enquête.")
    assert due_by_element(case)["sans_avis"] is None
    monday = (case.now + dt.timedelta(days=7 - case.now.weekday())).replace(hour=9)
    fire(case, monday - case.now)
    assert "donner_avis" in case.open_steps()
    with clock.at(monday):
        suspension.resume(case.user("U-36"), case.case_id)
    fire(case, monday - case.now + HOUR)
    assert "donner_avis" in case.open_steps()
    fire(case, monday - case.now + 12 * HOUR)
    assert "decider_financement" in case.open_steps(), "the opinion is absent, the decision is asked for"


def test_who_does_not_decide_on_a_case_does_not_suspend_it(stage_sqlite):
    case = stage_sqlite("donner_avis")
    with clock.at(case.now):
        for code in ("U-14", "U-32"):
            with pytest.raises(Forbidden, match="Seul un superviseur"):
                suspension.suspend(case.user(code), case.case_id, "Non.")
        with pytest.raises(Invalid):
            suspension.suspend(case.user("U-36"), case.case_id, "  ")


def test_the_limit_of_the_morgue_never_pauses_and_moves_all_that_follows_it(stage):
    """The morgue keeps the body a week longer: every timer and every deadline that follows the limit moves by a week."""
    case = stage("decider_financement")
    before = due_by_element(case)
    limit = case.fact("limite_morgue")
    with clock.at(case.now):
        corrections.correct(case.user("U-36"), case.case_id, {"limite_morgue": limit + dt.timedelta(days=7)}, "Prolongation accordée.")
    after = due_by_element(case)
    week = dt.timedelta(days=7)
    following = {element for element, at in before.items() if at is not None and after.get(element) == at + week}
    assert following, "some timers follow the limit"
    assert all(after[element] == at for element, at in before.items() if element not in following), "the others stay"
    assert case.row.due_at == limit + week


def due_by_element(case) -> dict[str, dt.datetime | None]:
    return {timer.element: timer.due_at for timer in rows(select(Timer).where(Timer.case_id == case.case_id))}


def test_a_priority_that_rises_shortens_what_is_open(stage_sqlite):
    """P2 instead of P3: the opinion has a day instead of three."""
    case = stage_sqlite("donner_avis")
    before = the_task(case, "donner_avis")
    with clock.at(case.now):
        corrections.correct(case.user("U-36"), case.case_id, {"priorite": "P2"}, "Limite proche.")
    after = the_task(case, "donner_avis")
    assert after.due_at < before.due_at
    assert (after.priority, case.row.priority) == ("P2", "P2")


def test_a_task_that_waits_for_somebody_outside_stands_still_alone(stage_sqlite):
    case = stage_sqlite("engager", "recours-admis")
    before, other = the_task(case, "engager"), the_task(case, "remettre_effets")
    with clock.at(case.now):
        suspension.wait(case.user("U-44"), before.id, "attente_externe", "La banque doit répondre.")
    with case.at(dt.timedelta(days=5)):
        suspension.go_on(case.user("U-44"), before.id)
    assert the_task(case, "engager").due_at > before.due_at
    assert the_task(case, "remettre_effets").due_at == other.due_at


# ------------------------------------------------------------------ never approve, refuse or pay
STEPS = ("donner_avis", "decider_financement", "engager", "attendre_visa", "certifier_service_fait", "ordonnancer", "payer_localement")


@pytest.mark.parametrize("step", STEPS)
def test_time_alone_never_grants_refuses_or_pays(stage_sqlite, step):
    """Half a year passes and nobody does anything: people are told, and no amount, no approver, no decision changes."""
    case = stage_sqlite(step)
    before, approver, state = money_now(), asked_of(case).approver_id, asked_of(case).state
    known = {name: case.fact(name) for name in ("decision_financement", "montant_accorde", "resultat", "issue")}
    moment = case.now
    while moment < case.now + dt.timedelta(days=180):
        due = next_due(case)
        moment = max(moment, due or moment + dt.timedelta(days=180))
        with clock.at(moment):
            deadlines.fire_due(case.case_id)
    assert money_now() == before
    assert (asked_of(case).approver_id, asked_of(case).state) == (approver, state)
    assert {name: case.fact(name) for name in known} == known
    assert case.row.closed_at is None
    assert all(task.closed_how == "withdrawn" for task in case.task_rows(Task.closed_at > case.now))


def next_due(case) -> dt.datetime | None:
    timers = select(func.min(Timer.due_at)).where(Timer.case_id == case.case_id)
    stages = select(func.min(Task.stage_at)).where(Task.case_id == case.case_id, Task.closed_at.is_(None))
    found = [db.session.scalar(query) for query in (timers, stages)]
    db.session.rollback()
    return min((at if at.tzinfo else at.replace(tzinfo=dt.UTC) for at in found if at is not None), default=None)


def test_only_people_are_named_where_money_moved(stage_sqlite):
    """In a whole case the system never signs an act that moves money."""
    case = stage_sqlite("proposer_cloture")
    query = select(HistoryEntry).where(HistoryEntry.case_id == case.case_id, HistoryEntry.kind.like("%.%"))
    money = [entry for entry in rows(query) if entry.kind.startswith(("funding.", "payment."))]
    kinds = {"funding.reserved", "funding.committed", "payment.liquidated", "payment.ordered", "payment.paid"}
    assert {entry.kind for entry in money} >= kinds
    by_system = {entry.kind for entry in money if entry.actor_id is None}
    assert by_system <= {"funding.visa"}, "the visa came as a message of the financial controller"
    assert SYSTEM.id is None
