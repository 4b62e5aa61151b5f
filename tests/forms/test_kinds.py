"""Every kind of question: what people write, what is kept, and what is said when it cannot be read."""

import datetime as dt
import json
from decimal import Decimal

import pytest

from workflows.feel import Host
from workflows.forms import FormDefinition

NOW = dt.datetime(2026, 11, 24, 9, 5, tzinfo=dt.UTC)
KNOWN = {("person", "P-0010"), ("document", "D-1"), ("document", "D-2"), ("place-ml-or-country", "ML-KAY")}
TEXT = {"type": "textfield"}
DATE = {"type": "datetime", "subtype": "date", "dateLabel": "Le jour"}
MOMENT = {"type": "datetime", "subtype": "datetime", "dateLabel": "Le moment"}


def kind(name, type_="textfield", **more):
    return {"type": type_, "properties": {"kind": name}, **more}


def read(component, value, lang="fr", zone="Africa/Abidjan", **more):
    """(value, codes) of one answer; the component gets key and label when it has none."""
    part = {"key": "x", "label": "La question", **component}
    if component["type"] in ("group", "dynamiclist"):
        part["path"] = part.pop("key")
    form = FormDefinition.read(json.dumps({"id": "COR_X", "components": [part]}).encode())
    resolve = lambda name, code: {"id": code} if (name, code) in KNOWN else None  # noqa: E731
    found = form.validate({"x": value}, {}, Host(), NOW, zone=zone, resolve=resolve, lang=lang, **more)
    return found.values["x"], [m.code for messages in found.errors.values() for m in messages], found


def good(component, value, **how):
    out, codes, _ = read(component, value, **how)
    assert codes == []
    return out


def refused(component, value, **how):
    out, codes, found = read(component, value, **how)
    assert out in (None, []) and len(codes) == 1, (out, codes)
    assert next(iter(found.errors.values()))[0].text
    return codes[0]


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
YES_NO = kind("boolean", "radio", valuesExpression="=[]")
TWO_CHOICES = {"type": "radio", "values": [{"label": "Un", "value": "a"}, {"label": "Deux", "value": "b"}]}


@pytest.mark.parametrize(
    ("written", "kept"), [(True, True), (False, False), ("true", True), ("false", False), ("oui", True), ("Non", False), (None, None)]
)
def test_yes_or_no_has_no_default(written, kept):
    assert good(YES_NO, written) is kept


@pytest.mark.parametrize("written", ["peut-être", 1, 0, [True], {"a": True}])
def test_what_is_neither_yes_nor_no(written):
    assert refused(YES_NO, written) == "boolean"


def test_choices():
    assert good(TWO_CHOICES, "b") == "b"
    assert refused(TWO_CHOICES, "c") == refused(TWO_CHOICES, ["a"]) == refused(TWO_CHOICES, 1) == "choice"
    several = {**TWO_CHOICES, "type": "checklist"}
    assert good(several, ["b", "a", "b", ""]) == ["a", "b"]
    assert good(several, "a") == ["a"] and good(several, None) == []
    assert refused(several, ["a", "c"]) == refused(several, [["a"]]) == "choice"
    assert refused(several, {"a": True}) == "shape_list"


# ---------------------------------------------------------------- the world
def test_countries_by_code_or_name_in_both_languages():
    spec = kind("country")
    assert [good(spec, written) for written in ("CI", "ci", "Côte d'Ivoire", "cote d’ivoire")] == ["CI"] * 4
    assert good(spec, "Germany") == good(spec, "Allemagne") == "DE"
    assert refused(spec, "XX") == refused(spec, "EU") == refused(spec, 1) == "country"


@pytest.mark.parametrize(
    ("written", "kept"), [("+223 76 00 12 34", "+22376001234"), ("00223 76001234", "+22376001234"), ("+225 (07).00-00/56", "+22507000056")]
)
def test_phones_in_international_form(written, kept):
    assert good(kind("phone"), written) == kept


