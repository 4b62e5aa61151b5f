"""Whatever a browser, a program or an old draft sends, the form is drawn again and nothing raises."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app.web import forms
from tests.forms.support import FORMS, first
from tests.forms.test_hostile import anything
from tests.web.form_page import Browser, context, draw, make_app

WHERE = ["COR/C1", "COR/C3", "COR/C4", "COR/C6", "COR/C7", "SP/F1", "SP/NAT-B"]
NAMES = sorted(
    {
        f"{prefix}{key}{end}"
        for where in WHERE
        for spec in FORMS[where].fields
        for prefix, key in [
            ("", spec.key),
            *((f"{spec.key}.", p.key) for p in spec.parts),
            *((f"{spec.key}-{n}.", p.key) for p in spec.parts for n in (0, 7, 999)),
        ]
        for end in ("", ".jour", ".heure", ".texte", ".demande", ".aucune", ".fichier")
    }
    | {"ajouter", "retirer", "chercher", "creer", "csrf_token", "x", "", "a.b", "base_calcul-", "base_calcul--1.pu", "\x00", "é"}
)
texts = st.text(max_size=20) | st.sampled_from(
    ["base_calcul", "base_calcul-0", "devis:D-1", "personne:inconnu", "2026", "\ud800"[:0], "true", "P-0010"]
)
posts = st.lists(st.tuples(st.sampled_from(NAMES), texts), max_size=25).map(MultiDict)
relaxed = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def app():
    return make_app()


def drawn(app, where, raw):
    row = first(where)
    form, around = FORMS[where], context(row)
    errors = form.validate(raw, row.facts, around.host, row.at, **around.validation()).errors
    view = forms.view(form, raw, around, errors)
    return view, draw(app, view)


@relaxed
@given(st.sampled_from(WHERE), posts)
def test_anything_posted_is_drawn_again(app, where, posted):
    submitted = forms.read(FORMS[where], posted, ours=frozenset({"x"}))
    _, html = drawn(app, where, forms.press(FORMS[where], submitted))
    Browser(html)


@relaxed
@given(st.sampled_from(WHERE), st.data())
def test_any_draft_is_drawn(app, where, data):
    raw = data.draw(st.dictionaries(st.sampled_from([*FORMS[where].names, "x"]), anything, max_size=4))
    _, html = drawn(app, where, raw)
    Browser(html)


@relaxed
@given(st.sampled_from(WHERE), st.data())
def test_any_stored_answer_is_read(where, data):
    values = data.draw(st.dictionaries(st.sampled_from(FORMS[where].names), anything, max_size=4))
    assert len(forms.answers(FORMS[where], values, context(first(where)))) <= len(values)


def test_what_is_typed_cannot_become_markup(app):
    attack = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'"
    for where in WHERE:
        raw = {spec.key: attack for spec in FORMS[where].fields}
        _, html = drawn(app, where, raw)
        assert "<script" not in html and "<img" not in html
