"""Choices, records, groups and tables: what people write, what is kept, and what is said when it cannot be read."""

import datetime as dt
from decimal import Decimal

import pytest

from tests.forms.kinds import NOW, good, kind, read, refused

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