@pytest.mark.parametrize("written", ["76 00 12 34", "+0123456789", "+223", "téléphone", "+" + "1" * 16])
def test_what_is_no_phone(written):
    assert refused(kind("phone"), written) == "phone"


def test_records_exist():
    assert good(kind("person"), " P-0010 ") == "P-0010"
    assert refused(kind("person"), "P-9999") == refused(kind("person"), "Traoré") == refused(kind("person"), "A" * 5000) == "reference"
    assert refused(kind("user"), "P-0010") == "reference"
    assert refused(kind("person"), {"id": "P-0010"}) == "shape"
    assert good(kind("place-ml-or-country"), "sénégal") == "SN" and good(kind("place-ml-or-country"), "ML-KAY") == "ML-KAY"


def test_documents_were_received():
    one, many = kind("document", "filepicker"), kind("documents", "filepicker")
    assert good(one, "D-1") == good(one, ["D-1"]) == "D-1"
    assert good(many, ["D-2", "D-1", "D-2"]) == ["D-2", "D-1"] and good(many, None) == []
    assert refused(one, "D-9") == refused(one, ["D-1", "D-2"]) == refused(many, ["D-1", "D-9"]) == "reference_document"
    assert refused(many, {"0": "D-1"}) == "shape_list"


# ---------------------------------------------------------------- groups
FOREIGN = {
    "type": "group",
    "properties": {"kind": "money-foreign"},
    "components": [
        {"key": "montant", "label": "Montant", "type": "number", "decimalDigits": 2, "validate": {"min": 0}},
        {"key": "devise", "label": "Devise", "type": "textfield"},
        {"key": "taux", "label": "Taux", "type": "textfield"},
        {"key": "date_taux", "dateLabel": "Date du taux", "type": "datetime", "subtype": "date"},
        {
            "key": "xof",
            "label": "Contre-valeur",
            "type": "number",
            "readonly": True,
            "properties": {"kind": "money-xof", "value": "money-xof"},
        },
    ],
}


def test_a_sum_in_another_currency_has_its_value_in_francs():
    out = good(FOREIGN, {"montant": "100,50", "devise": "usd", "taux": "601,25", "date_taux": "2026-11-02", "xof": 1})
    assert out == {
        "montant": Decimal("100.50"),
        "devise": "USD",
        "taux": Decimal("601.25"),
        "date_taux": dt.date(2026, 11, 2),
        "xof": 60426,
    }


def test_half_a_franc_counts_as_one():
    assert good(FOREIGN, {"montant": "1", "devise": "USD", "taux": "600,5", "date_taux": "2026-11-02"})["xof"] == 601
    assert good(FOREIGN, {"montant": "1", "devise": "USD", "taux": "600,499999", "date_taux": "2026-11-02"})["xof"] == 600


def test_the_euro_and_the_franc_have_a_fixed_rate():
    out = good(FOREIGN, {"montant": "45", "devise": "EUR"})
    assert (out["taux"], out["xof"], out["date_taux"]) == (Decimal("655.957"), 29518, dt.date(2026, 11, 24))
    assert good(FOREIGN, {"montant": "45", "devise": "FCFA"})["xof"] == 45
    assert refused(FOREIGN, {"montant": "45", "devise": "EUR", "taux": "655"}) == "rate_euro"
    assert refused(FOREIGN, {"montant": "45", "devise": "XOF", "taux": "2"}) == "rate_franc"


