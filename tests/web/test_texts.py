"""French typography, figures, amounts in words, dates and delays in words."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web import dates, texts, words
from app.web.language import safe_next
from workflows.remaining import Remaining

N, B = "\u202f", "\u00a0"


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("Qui décide pour la famille ?", f"Qui décide pour la famille{N}?"),
        ("« Annoncer le décès » : fait", f"«{N}Annoncer le décès{N}»{B}: fait"),
        ("l'acte d'état civil", "l’acte d’état civil"),
        ("1 837 500 FCFA", f"1{N}837{N}500{B}FCFA"),
        ("16 h 20", f"16{B}h{B}20"),
        ("3 jo, puis 48 h", f"3{B}jo, puis 48{B}h"),
        ("Non ; oui !", f"Non{N}; oui{N}!"),
        ("http://exemple.ml/?a=1", "http://exemple.ml/?a=1"),
        ("né en 1981, devis nº 118", "né en 1981, devis nº 118"),
    ],
)
def test_french_is_typeset(written, printed):
    assert texts.typeset(written) == printed


@given(st.text(alphabet="ab «»;:!?'’ 0123456789hFCA\u202f\u00a0", max_size=40))
def test_typesetting_twice_changes_nothing_more(text):
    once = texts.typeset(text)
    assert texts.typeset(once) == once


@pytest.mark.parametrize(
    ("number", "french", "english"),
    [(0, "0", "0"), (901304460, f"901{N}304{N}460", "901,304,460"), (-250000, f"−250{N}000", "−250,000"), (None, "–", "–")],
)
def test_numbers_are_grouped(number, french, english):
    assert texts.grouped(number) == french
    assert texts.grouped(number, "en") == english


def test_percentages_of_drawings_have_no_needless_decimals():
    assert [texts.pc(n) for n in (0, 50, 49.0964, 1 / 3)] == ["0", "50", "49.096", "0.333"]


def test_sizes_and_initials():
    assert texts.size_words(412_000) == f"412{B}ko"
    assert texts.size_words(1_830_000) == f"1,8{B}Mo"
    assert texts.size_words(1_830_000, "en") == f"1.8{B}MB"
    assert texts.initials("Bakary Traoré") == "B. T."
    assert texts.initials(None) == ""


@pytest.mark.parametrize(
    ("amount", "french"),
    [
        (0, "zéro franc CFA"),
        (1, "un franc CFA"),
        (21, "vingt et un francs CFA"),
        (71, "soixante et onze francs CFA"),
        (80, "quatre-vingts francs CFA"),
        (81, "quatre-vingt-un francs CFA"),
        (91, "quatre-vingt-onze francs CFA"),
        (99, "quatre-vingt-dix-neuf francs CFA"),
        (100, "cent francs CFA"),
        (200, "deux cents francs CFA"),
        (201, "deux cent un francs CFA"),
        (1000, "mille francs CFA"),
        (80_000, "quatre-vingt mille francs CFA"),
        (200_000, "deux cent mille francs CFA"),
        (1_837_500, "un million huit cent trente-sept mille cinq cents francs CFA"),
        (5_000_000, "cinq millions de francs CFA"),
        (200_000_000, "deux cents millions de francs CFA"),
        (901_304_460, "neuf cent un millions trois cent quatre mille quatre cent soixante francs CFA"),
    ],
)
def test_amounts_in_french_words(amount, french):
    assert words.amount_in_words(amount) == french


@pytest.mark.parametrize(
    ("amount", "english"),
    [
        (0, "zero CFA francs"),
        (1, "one CFA franc"),
        (250_000, "two hundred and fifty thousand CFA francs"),
        (1_837_500, "one million, eight hundred and thirty-seven thousand, five hundred CFA francs"),
    ],
)
def test_amounts_in_english_words(amount, english):
    assert words.amount_in_words(amount, "en") == english


@pytest.mark.parametrize("amount", [-1, 10**15])
def test_amounts_that_no_decision_states_are_refused(amount):
    with pytest.raises(ValueError, match="out of range"):
        words.amount_in_words(amount)


NOW = dt.datetime(2026, 11, 24, 11, 40, tzinfo=dt.UTC)
BAMAKO = "Africa/Bamako"


def test_dates_in_words():
    assert dates.long_date(dt.date(2026, 11, 24)) == "mardi 24 novembre 2026"
    assert dates.long_date(dt.date(2026, 12, 1)) == "mardi 1er décembre 2026"
    assert dates.long_date(dt.date(2026, 11, 24), "en") == "Tuesday 24 November 2026"
    assert dates.moment_words(NOW.replace(hour=16, minute=20), NOW, BAMAKO) == f"aujourd’hui, 16{B}h{B}20"
    assert dates.moment_words(NOW.replace(day=28, hour=8), NOW, BAMAKO) == f"28{B}nov., 8{B}h{B}40"
    assert dates.moment_words(NOW.replace(day=28, hour=17, minute=0), NOW, BAMAKO) == f"28{B}nov., 17{B}h"
    assert dates.moment_words(NOW.replace(year=2025), NOW, BAMAKO) == f"24{B}nov.{B}2025, 11{B}h{B}40"


def test_moments_are_those_of_the_reader_s_place():
    assert dates.moment_words(NOW.replace(hour=16), NOW, "Europe/Paris") == f"aujourd’hui, 17{B}h{B}40"


@pytest.mark.parametrize(
    ("left", "due", "state", "text"),
    [
        (Remaining(True, "j", 2), NOW - dt.timedelta(days=2), "late", f"en retard de 2{B}j"),
        (Remaining(True, "h", 0, 3, 0), NOW - dt.timedelta(hours=3), "late", f"en retard de 3{B}h"),
        (Remaining(False, "h", 0, 4, 40), NOW + dt.timedelta(hours=4, minutes=40), "today", f"4{B}h{B}40"),
        (Remaining(False, "jo", 1), NOW + dt.timedelta(days=1), "soon", f"1{B}jo"),
        (Remaining(False, "jo", 3), NOW + dt.timedelta(days=3), "ok", f"3{B}jo"),
        (Remaining(False, "h", 0, 20, 0), NOW + dt.timedelta(hours=20), "soon", f"20{B}h"),
        (Remaining(False, "j", 7), NOW + dt.timedelta(days=7), "ok", f"7{B}j"),
    ],
)
def test_deadlines_speak(left, due, state, text):
    said = dates.deadline_words(left, due, NOW, BAMAKO)
    assert (said.state, said.text) == (state, text)
    assert said.working == (left.unit == "jo")


def test_a_paused_deadline_says_since_when():
    said = dates.paused_words(NOW.replace(day=12), BAMAKO)
    assert (said.state, said.text, said.at) == ("paused", "en pause", f"depuis le 12{B}nov.")


ELSEWHERE = ["//evil.example", "/\\evil.example", "https://evil.example", "///x", "javascript:alert(1)", "/a\nb", "", None]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_where_to_go_next_never_leaves_the_site(target):
    assert safe_next(target) is None


def test_where_to_go_next_keeps_its_question():
    assert safe_next("/taches?tab=mine&q=a%20b") == "/taches?tab=mine&q=a%20b"
