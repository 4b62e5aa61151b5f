"""Thresholds of reminders, counting between two moments, and calendars that make no sense."""

import dataclasses
import datetime as dt

import pytest

from workflows.calendar import (
    Calendar,
    CalendarError,
    add_working_days,
    due,
    stage,
    thresholds,
    working_days_between,
)
from workflows.working_time import never

from .calendar_places import (
    ABIDJAN,
    ALGIERS,
    CENTRAL,
    FRI,
    MON,
    MONDAY,
    POST_HOURS,
    SUN,
    WED,
    at,
    day,
    pause,
    spans,
)


def test_thresholds_of_hours_are_shares_of_elapsed_time():
    assert thresholds(CENTRAL, at("2026-02-09T20:00:00Z"), "10 h") == {
        50: at("2026-02-10T01:00:00Z"),
        80: at("2026-02-10T04:00:00Z"),
        100: at("2026-02-10T06:00:00Z"),
        150: at("2026-02-10T11:00:00Z"),
    }


def test_thresholds_of_working_days_fall_in_opening_hours():
    moments = thresholds(CENTRAL, at("2026-02-12T16:00:00Z"), "1 jo")  # Friday: 5 h + 3 h
    assert moments == {
        50: at("2026-02-13T11:30:00Z"),
        80: at("2026-02-13T15:54:00Z"),
        100: at("2026-02-13T17:30:00Z"),
        150: at("2026-02-16T11:30:00Z"),
    }


def test_thresholds_move_with_a_pause_and_wait_for_its_end():
    opened = at("2026-06-15T07:30:00Z")
    still = thresholds(CENTRAL, opened, "3 jo", [pause("2026-06-15", "2026-06-18")])
    assert thresholds(CENTRAL, opened, "3 jo")[50] == at("2026-06-16T16:00:00Z")  # 17 of 34 hours
    assert still[50] == at("2026-06-18T15:45:00Z")  # 16 h 45 of 33 h 30: the 16th and 17th stand still, a Friday is shorter
    assert thresholds(CENTRAL, opened, "3 jo", [pause("2026-06-15")]) == {}
    late_pause = thresholds(CENTRAL, opened, "3 jo", [pause("2026-06-18")])
    assert sorted(late_pause) == [50, 80, 100]  # what comes after the pause began is not known


def test_thresholds_of_a_due_moment_that_a_fact_gives():
    opened, limit = at("2026-02-09T00:00:00Z"), at("2026-02-19T00:00:00Z")
    assert thresholds(CENTRAL, opened, limit) == {
        50: at("2026-02-14T00:00:00Z"),
        80: at("2026-02-17T00:00:00Z"),
        100: limit,
        150: at("2026-02-24T00:00:00Z"),
    }
    assert set(thresholds(CENTRAL, limit, opened).values()) == {opened}  # already past at opening: all is due at once


def test_the_stage_is_the_highest_threshold_reached():
    moments = thresholds(CENTRAL, at("2026-02-09T20:00:00Z"), "10 h")
    assert stage(at("2026-02-09T21:00:00Z"), moments) == 0
    assert stage(at("2026-02-10T01:00:00Z"), moments) == 50
    assert stage(at("2026-02-10T05:59:59Z"), moments) == 80
    assert stage(at("2026-02-10T06:00:00Z"), moments) == 100
    assert stage(at("2027-02-10T06:00:00Z"), moments) == 150
    assert stage(at("2027-02-10T06:00:00Z"), {}) == 0


# ---------------------------------------------------------------- counting
def test_counting_working_days():
    assert add_working_days(CENTRAL, day("2026-02-13"), 1) == day("2026-02-16")
    assert add_working_days(CENTRAL, day("2026-02-16"), -1) == day("2026-02-13")
    assert add_working_days(CENTRAL, day("2026-02-14"), 0) == day("2026-02-14")
    assert add_working_days(CENTRAL, at("2026-02-13T09:00:00Z"), 1) == at("2026-02-16T16:00:00Z")
    assert add_working_days(CENTRAL, at("2026-02-13T09:00:00Z"), 0) == at("2026-02-13T17:30:00Z")
    assert add_working_days(CENTRAL, at("2026-02-14T09:00:00Z"), 0) == at("2026-02-16T16:00:00Z")
    assert working_days_between(CENTRAL, day("2026-02-13"), day("2026-02-20")) == 5
    assert working_days_between(CENTRAL, day("2026-02-20"), day("2026-02-13")) == -5
    assert working_days_between(ALGIERS, day("2026-02-12"), day("2026-02-15")) == 1


def test_the_hours_of_a_weekday_that_is_listed_nowhere_are_those_of_the_first_one():
    assert ALGIERS.spans(day("2026-02-15")) == spans("08:30-16:30")
    assert ALGIERS.spans(day("2026-02-13")) == ()


# ---------------------------------------------------------------- calendars that make no sense
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"zone": "Afrique/Bamako"}, "fuseau inconnu"),
        ({"zone": "../../etc/passwd"}, "fuseau inconnu"),
        ({"weekend": frozenset(range(7))}, "aucun jour ouvrable"),
        ({"weekend": frozenset({7})}, "de 0 \\(lundi\\) à 6"),
        ({"hours": {}}, "aucune heure d'ouverture"),
        ({"hours": {MON: ()}}, "aucune heure d'ouverture"),
        ({"hours": {MON: spans("16:00-08:00")}}, "heures d'ouverture"),
        ({"hours": {MON: spans("08:00-12:00", "11:00-15:00")}}, "heures d'ouverture"),
        ({"days_off": {day("2026-01-02"): "night"}}, "jour chômé"),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(change, why):
    with pytest.raises(CalendarError, match=why):
        dataclasses.replace(CENTRAL, **change)


def test_a_calendar_whose_days_are_all_off_is_said_to_have_none_left():
    every_day = frozenset((m, d) for m in range(1, 13) for d in range(1, 32))
    with pytest.raises(CalendarError, match="pas assez de jours ouvrables"):
        due(dataclasses.replace(CENTRAL, yearly=every_day), MONDAY, "1 jo")


def test_the_end_of_time_is_no_crash():
    with pytest.raises(CalendarError):
        due(CENTRAL, at("9999-12-31T10:00:00Z"), "1 jo")
    with pytest.raises(CalendarError):
        due(CENTRAL, at("9999-12-31T10:00:00Z"), "48 h")


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(CalendarError, match="fuseau"):
        thresholds(CENTRAL, MONDAY, dt.datetime(2026, 6, 20, 10))
    with pytest.raises(CalendarError, match="fuseau"):
        due(CENTRAL, dt.datetime(2026, 2, 10, 10), "1 jo")


def test_hours_may_touch_and_are_kept_in_order():
    calendar = Calendar("X", "Africa/Bamako", {SUN}, {WED: spans("12:00-15:00", "08:00-12:00"), FRI: ()})
    assert calendar.hours == {WED: spans("08:00-12:00", "12:00-15:00")}
    assert not never(day("2026-06-15"))
    assert calendar.spans(day("2026-06-15")) == calendar.hours[WED]


def test_the_places_of_the_tests_are_as_in_the_demonstration_data():
    assert ABIDJAN.hours == {weekday: tuple(sorted(s)) for weekday, s in POST_HOURS.items()}
