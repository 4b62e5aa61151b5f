"""When a step is due, as the ministry's conventions say it: hours day and night, calendar days, working days of the place."""

import dataclasses

import pytest

from workflows.calendar import (
    Calendar,
    CalendarError,
    Pause,
    due,
    for_priority,
    read_deadline,
)

from .calendar_places import (
    ALGIERS,
    BY_CODE,
    CAIRO,
    CENTRAL,
    JEDDAH,
    MON,
    MONDAY,
    NEW_YORK,
    PARIS,
    STATION,
    TOKYO,
    WEEKEND,
    at,
    day,
    pause,
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
