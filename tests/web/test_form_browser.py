"""Forms in a real browser: axe finds nothing, nothing scrolls sideways at 360 px, a choice shows its questions without script."""

import re

import pytest

from app.web import forms
from tests.forms.support import FORMS, first
from tests.support.axe import violations
from tests.web.form_page import context, draw, make_app

SHOWN = ["COR/C1", "COR/C3", "COR/C4", "COR/C6", "COR/C7", "SP/F1", "SP/NAT-B"]
ADDRESS = "http://forms.test/"


@pytest.fixture(scope="module")
def app():
    return make_app()


def open_form(page, app, where, raw, wrong=False):
    """Serve one drawn form, with its style sheet, to the browser."""
    row = first(where)
    form = FORMS[where]
    errors = form.validate(raw, row.facts, context(row).host, row.at, **context(row).validation()).errors if wrong else None
    read = forms.answers(form, row.validate().values, context(row))
    html = draw(app, forms.view(form, raw, context(row), errors), read)
    client = app.test_client()

    def answer(route):
        if route.request.url == ADDRESS:
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            got = client.get(route.request.url.removeprefix(ADDRESS.rstrip("/")))
            route.fulfill(body=got.data, content_type=got.content_type, status=got.status_code)

    page.unroute_all()
    page.route("**/*", answer)
    page.goto(ADDRESS)


@pytest.mark.e2e
@pytest.mark.parametrize("where", SHOWN)
def test_axe_finds_nothing(page, app, where):
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for raw, wrong in ((first(where).answers, False), ({}, True)):
            open_form(page, app, where, raw, wrong)
            assert violations(page) == []


@pytest.mark.e2e
@pytest.mark.parametrize("where", SHOWN)
def test_nothing_scrolls_sideways_on_a_telephone(page, app, where):
    page.set_viewport_size({"width": 360, "height": 740})
    open_form(page, app, where, first(where).answers)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.e2e
def test_a_choice_shows_its_questions_without_script(browser, app):
    context_ = browser.new_context(java_script_enabled=False)
    page = context_.new_page()
    open_form(page, app, "COR/C3", {})
    place = page.get_by_label("Région")
    assert not place.is_visible()
    page.get_by_label("Choix").select_option("rapatriement")
    assert place.is_visible()
    page.get_by_label("Choix").select_option("indecis")
    assert not place.is_visible()
    context_.close()


@pytest.mark.e2e
def test_the_summary_leads_to_the_field(page, app):
    open_form(page, app, "COR/C1", {}, wrong=True)
    page.get_by_role("link", name=re.compile("Lieu du décès")).click()
    assert page.evaluate("document.activeElement.id") == "f-lieu_deces"
