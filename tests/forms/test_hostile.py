"""Whatever is sent to a form, the answer is a list of sentences, never an exception; what was sent is kept."""

import copy
import datetime as dt
import json
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workflows.feel import Host
from workflows.forms import FormError
from workflows.forms.definition import FormDefinition

from .support import ALL, FORMS, KINDS, LISTS, SETTINGS, records

NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
NAMES = sorted({key for form in FORMS.values() for spec in form.fields for key in (spec.key, *(part.key for part in spec.parts))})
FACTS = {"reglages": SETTINGS, "date_signalement": NOW, "type_dossier": "COR", "priorite": "P1"}
plain = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True, allow_infinity=True)
    | st.text(st.characters(exclude_categories=()), max_size=40)
    | st.sampled_from(["", " ", "oui", "2026-11-24", "31/02/2026", "1985", "250 000", "1e400", "9" * 400, "\ud800", "a\x00b"])
    | st.sampled_from(["+223 76 00 12 34", "P-0010", "2026-11-24T09:00:00+14:00", "24/11/2026 9 h 30", "EUR", "CI"])
)
names = st.sampled_from([*NAMES, "jour", "mois", "annee", "heure", "", "__class__", "a.b", "\udfff"])
anything = st.recursive(plain, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=5), max_leaves=12)
relaxed = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def validate(form: FormDefinition, raw):
    return form.validate(raw, FACTS, Host(), NOW, zone="Africa/Abidjan", resolve=records(NOW), lists=LISTS, kinds=KINDS)


def check(form: FormDefinition, raw):
    """No exception, nothing changed in place, sentences that can be printed and stored, values that JSON keeps."""
    before = copy.deepcopy(raw)
    result = validate(form, raw)
    assert result.raw is raw
    assert repr(raw) == repr(before)
    for path, messages in result.errors.items():
        for message in messages:
            assert message.text and f"{path}{message.text}".encode() and "\x00" not in f"{path}{message.text}"
    kept = json.loads(json.dumps(form.to_json(result.values), allow_nan=False))
    assert form.from_json(kept) == result.values
    json.dumps(kept, ensure_ascii=False).encode()


@relaxed
@given(st.sampled_from(sorted(FORMS)), anything)
def test_any_json_is_answered(where, raw):
    check(FORMS[where], raw)


@relaxed
@given(st.sampled_from(ALL), st.data())
def test_good_answers_with_some_made_strange(row, data):
    form = FORMS[row.form]
    strange = data.draw(st.dictionaries(st.sampled_from(form.names), anything, min_size=1, max_size=3))
    check(form, {**row.answers, **strange})


@relaxed
@given(st.sampled_from([(w, s.key) for w, f in FORMS.items() for s in f.fields if s.kind == "table"]), st.data())
def test_rows_of_anything(where_key, data):
    where, key = where_key
    columns = [part.key for part in FORMS[where].kinds[key].parts]
    rows = st.lists(st.dictionaries(st.sampled_from(columns), anything, max_size=4) | plain, max_size=4)
    check(FORMS[where], {key: data.draw(rows)})


def deep(n):
    out = []
    for _ in range(n):
        out = [out]
    return out


def deep_groups(n):
    out = {}
    for _ in range(n):
        out = {"region": out}
    return out


@pytest.mark.parametrize(
    "raw",
    [
        {"lieu_inhumation": deep_groups(500)},
        {"lieu_inhumation": {"region": deep(500)}},
        {"participation_famille": 10**400},
        {"participation_famille": -(2**70)},
        {"participation_famille": math.nan},
        {"participation_famille": math.inf},
        {"participation_famille": "9" * 100_000},
        {"rite": "é" * 100_000},
        {"rite": "\ud800" * 10},
        {"decideur": "A" * 10_000},
        {"decideur": {"$ne": None}},
        {"choix_famille": ["rapatriement", "indecis"]},
        {f"x{n}": n for n in range(2_000)},
        {"lieu_inhumation": {f"x{n}": n for n in range(2_000)}},
        deep(500),
        "text",
        None,
        7,
        [],
    ],
    ids=lambda raw: repr(raw)[:30],
)
def test_known_attacks(raw):
    result = validate(FORMS["COR/C3"], raw)
    assert not result.ok
    assert sum(m.code == "unknown_field" for found in result.errors.values() for m in found) <= 20
    assert all(len(m.text) < 400 for found in result.errors.values() for m in found)


def test_a_form_file_that_is_not_one_is_refused_in_french():
    for data in (b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"id": "A", "components": [1]}', b'{"id": "", "components": []}'):
        with pytest.raises(FormError):
            FormDefinition.read(data)


@relaxed
@given(st.dictionaries(st.sampled_from(["id", "components", "type"]), anything | st.lists(anything, max_size=3)))
def test_any_json_as_a_form_file(document):
    try:
        data = json.dumps(document).encode()
    except ValueError:
        return
    try:
        FormDefinition.read(data)
    except FormError as error:
        assert str(error)


@relaxed
@given(
    st.fixed_dictionaries(
        {"key": st.just("a"), "type": st.sampled_from(["textfield", "number", "group", "radio", "datetime", "dynamiclist"])},
        optional={
            "label": anything,
            "validate": anything,
            "properties": anything,
            "values": anything,
            "components": anything,
            "conditional": anything,
            "decimalDigits": anything,
        },
    )
)
def test_any_component_in_a_form_file(component):
    try:
        FormDefinition.read(json.dumps({"id": "COR_X", "components": [component]}).encode())
    except FormError as error:
        assert str(error)
