"""Texts, numbers and dates: what people write, what is kept, and what is said when it cannot be read."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.forms.kinds import DATE, MOMENT, TEXT, good, kind, read, refused


# ---------------------------------------------------------------- texts
def test_text_is_cleaned_at_the_edge():
    assert good(TEXT, "  Se\u0301gou\x00\u200b \ud800\n Mopti\t ") == "Ségou\u200b Mopti"
    assert good({"type": "textarea"}, " un\r\ndeux\u2028trois\x07 ") == "un\ndeux\ntrois"
    assert good(TEXT, 12) == "12"


@pytest.mark.parametrize("empty", [None, "", "  ", "\x00", "\n\t", [], {}])
def test_blank_is_no_answer(empty):
    assert good(TEXT, empty) is None


def test_limits_of_texts():
    assert refused({**TEXT, "validate": {"maxLength": 3}}, "abcd") == "too_long"
    assert refused({**TEXT, "validate": {"minLength": 3}}, "ab") == "too_short"
    assert refused(TEXT, "x" * 201) == "too_long"
    assert refused(TEXT, "x" * 100_000) == "too_long"
    assert good({"type": "textarea"}, "x" * 5000) == "x" * 5000
    assert refused({**TEXT, "validate": {"pattern": "^[0-9]{2}$"}}, "a1") == "pattern"
    assert refused(TEXT, {"a": 1}) == refused(TEXT, ["a"]) == refused(TEXT, True) == "shape"


# ---------------------------------------------------------------- numbers
MONEY = kind("money-xof", "number", decimalDigits=0)
WHOLE = {"type": "number", "decimalDigits": 0}
TWO = {"type": "number", "decimalDigits": 2}


@pytest.mark.parametrize(
    "written",
    [
        "250 000",
        "250\u202f000",
        "250\u00a0000",
        "250000",
        250000,
        250000.0,
        "250 000 FCFA",
        "250 000 F",
        "+250000",
        "250 000,00",
        Decimal(250000),
    ],
)
def test_sums_as_people_write_them(written):
    assert good(MONEY, written) == 250_000 and type(good(MONEY, written)) is int


@pytest.mark.parametrize("written", ["250,000", "250.000", "1,5", 1.5])
def test_a_sum_that_one_reader_takes_for_another_is_refused(written):
    assert refused(MONEY, written) == "whole"


@pytest.mark.parametrize(
    "written", ["deux cent", "1e5", "١٢", "0x10", "12-3", "--1", 2**53 + 1, 10**400, float("nan"), float("inf"), "9" * 90, True]
)
def test_what_is_no_number(written):
    assert refused(MONEY, written) == "number"


def test_limits_of_numbers():
    assert refused(MONEY, "-1") == "min"
    assert refused(MONEY, "−1") == "min"
    assert good(WHOLE, "-3") == -3
    assert refused({**WHOLE, "validate": {"min": 1}}, 0) == "min"
    assert refused({**WHOLE, "validate": {"max": 400}}, 401) == "max"
    assert good(TWO, "12,5") == good(TWO, "12.50") == good(TWO, 12.5) == Decimal("12.5")
    assert refused(TWO, "12,345") == "digits"
    assert good(MONEY, 0) == 0


def test_a_message_says_what_to_write():
    _, _, found = read(MONEY, "deux cent mille")
    assert found.errors["x"][0].text == "Écrivez « La question » en chiffres, par exemple 250 000."
    _, _, found = read(MONEY, "x", lang="en", translate=lambda text, context: "Amount")
    assert found.errors["x"][0].text == "Enter “Amount” in figures, for example 250 000."


# ---------------------------------------------------------------- dates
@pytest.mark.parametrize(
    "written",
    [
        "2026-06-15",
        "15/06/2026",
        "15.6.2026",
        "15 6 2026",
        {"jour": "15", "mois": "6", "annee": "2026"},
        {"jour": 15, "mois": "juin", "annee": 2026},
    ],
)
def test_a_day(written):
    assert good(DATE, written) == dt.date(2026, 6, 15)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026-02-30", "date_unreal"),
        ("15/13/2026", "date_unreal"),
        ("hier", "date"),
        ("2026-06", "date"),
        ("81-06-15", "date"),
        ({"jour": "15", "mois": "6", "annee": "81"}, "year"),
        ({"jour": "15", "mois": "", "annee": "2026"}, "date_missing"),
        ({"jour": "", "mois": "6", "annee": "2026"}, "date_missing"),
        ({"jour": "15", "mois": "6", "annee": ""}, "date_missing"),
        ({"jour": "x", "mois": "6", "annee": "2026"}, "date"),
        ({"jour": "15", "mois": "6", "annee": "2026", "heure": "9"}, "shape"),
        (["2026-06-15"], "shape"),
        (20260615, "date"),
    ],
)
def test_what_is_no_day(written, code):
    assert refused(DATE, written) == code


@pytest.mark.parametrize(
    ("written", "zone", "utc"),
    [
        ({"jour": "15", "mois": "6", "annee": "2026", "heure": "16 h 20"}, "Europe/Paris", (14, 20)),
        ({"jour": "15", "mois": "1", "annee": "2026", "heure": "16h"}, "Europe/Paris", (15, 0)),
        ("2026-06-15T16:20", "Africa/Bamako", (16, 20)),
        ("2026-06-15 16:20:30", "Africa/Bamako", (16, 20)),
        ("2026-06-15T16:20:00+02:00", "Africa/Bamako", (14, 20)),
        ("2026-06-15T16:20:00.000Z", "Asia/Riyadh", (16, 20)),
        ("15/06/2026 16:20", "Asia/Riyadh", (13, 20)),
    ],
)
def test_a_moment_is_kept_in_utc(written, zone, utc):
    out = good(MOMENT, written, zone=zone)
    assert (out.hour, out.minute) == utc and out.utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026-06-15", "date_missing"),
        ("2026-06-15T25:00", "time"),
        ("2026-06-15T12:60", "time"),
        ("2026-06-15T12:00+19:00", "time"),
        ("midi", "date"),
        ({"jour": "15", "mois": "6", "annee": "2026", "heure": ""}, "date_missing"),
        ({"jour": "15", "mois": "6", "annee": "2026", "heure": "midi"}, "time"),
    ],
)
def test_what_is_no_moment(written, code):
    assert refused(MOMENT, written) == code


PARTIAL = kind("partial-date")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("1985", "1985"),
        ("1985-06", "1985-06"),
        ("1985-6-5", "1985-06-05"),
        ("06/1985", "1985-06"),
        ("5/6/1985", "1985-06-05"),
        (1985, "1985"),
        ({"jour": "", "mois": "", "annee": "1985"}, "1985"),
        ({"jour": "", "mois": "6", "annee": "1985"}, "1985-06"),
        ({"jour": "5", "mois": "juin", "annee": "1985"}, "1985-06-05"),
    ],
)
def test_as_much_of_a_date_as_is_known(written, kept):
    assert good(PARTIAL, written) == kept


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("vers 1985", "partial_date"),
        ("1985-13", "date_unreal"),
        ("1985-02-30", "date_unreal"),
        ("0085", "year"),
        ({"jour": "5", "mois": "", "annee": "1985"}, "date_missing"),
        ({"jour": "", "mois": "6", "annee": ""}, "date_missing"),
    ],
)
def test_what_is_no_partial_date(written, code):
    assert refused(PARTIAL, written) == code


def test_a_partial_date_with_its_hour():
    spec = kind("partial-date-time")
    assert good(spec, "2026-09") == "2026-09"
    assert good(spec, "2026-09-11T22:00", zone="Europe/Paris") == "2026-09-11T22:00+02:00"
    assert good(spec, {"jour": "11", "mois": "9", "annee": "2026", "heure": "22 h"}) == "2026-09-11T22:00+00:00"
    assert refused(spec, {"jour": "", "mois": "9", "annee": "2026", "heure": "22 h"}) == "date_missing"


# ---------------------------------------------------------------- choices
