"""When a step is due, as the ministry's conventions say it: hours day and night, calendar days, working days of the place."""

import dataclasses
import datetime as dt

import pytest

from workflows.calendar import (
    Calendar,
    CalendarError,
    Pause,
    add_working_days,
    due,
    for_priority,
    read_deadline,
    stage,
    thresholds,
    working_days_between,
)
from workflows.working_time import never

from .calendar_places import (
    ABIDJAN,
    ALGIERS,
    BY_CODE,
    CAIRO,
    CENTRAL,
    FRI,
    JEDDAH,
    MON,
    NEW_YORK,
    PARIS,
    POST_HOURS,
    STATION,
    SUN,
    TOKYO,
    WED,
    WEEKEND,
    at,
    day,
    spans,
)

WORKED_EXAMPLES = [  # of the scenarios of a death abroad, of payment, and of others where a calendar matters
    ("enregistrer_deces", "2026-02-09T07:00:00Z", "4 h", "LBV", "2026-02-09T11:00:00Z"),
    ("confirmer_identite", "2026-02-09T08:00:00Z", "24 h", "LBV", "2026-02-10T08:00:00Z"),
    ("annoncer", "2026-02-09T18:00:00Z", "24 h", "ML-CENTRAL", "2026-02-10T18:00:00Z"),
    ("recueillir_volonte", "2026-02-10T10:00:00Z", "48 h", "ML-CENTRAL", "2026-02-12T10:00:00Z"),
    ("rechercher_financement", "2026-02-11T10:00:00Z", "48 h", "LBV", "2026-02-13T10:00:00Z"),
    ("decider_financement", "2026-02-12T11:00:00Z", "4 h", "ML-CENTRAL", "2026-02-12T15:00:00Z"),
    ("delivrer_autorisation", "2026-02-13T09:00:00Z", "1 jo", "LBV", "2026-02-16"),
    ("reserver_transport", "2026-02-16T09:00:00Z", "2 jo", "LBV", "2026-02-18"),
    ("constater_arrivee", "2026-02-18T15:00:00Z", "2 h", "LBV", "2026-02-18T17:00:00Z"),
    ("confirmer_inhumation", "2026-02-18T17:00:00Z", "7 j", "ML-CENTRAL", "2026-02-25"),
    ("enregistrer_deces (Dakar)", "2026-06-01T09:00:00Z", "4 h", "DKR", "2026-06-01T13:00:00Z"),
    ("confirmer_identite (Dakar)", "2026-06-01T10:00:00Z", "24 h", "DKR", "2026-06-02T10:00:00Z"),
    ("concilier_famille", "2026-06-04T08:00:00Z", "3 jo", "ML-CENTRAL", "2026-06-09"),
    ("certifier_service_fait", "2026-03-02T08:00:00Z", "3 jo", "ML-CENTRAL", "2026-03-05"),
    ("liquider", "2026-03-04T09:00:00Z", "3 jo", "ML-CENTRAL", "2026-03-09"),
    ("ordonnancer", "2026-03-06T09:00:00Z", "2 jo", "ML-CENTRAL", "2026-03-10"),
    ("attendre_paiement", "2026-03-09T09:00:00Z", "15 jo", "ABJ", "2026-03-30"),
    ("attendre_paiement (repris)", "2026-03-17T09:00:00Z", "15 jo", "ABJ", "2026-04-07"),
]


@pytest.mark.parametrize(("step", "opened", "text", "place", "expected"), WORKED_EXAMPLES, ids=[e[0] for e in WORKED_EXAMPLES])
def test_worked_examples(step, opened, text, place, expected):
    calendar = BY_CODE[place]
    moment = due(calendar, at(opened), text)
    if "T" in expected:
        assert moment == at(expected)
    else:
        assert calendar.local_day(moment) == day(expected)


