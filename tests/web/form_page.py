"""A page with nothing but a form on it, and what a browser without script would post from it."""

from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser
from typing import Any

from flask import Flask, render_template_string
from werkzeug.datastructures import MultiDict

from app.config import ROOT
from app.web import filters, forms, language
from tests.forms.support import KINDS, LISTS, Filled, records
from workflows.feel import Host

PAGE = """<!doctype html><html lang="{{ language() }}"><head><meta charset="utf-8"><title>{{ view.title }}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="/static/theme.css"></head><body><main class="wrap"><h1>{{ view.title|typo }}</h1>
{% from 'components/fields.html' import form_fields, summary, default_button with context %}
{% from 'components/answers.html' import answers with context %}
<form method="post" novalidate{% if view.has_files %} enctype="multipart/form-data"{% endif %}>{{ default_button() }}
{{ summary(view) }}{{ form_fields(view) }}<div class="act-bar"><button class="btn btn-primary">Terminer la tâche</button></div></form>
{% if read %}<section><h2>Réponses</h2>{{ answers(read) }}</section>{% endif %}</main>{{ sprite() }}</body></html>"""

PEOPLE = {
    "P-0011": forms.Candidate("P-0011", "Djénéba Kanté", "née en 1981, Kayes"),
    "P-0012": forms.Candidate("P-0012", "Modibo Traoré", "né en 1979, Nioro"),
}


class People:
    """A small register: two persons, two budget lines; documents are shown by their code."""

    def options(self, spec):
        lines = [forms.Candidate("PROT-RAP", "Rapatriement des corps"), forms.Candidate("PROT-JUR", "Protection juridique")]
        return lines if spec.kind == "budget-line" else None

    def search(self, spec, text):
        return [one for one in PEOPLE.values() if text.casefold() in one.label.casefold()]

    def label(self, kind, code):
        return PEOPLE.get(code) or forms.Candidate(code, code)

    def creates(self, spec):
        return spec.kind == "person"


def make_app() -> Flask:
    app = Flask("forms", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "app" / "static"))
    app.config.update(SECRET_KEY="of a test", TESTING=True)
    language.babel.init_app(app, default_locale="fr", locale_selector=language.chosen)
    app.jinja_env.globals.update(_=language.say, n_=language.say_many, language=language.chosen)
    filters.init_app(app)
    return app


def context(row: Filled, **changes: Any) -> forms.FormContext:
    known = {"resolve": records(row.at), "lists": LISTS, "kinds": KINDS, "zone": "Africa/Abidjan", "registers": People()}
    return forms.FormContext(row.facts, Host(), row.at, **{**known, **changes})


def draw(app: Flask, view: forms.FormView, read: list | None = None, lang: str = "fr") -> str:
    with app.test_request_context(headers={"Cookie": f"langue={lang}"}):
        return render_template_string(PAGE, view=view, read=read or [])


class Browser(HTMLParser):
    """Reads a page as a browser without script does: what it would post, which ids and labels there are."""

    def __init__(self, html: str):
        super().__init__()
        self.posted: MultiDict[str, str] = MultiDict()
        self.buttons: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.controls: list[dict[str, str | None]] = []
        self.links: list[str] = []
        self.references: list[str] = []
        self.select: str | None = None
        self.area: str | None = None
        self.area_text = ""
        self.depth_of_label = 0
        self.feed(html)

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        a = dict(pairs)
        if a.get("id"):
            self.ids.append(a["id"] or "")
        self.references += (a.get("aria-describedby") or "").split() + (a.get("aria-labelledby") or "").split()
        if tag == "label":
            self.depth_of_label += 1
            self.labelled.add(a.get("for") or "")
        elif tag == "a":
            self.links.append(a.get("href") or "")
        elif tag == "button" and a.get("name"):
            self.buttons.append((a["name"] or "", a.get("value") or ""))
        elif tag == "select":
            self.select = a.get("name")
            self.controls.append({**a, "inside": str(self.depth_of_label)})
        elif tag == "option" and "selected" in a and self.select:
            self.posted.add(self.select, a.get("value") or "")
        elif tag == "textarea":
            self.area, self.area_text = a.get("name"), ""
            self.controls.append({**a, "inside": str(self.depth_of_label)})
        elif tag == "input":
            self.input(a)

    def input(self, a: dict[str, str | None]) -> None:
        kind = a.get("type") or "text"
        if kind != "hidden":
            self.controls.append({**a, "inside": str(self.depth_of_label)})
        if kind in ("radio", "checkbox") and "checked" not in a:
            return
        if kind != "file":
            self.posted.add(a["name"] or "", a.get("value") or "")

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area_text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "label":
            self.depth_of_label -= 1
        elif tag == "select":
            if self.select and self.select not in self.posted:
                self.posted.add(self.select, "")
            self.select = None
        elif tag == "textarea" and self.area is not None:
            self.posted.add(self.area, self.area_text)
            self.area = None


NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)
