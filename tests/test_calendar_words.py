"""Time left and delay in words, and the functions that expressions call."""

import datetime as dt

import pytest

from workflows.calendar import due, remaining
from workflows.feel import FeelError, Host, lower
from workflows.feel.check import Checker, Type
from workflows.feel_calendar import functions

from .calendar_places import ALGIERS, CENTRAL, PARIS, at, day

LEFT = [
    # now, due, unit, French, English
    ("2026-02-10T10:00:00Z", "2026-02-13T17:30:00Z", "jo", "3 jo", "3 working days"),
    ("2026-02-13T10:00:00Z", "2026-02-16T16:00:00Z", "jo", "1 jo", "1 working day"),
    ("2026-02-16T11:20:00Z", "2026-02-16T16:00:00Z", "jo", "4 h 40", "4 h 40"),
    ("2026-02-16T17:00:00Z", "2026-02-16T16:00:00Z", "jo", "en retard de 1 h", "1 h late"),
    ("2026-02-15T12:00:00Z", "2026-02-13T17:30:00Z", "jo", "en retard de 42 h 30", "42 h 30 late"),  # no working day since
    ("2026-02-18T09:00:00Z", "2026-02-16T16:00:00Z", "jo", "en retard de 2 jo", "2 working days late"),
    ("2026-02-10T10:00:00Z", "2026-02-17T23:59:00Z", "j", "7 j", "7 days"),
    ("2026-02-17T10:00:00Z", "2026-02-17T23:59:00Z", "j", "13 h 59", "13 h 59"),
    ("2026-02-19T10:00:00Z", "2026-02-17T23:59:00Z", "j", "en retard de 2 j", "2 days late"),
    ("2026-02-10T10:00:00Z", "2026-02-10T14:40:00Z", "h", "4 h 40", "4 h 40"),
    ("2026-02-10T10:00:00Z", "2026-02-10T14:00:00Z", "h", "4 h", "4 h"),
    ("2026-02-10T10:00:00Z", "2026-02-10T10:25:30Z", "h", "25 min", "25 min"),
    ("2026-02-10T10:00:00Z", "2026-02-10T10:00:20Z", "h", "1 min", "1 min"),
    ("2026-02-10T10:00:00Z", "2026-02-15T12:00:00Z", "h", "5 j", "5 days"),
    ("2026-02-12T10:00:00Z", "2026-02-10T10:00:00Z", "h", "en retard de 2 j", "2 days late"),
]


@pytest.mark.parametrize(("now", "moment", "unit", "french", "english"), LEFT)
def test_time_left_in_words(now, moment, unit, french, english):
    left = remaining(CENTRAL, at(now), at(moment), unit)
    assert left.text() == french
    assert left.text("en") == english
    assert left.late == french.startswith("en retard")


def test_days_left_are_those_of_the_place():
    now, moment = at("2026-02-12T10:00:00Z"), due(ALGIERS, at("2026-02-12T10:00:00Z"), "2 jo")
    assert remaining(ALGIERS, now, moment, "jo").text() == "2 jo"
    assert remaining(CENTRAL, now, moment, "jo").text() == "2 jo"  # Friday and Monday there, Sunday and Monday in Algiers
    assert remaining(CENTRAL, now, at("2026-02-15T15:30:00Z"), "jo").text() == "1 jo"


# ---------------------------------------------------------------- in expressions
def ask(source, calendar=CENTRAL, **facts):
    host = Host(functions(calendar), now=lambda: at("2026-02-13T09:00:00Z").astimezone(calendar.tz))
    return lower(host.evaluate(source, facts))


EXPRESSIONS = [
    ("échéance ouvrable(now(), 1)", at("2026-02-16T16:00:00Z")),
    ("échéance ouvrable(jours: 1, depuis: now())", at("2026-02-16T16:00:00Z")),
    ("échéance ouvrable(today(), 1)", day("2026-02-16")),
    ("échéance ouvrable(date(\"2026-02-16\"), -1)", day("2026-02-13")),
    ("jours ouvrables entre(today(), date(\"2026-02-20\"))", 5),
    ("jours ouvrables entre(now(), date(\"2026-02-20\")) > 4", True),
    ("jour ouvrable(date(\"2026-05-25\"))", False),
    ("fin de journée(today())", at("2026-02-13T23:59:00Z")),
    ("fin de journée(décès + @\"P7D\")", at("2026-02-15T23:59:00Z")),
]


@pytest.mark.parametrize(("source", "expected"), EXPRESSIONS)
def test_functions_of_expressions(source, expected):
    assert ask(source, décès=day("2026-02-08")) == expected


def test_moments_come_back_with_the_clock_of_the_place():
    assert ask("échéance ouvrable(now(), 1)", PARIS) == at("2026-02-16T15:30:00Z")
    assert ask("échéance ouvrable(now(), 1).hour", PARIS) == 16
    assert ask("fin de journée(today()).hour", PARIS) == 23


REFUSED = [
    ("échéance ouvrable(now(), 1.5)", "nombre entier"),
    ("échéance ouvrable(now(), 100000)", "5 000 au plus"),
    ("échéance ouvrable(date and time(\"2026-02-13T09:00:00\"), 1)", "pas de fuseau"),
    ("échéance ouvrable(\"2026-02-13\", 1)", "attend une date"),
    ("échéance ouvrable(date(\"9999-12-31\"), 1)", "pas assez de jours ouvrables"),
    ("échéance ouvrée(now(), 1)", "Vouliez-vous « échéance ouvrable »"),
]


@pytest.mark.parametrize(("source", "why"), REFUSED)
def test_what_a_function_refuses_is_said_in_french(source, why):
    with pytest.raises(FeelError, match=why):
        ask(source)


def test_the_checker_knows_them():
    checker = Checker({"limite": Type("date and time")}, functions(CENTRAL))
    assert checker.expression("échéance ouvrable(now(), 3) < limite", "boolean") == []
    assert "nombre" in checker.expression("échéance ouvrable(now(), \"3\") < limite", "boolean")[0].message


def test_the_result_is_aware():
    assert ask("échéance ouvrable(now(), 1)").utcoffset() == dt.timedelta(0)