# ---------------------------------------------------------------- working days
WORKING_DAYS = [
    # place, opened, deadline, due (UTC)
    (CENTRAL, "2026-02-10T10:00:00Z", "1 jo", "2026-02-11T16:00:00Z"),
    (CENTRAL, "2026-02-10T23:30:00Z", "1 jo", "2026-02-11T16:00:00Z"),  # the hour of opening does not matter
    (CENTRAL, "2026-02-12T10:00:00Z", "1 jo", "2026-02-13T17:30:00Z"),  # a Friday closes at 17:30
    (CENTRAL, "2026-02-13T10:00:00Z", "1 jo", "2026-02-16T16:00:00Z"),  # over the weekend
    (CENTRAL, "2026-02-14T10:00:00Z", "1 jo", "2026-02-16T16:00:00Z"),  # opened on a Saturday
    (CENTRAL, "2026-05-22T10:00:00Z", "2 jo", "2026-05-29T17:30:00Z"),  # 25 May, Tabaski and the day after are off
    (CENTRAL, "2026-12-24T10:00:00Z", "3 jo", "2026-12-30T16:00:00Z"),  # Christmas comes back each year
    (CENTRAL, "2031-12-24T10:00:00Z", "1 jo", "2031-12-26T17:30:00Z"),
    (CENTRAL, "2026-11-27T10:00:00Z", "1 jo", "2026-11-30T12:00:00Z"),  # an afternoon off counts, and closes at noon
    (ALGIERS, "2026-02-12T10:00:00Z", "1 jo", "2026-02-15T15:30:00Z"),  # Thursday -> Sunday; hours of a Monday; UTC+1
    (ALGIERS, "2026-02-11T10:00:00Z", "2 jo", "2026-02-15T15:30:00Z"),
    (JEDDAH, "2026-09-20T10:00:00Z", "2 jo", "2026-09-24T13:30:00Z"),  # 22 and 23 September are off; UTC+3
    (STATION, "2026-02-13T10:00:00Z", "2 jo", "2026-02-15T22:00:00Z"),  # a station works every day
    (PARIS, "2026-03-27T10:00:00Z", "1 jo", "2026-03-30T14:30:00Z"),  # clocks go forward on the 29th: UTC+2
    (PARIS, "2026-10-23T10:00:00Z", "1 jo", "2026-10-26T15:30:00Z"),  # and back on the 25th: UTC+1
    (NEW_YORK, "2026-11-25T15:00:00Z", "1 jo", "2026-11-27T21:30:00Z"),  # Thanksgiving
    (NEW_YORK, "2026-11-25T02:00:00Z", "1 jo", "2026-11-25T21:30:00Z"),  # still Tuesday evening there
    (TOKYO, "2026-11-24T16:00:00Z", "1 jo", "2026-11-26T07:30:00Z"),  # already Wednesday there
]


@pytest.mark.parametrize(("place", "opened", "text", "expected"), WORKING_DAYS)
def test_working_days_end_at_the_closing_hour_of_the_last_one_counted(place, opened, text, expected):
    assert due(place, at(opened), text) == at(expected)


def test_a_holiday_announced_the_day_before_moves_the_deadline_by_a_day():
    opened = at("2026-06-15T10:00:00Z")
    before = due(CENTRAL, opened, "3 jo")
    announced = dataclasses.replace(CENTRAL, days_off={**CENTRAL.days_off, day("2026-06-17"): "whole"})
    assert before == at("2026-06-18T16:00:00Z")
    assert due(announced, opened, "3 jo") == at("2026-06-19T17:30:00Z")
    assert due(announced, opened, "72 h") == due(CENTRAL, opened, "72 h")
    assert due(announced, opened, "3 j") == due(CENTRAL, opened, "3 j")


def test_half_a_day_off_leaves_the_other_half():
    def closing(extent, weekday):
        return dataclasses.replace(CENTRAL, days_off={weekday: extent}).spans(weekday)

    monday, friday = day("2026-06-15"), day("2026-06-19")
    assert closing("morning", monday) == spans("12:00-16:00")
    assert closing("afternoon", monday) == spans("07:30-12:00")
    assert closing("morning", friday) == spans("14:30-17:30")
    assert closing("afternoon", friday) == spans("07:30-12:30")
    assert closing("whole", friday) == ()


def test_half_a_day_off_that_leaves_no_hour_is_a_day_off():
    mornings = Calendar("X", "Africa/Bamako", WEEKEND, {MON: spans("08:00-12:00")}, {day("2026-06-15"): "morning"})
    assert not mornings.works(day("2026-06-15"))
    assert mornings.works(day("2026-06-16"))


# ---------------------------------------------------------------- hours and calendar days
ELAPSED = [
    (PARIS, "2026-03-28T12:00:00Z", "24 h", "2026-03-29T12:00:00Z"),  # 24 real hours, though the clock shows 25
    (CENTRAL, "2026-12-24T20:00:00Z", "4 h", "2026-12-25T00:00:00Z"),  # nights and feasts count
    (CENTRAL, "2026-02-10T10:00:00Z", "7 j", "2026-02-17T23:59:00Z"),
    (NEW_YORK, "2026-02-10T02:00:00Z", "1 j", "2026-02-11T04:59:00Z"),  # opened on the 9th there: until 23:59 of the 10th
    (TOKYO, "2026-02-10T16:00:00Z", "1 j", "2026-02-12T14:59:00Z"),  # opened on the 11th there
    (PARIS, "2026-03-28T12:00:00Z", "1 j", "2026-03-29T21:59:00Z"),
    (CAIRO, "2026-10-28T12:00:00Z", "1 j", "2026-10-29T21:59:00Z"),  # 23:59 comes twice that night: the second one
]


@pytest.mark.parametrize(("place", "opened", "text", "expected"), ELAPSED)
def test_hours_are_elapsed_and_days_end_at_the_place_at_23_59(place, opened, text, expected):
    assert due(place, at(opened), text) == at(expected)