@pytest.mark.parametrize(
    ("group", "errors"),
    [
        ({"montant": "10"}, {"x.devise": "required", "x.taux": "required", "x.date_taux": "required"}),
        ({"montant": "10", "devise": "ZZZ", "taux": "1", "date_taux": "2026-11-02"}, {"x.devise": "currency"}),
        ({"montant": "10", "devise": "USD", "taux": "0", "date_taux": "2026-11-02"}, {"x.taux": "number"}),
        ({"montant": 2**53, "devise": "USD", "taux": 2**53, "date_taux": "2026-11-02"}, {"x.montant": "max"}),
        ({"montant": "10", "devise": "USD", "taux": "1", "date_taux": "2026-11-02", "pourboire": 1}, {"x.pourboire": "unknown_field"}),
        ("10 USD", {"x": "shape_group"}),
        ([1], {"x": "shape_group"}),
    ],
)
def test_what_a_group_lacks_is_said_at_its_part(group, errors):
    _, _, found = read(FOREIGN, group)
    assert {path: messages[0].code for path, messages in found.errors.items()} == errors


def test_an_empty_group_is_no_answer():
    assert good(FOREIGN, {"montant": "", "devise": " ", "taux": None, "date_taux": {"jour": "", "mois": "", "annee": ""}}) is None


SIGNATURE = {
    "type": "group",
    "properties": {"kind": "signature"},
    "components": [
        {"key": "nom", "label": "Nom", "type": "textfield"},
        {"key": "horodatage", "label": "Signé le", "type": "textfield", "readonly": True},
        {"key": "support", "label": "Support", "type": "radio", "values": [{"label": "Papier", "value": "papier"}]},
    ],
}


def test_nobody_types_when_a_signature_was_given():
    out = good(SIGNATURE, {"nom": "B. Traoré", "horodatage": "1999-01-01T00:00:00Z", "support": "papier"})
    assert out["horodatage"] == NOW
    assert good(SIGNATURE, {"horodatage": "1999-01-01T00:00:00Z"}) is None


# ---------------------------------------------------------------- tables
ROWS = {
    "type": "dynamiclist",
    "properties": {"kind": "table", "min_items": "2", "max_items": "3", "required": "true"},
    "components": [
        {"key": "nom", "label": "Nom", "type": "textfield", "validate": {"required": True}},
        {"key": "montant", "label": "Montant", "type": "number", "decimalDigits": 0, "properties": {"kind": "money-xof"}},
        {"key": "paye", "label": "Payé", "type": "checkbox", "properties": {"kind": "boolean"}},
    ],
}


def test_rows_have_all_their_columns_and_empty_rows_are_left_out():
    out = good(ROWS, [{"nom": "A", "montant": "1 000"}, {"nom": "", "montant": ""}, {"nom": "B", "paye": "true"}])
    assert out == [{"nom": "A", "montant": 1000, "paye": False}, {"nom": "B", "montant": None, "paye": True}]


def test_errors_keep_the_number_of_their_row():
    _, _, found = read(ROWS, [{}, {"montant": "x"}, {"nom": "B", "autre": 1}, "texte"])
    assert {path: messages[0].code for path, messages in found.errors.items()} == {
        "x.1.montant": "number",
        "x.2.autre": "unknown_field",
        "x.3": "shape_group",
    }
    _, _, found = read(ROWS, [{}, {"montant": "5"}])
    assert {path: messages[0].code for path, messages in found.errors.items()} == {"x.1.nom": "required"}


def test_how_many_rows():
    assert read(ROWS, [])[1] == ["required_rows"]
    assert read(ROWS, [{"nom": "A"}])[1] == ["min_items"]
    assert read(ROWS, [{"nom": "A"}] * 4)[1] == ["max_items"]
    assert refused(ROWS, [{"nom": "A"}] * 1000) == "max_items"
    assert refused(ROWS, "A") == "shape_list"
    own = {**ROWS, "properties": {**ROWS["properties"], "items_message": "Deux témoins au moins."}}
    assert read(own, [{"nom": "A"}])[2].errors["x"][0].text == "Deux témoins au moins."


def test_none_is_an_answer_only_where_the_form_says_so():
    allowed = {**ROWS, "properties": {**ROWS["properties"], "none_allowed": "true"}}
    assert good(allowed, []) == []
    assert read(allowed, None)[1] == ["required_rows_or_none"]
