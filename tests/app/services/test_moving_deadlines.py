"""How deadlines move: holidays, pauses, facts, priorities."""

import datetime as dt
import json

import pytest
from sqlalchemy import select

from app.db.history import HistoryEntry
from app.db.posts import Holiday
from app.db.timers import Timer
from app.services import admin_calendars, clock, corrections, suspension
from app.services.errors import Forbidden, Invalid
from tests.app.services.moments import fire, the_task
from tests.app.services.staging import one, rows

HOUR = dt.timedelta(hours=1)


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
    why = f"calendar:{opinion.calendar_code}"
    assert traced(case, "donner_avis") == [(why, local["due"].isoformat(), moved.due_at.isoformat())]
    assert [line[0] for line in traced(case, "sans_avis")] == [why], "and so does what the procedure does without the opinion"
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


def test_a_task_that_waits_holds_the_timer_at_its_border_and_no_other(stage):
    """Who gives the opinion waits for a paper from Wednesday to Monday: the procedure does not go on without the opinion meanwhile, and
    what follows is counted from then on. (domain: conventions §3)"""
    case = stage("donner_avis", FAR)
    opinion, timers = the_task(case, "donner_avis"), due_by_element(case)
    holder = case.user("U-01")
    with clock.at(case.now):
        suspension.wait(holder, opinion.id, "attente_complement", "Le certificat manque.")
    assert due_by_element(case) == timers | {"sans_avis": None}
    monday = (case.now + dt.timedelta(days=5)).replace(hour=9)
    fire(case, monday - case.now)
    assert "donner_avis" in case.open_steps(), "it stands still"
    with clock.at(monday):
        suspension.go_on(holder, opinion.id)
    moved = due_by_element(case)
    still = working_days(case.now, monday - dt.timedelta(days=1))
    assert working_days(timers["sans_avis"], moved["sans_avis"]) == still > 0
    assert moved == timers | {"sans_avis": moved["sans_avis"]}
    assert traced(case, "sans_avis") == [
        ("task.paused", timers["sans_avis"].isoformat(), None),
        ("task.resumed", None, moved["sans_avis"].isoformat()),
    ]
    fire(case, moved["sans_avis"] - case.now + HOUR)
    assert "decider_financement" in case.open_steps()


def traced(case, element: str) -> list[tuple[str, str | None, str | None]]:
    """(why, from, to) of the moves of a deadline, the oldest first."""
    where = (HistoryEntry.case_id == case.case_id, HistoryEntry.kind == "deadline.moved", HistoryEntry.element == element)
    data = [json.loads(text)["data"] for text in rows(select(HistoryEntry.entry).where(*where).order_by(HistoryEntry.seq))]
    return [(moved["why"], moved["from"], moved["to"]) for moved in data]