# ---------------------------------------------------------------- pauses
MONDAY = at("2026-06-15T10:00:00Z")


def pause(start, end=None):
    return Pause(at(f"{start}T08:00:00Z"), at(f"{end}T15:00:00Z") if end else None)


PAUSES = [
    # pauses, due day of « 3 jo » opened on Monday 15 June (without pause: Thursday 18)
    ([], "2026-06-18"),
    ([pause("2026-06-16", "2026-06-16")], "2026-06-18"),  # begun and ended on one day: nothing between
    ([pause("2026-06-16", "2026-06-17")], "2026-06-18"),
    ([pause("2026-06-16", "2026-06-18")], "2026-06-19"),  # the 17th stands still
    ([pause("2026-06-15", "2026-06-22")], "2026-06-24"),  # 16 to 21 stand still: 22, 23, 24 count
    ([pause("2026-06-10", "2026-06-17")], "2026-06-19"),  # opened during the pause: only the 16th is taken
    ([pause("2026-06-16", "2026-06-18"), pause("2026-06-16", "2026-06-18")], "2026-06-19"),  # the same days, not twice
    ([pause("2026-06-15", "2026-06-17"), pause("2026-06-17", "2026-06-19")], "2026-06-22"),  # the 17th counts
    ([pause("2026-06-18", "2026-06-22")], "2026-06-18"),  # the last day counts: it is the day when the pause began
    ([pause("2026-06-19", "2026-06-26")], "2026-06-18"),  # after the deadline
    ([pause("2026-06-18")], "2026-06-18"),
    ([pause("2026-06-17")], None),  # still lasting: no due moment
]


@pytest.mark.parametrize(("pauses", "expected"), PAUSES, ids=range(len(PAUSES)))
def test_working_days_stand_still_from_the_day_after_a_pause_began_to_the_day_before_it_ended(pauses, expected):
    moment = due(CENTRAL, MONDAY, "3 jo", pauses)
    assert (None if moment is None else CENTRAL.local_day(moment)) == (None if expected is None else day(expected))


def test_a_holiday_inside_a_pause_is_not_counted_twice():
    opened = at("2026-05-21T10:00:00Z")  # Thursday; Monday 25, Wednesday 27 and Thursday 28 are off
    assert due(CENTRAL, opened, "2 jo") == at("2026-05-26T16:00:00Z")
    assert due(CENTRAL, opened, "2 jo", [pause("2026-05-22", "2026-05-29")]) == at("2026-05-29T17:30:00Z")


def test_hours_and_calendar_days_never_stand_still():
    for text in ("48 h", "7 j"):
        assert due(CENTRAL, MONDAY, text, [pause("2026-06-15", "2026-06-26")]) == due(CENTRAL, MONDAY, text)
        assert due(CENTRAL, MONDAY, text, [pause("2026-06-15")]) == due(CENTRAL, MONDAY, text)


def test_what_if_the_answer_comes_on_thursday():
    open_since = Pause(at("2026-06-15T15:00:00Z"))
    assert due(CENTRAL, MONDAY, "3 jo", [open_since]) is None
    assert due(CENTRAL, MONDAY, "3 jo", [open_since._replace(end=at("2026-06-18T09:00:00Z"))]) == at("2026-06-22T16:00:00Z")


def test_a_pause_cannot_end_before_it_began():
    with pytest.raises(CalendarError, match="avant d'avoir commencé"):
        due(CENTRAL, MONDAY, "3 jo", [pause("2026-06-18", "2026-06-16")])


# ---------------------------------------------------------------- what is written
@pytest.mark.parametrize(("priority", "expected"), [("P1", "4 h"), ("P2", "1 jo"), ("P3", "3 jo"), ("P4", "3 jo")])
def test_a_deadline_by_priority(priority, expected):
    assert for_priority("P1: 4 h; P2: 1 jo; *: 3 jo", priority) == expected
    assert for_priority("2 jo", priority) == "2 jo"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2 jours", "Écrire « 4 h », « 2 jo » ou « 7 j »"),
        ("0 jo", "délai illisible"),
        ("-1 h", "délai illisible"),
        ("", "délai illisible"),
        ("99999 h", "délai illisible"),
        ("P1: 4 h", "aucun délai pour la priorité « P2 »"),
        ("P1: 4 h; P1: 5 h; *: 1 jo", "donné deux fois"),
        ("P1: 4 x; *: 1 jo", "délai illisible"),
        ("P1: 4 h: 5 h; *: 1 jo", "délai illisible"),
    ],
)
def test_a_deadline_that_cannot_be_read_says_what_to_write(text, why):
    with pytest.raises(CalendarError, match=why):
        for_priority(text, "P2")


def test_the_text_of_a_deadline_reads_back():
    assert str(read_deadline(" 12 jo ")) == "12 jo"


# ---------------------------------------------------------------- thresholds
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
