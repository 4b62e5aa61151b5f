"""What is kept between acts to save time is never older than the rows: calendars and settings are found again by their content."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import delete, insert, select, update

from app.db.connections import WRITE
from app.db.posts import CalendarRow, Holiday, Setting
from app.db.tasks import Task
from app.extensions import db
from app.services import calendars, clock, settings, tasks, versions
from benchmarks import workload
from benchmarks.acts import start
from tests.support import cases

MONDAY = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
"""Two working days later is Wednesday the fourth."""


def elsewhere(*statements) -> None:
    """Another process changes rows and commits, while the session of this one lives on."""
    with db.engine.connect().execution_options(**WRITE) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def day_off(day: dt.date):
    return insert(Holiday).values(calendar_code=cases.POST, day=day, label="Annoncé", changed_at=MONDAY)


def due_of(task_id: int) -> dt.datetime:
    found = db.session.scalar(select(Task.due_at).where(Task.id == task_id))
    db.session.remove()
    return found


def after_the_first_step(key: str) -> int:
    """The task that follows the first step, opened on Monday."""
    with clock.at(MONDAY):
        actor = cases.officer()
        task_id = start(actor, key).task_id
        db.session.remove()
        return tasks.complete_task(actor, task_id, workload.answers("recevoir", 1)).next_task_id


def test_a_day_off_that_another_process_adds_counts_at_the_next_act(measured):
    assert due_of(after_the_first_step("before-the-day")).date() == dt.date(2026, 3, 4)
    elsewhere(day_off(dt.date(2026, 3, 3)))
    assert due_of(after_the_first_step("after-the-day")).date() == dt.date(2026, 3, 5)
    elsewhere(delete(Holiday).where(Holiday.day == dt.date(2026, 3, 3)))
    assert due_of(after_the_first_step("without-it")).date() == dt.date(2026, 3, 4)


def test_what_a_page_read_before_the_lock_does_not_count_under_it(measured):
    """The same session reads the calendar, the day is announced, the act comes: it counts the day."""
    with clock.at(MONDAY):
        actor = cases.officer()
        task_id = start(actor, "page-then-act").task_id
        db.session.remove()
        calendars.of_place(db.session(), cases.POST)
        db.session.rollback()
        elsewhere(day_off(dt.date(2026, 3, 3)))
        following = tasks.complete_task(actor, task_id, workload.answers("recevoir", 1)).next_task_id
    assert due_of(following).date() == dt.date(2026, 3, 5)


def test_other_opening_hours_count_at_once(measured):
    late = {str(day): [["08:00", "18:00"]] for day in range(5)}
    elsewhere(update(CalendarRow).where(CalendarRow.code == cases.POST).values(hours=late))
    assert due_of(after_the_first_step("other-hours")).hour == 18


def test_a_setting_counts_at_the_next_act(measured):
    case_type = versions.current(db.session(), workload.CODE)
    name = next(name for name, value in case_type.settings.items() if isinstance(value, int) and not isinstance(value, bool))
    assert settings.reglages(db.session(), case_type)[name] == case_type.settings[name]
    db.session.remove()
    elsewhere(insert(Setting).values(name=name, value=123_456, changed_at=MONDAY))
    assert settings.reglages(db.session(), case_type)[name] == 123_456
    db.session.remove()
    elsewhere(update(Setting).where(Setting.name == name).values(value=7))
    assert settings.reglages(db.session(), case_type)[name] == 7


@pytest.mark.parametrize("place", ["CENTRAL", "STATIONS", "ABJ", "PAR", "RUH", "nowhere"])
def test_a_place_reads_the_same_alone_and_beside_another(measured, place):
    """The calendars of Bamako and of the stations come along with any other."""
    alone = calendars.of_place(db.session(), place), calendars.zone_of(db.session(), place), calendars.code_of(db.session(), place)
    db.session.remove()
    calendars.of_place(db.session(), "LBV")
    beside = calendars.of_place(db.session(), place), calendars.zone_of(db.session(), place), calendars.code_of(db.session(), place)
    assert beside == alone
    assert calendars.load(db.session(), alone[2]) == alone[0]
