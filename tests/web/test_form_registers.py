"""Registers, documents and words of a form's page: searched, chosen, received, said in the reader's language."""

import io

import pytest
from werkzeug.datastructures import FileStorage, MultiDict

from app.web import forms
from tests.forms.support import ALL, FORMS, Filled, first
from tests.web.form_page import NOW, PEOPLE, Browser, context, draw, make_app
from workflows.forms import FormDefinition

IDS = [row.where for row in ALL]
EMPTY = {where: Filled(where, where, NOW, dict(ALL[0].facts), {}) for where in FORMS}


@pytest.fixture(scope="module")
def app():
    return make_app()


def shown(app, row, raw, errors=None, lang="fr", **changes):
    form = FORMS[row.form]
    view = forms.view(form, raw, context(row, lang=lang, **changes), errors)
    return view, draw(app, view, lang=lang)


def test_what_the_page_hides_is_dropped_by_the_server():
    row = first("COR/C3")
    kept = row.validate({"choix_famille": "inhumation_locale"})
    assert kept.ok and kept.values["lieu_inhumation"] is None and "lieu_inhumation" in kept.hidden


# ---------------------------------------------------------------- records and files
def test_a_person_is_searched_chosen_and_changed(app):
    form, row = FORMS["COR/C3"], EMPTY["COR/C3"]
    known = {"resolve": lambda kind, code: {"id": code} if code in PEOPLE else None}
    _, html = shown(app, row, {"decideur": "Traoré"}, **known)
    page = Browser(html)
    assert ("chercher", "decideur") in page.buttons and ("creer", "decideur") in page.buttons
    assert 'name="decideur" value="P-0012"' in html and "né en 1979, Nioro" in html
    assert page.posted.get("decideur") is None and page.posted["decideur.texte"] == "Traoré"
    chosen = forms.read(form, MultiDict([*page.posted.items(multi=True), ("decideur", "P-0012")])).raw
    assert chosen["decideur"] == "P-0012"
    _, html = shown(app, row, chosen, **known)
    page = Browser(html)
    assert "Modibo Traoré" in html and page.posted["decideur"] == "P-0012"
    pressed = forms.read(form, MultiDict([*page.posted.items(multi=True), ("retirer", "decideur")]))
    assert forms.press(form, pressed)["decideur"] is None


def test_somebody_whose_name_nobody_knows(app):
    _, html = shown(app, EMPTY["COR/C1"], {})
    page = Browser(html)
    assert ("creer", "personne") in page.buttons and ("creer", "personne:inconnu") in page.buttons
    submitted = forms.read(FORMS["COR/C1"], MultiDict([("creer", "personne:inconnu")]))
    assert (submitted.action, submitted.path, submitted.unknown) == ("creer", "personne", True)


def test_a_new_search_speaks_louder_than_an_older_choice():
    form = FORMS["COR/C3"]
    data = {"decideur": "P-0012", "decideur.texte": "Kanté", "decideur.demande": "Traoré"}
    assert forms.read(form, MultiDict(data)).raw["decideur"] == "Kanté"


def test_nobody_found_says_what_to_do(app):
    _, html = shown(app, EMPTY["COR/C3"], {"decideur": "Zzz"}, resolve=lambda kind, code: None)
    assert "Aucune fiche ne répond à «\u202fZzz\u202f»" in html


def test_few_records_are_a_list_to_choose_from(app):
    view, html = shown(app, EMPTY["SP/F1"], {"ligne": "PROT-RAP"})
    assert next(one.control for one in view.fields if one.name == "ligne") == "select"
    assert '<option value="PROT-RAP" selected>' in html


def test_files_are_received_listed_and_taken_out(app):
    form, row = FORMS["SP/F1"], first("SP/F1")
    files = MultiDict(
        [
            ("devis.fichier", FileStorage(io.BytesIO(b"%PDF"), "devis 4.pdf")),
            ("devis.fichier", FileStorage(io.BytesIO(b""), "")),
            ("objet_depense.fichier", FileStorage(io.BytesIO(b"x"), "no.pdf")),
            ("devis", FileStorage(io.BytesIO(b"x"), "no.pdf")),
        ]
    )
    found = list(forms.uploads(form, files))
    assert [(path, file.filename) for path, file in found] == [("devis", "devis 4.pdf")]
    raw = forms.attach(form, row.answers, "devis", "D-new")
    assert raw["devis"] == [*row.answers["devis"], "D-new"]
    view, html = shown(app, row, raw)
    assert view.has_files and 'type="file" id="f-devis" name="devis.fichier"' in html
    pressed = MultiDict([*Browser(html).posted.items(multi=True), ("retirer", "devis:D-new")])
    assert forms.press(form, forms.read(form, pressed))["devis"] == row.answers["devis"]


def test_one_document_replaces_the_one_before():
    form = FORMS["COR/C3"]
    assert forms.attach(form, {"procuration": "D-1"}, "procuration", "D-2")["procuration"] == "D-2"
    assert forms.attach(FORMS["COR/C4"], {"financeurs": [{}, {}]}, "financeurs-1.piece", "D-3")["financeurs"] == [{}, {"piece": "D-3"}]


# ---------------------------------------------------------------- both languages, reading
def test_the_reader_language_is_that_of_labels_choices_and_errors(app):
    words = {"Choix": "Choice", "Rapatriement": "Repatriation", "Oui": "Yes"}
    row = first("COR/C3")
    translate = lambda text, ctx: words.get(text, text)  # noqa: E731
    errors = row.validate({"choix_famille": None}, lang="en", translate=translate).errors
    assert errors["choix_famille"][0].text == "Choose an answer to “Choice”."
    _, html = shown(app, row, {**row.answers, "choix_famille": None}, errors, "en", translate=translate)
    assert ">Repatriation</option>" in html and "Choose an answer to “Choice”." in html and 'value="0"' in html


def test_answers_are_read_in_words(app):
    row = first("COR/C1")
    form, values = FORMS["COR/C1"], row.validate().values
    view = forms.view(form, row.answers, context(row))
    read = {one.label: one for one in forms.answers(form, values, context(row))}
    assert read["Date du décès"].text == "lundi 9 novembre 2026"
    assert read["Cause déclarée"].text == "Maladie"
    assert read["Limite de garde de la morgue"].text == "mardi 24 novembre 2026, 16\u00a0h"
    assert ("Contre-valeur", "29\u202f518\u00a0FCFA") in read["Frais de morgue par jour"].parts
    assert "Enfant mort-né" not in read
    html = draw(app, view, list(read.values()))
    assert "<dt>Cause déclarée</dt>" in html and "Maladie" in html
    table = next(one for one in forms.answers(FORMS["SP/F1"], first("SP/F1").validate().values, context(first("SP/F1"))) if one.rows)
    assert table.columns[0] == "Libellé" and table.rows[0][2].endswith("FCFA")


def test_a_partial_date_is_said_as_far_as_it_is_known():
    form, row = FORMS["COR/C1"], first("COR/C1")
    words = [forms.answers(form, {"date_deces": text}, context(row))[0].text for text in ("1985", "1985-06", "1985-06-15")]
    assert words == ["1985", "juin 1985", "samedi 15 juin 1985"]


def test_none_must_be_said_where_none_is_an_answer(app):
    document = (
        b'{"id": "SEN_X", "components": [{"type": "dynamiclist", "path": "aides", "label": "Aides", "properties": {"kind": "table",'
        b' "required": "true", "none_allowed": "true"}, "components": [{"type": "textfield", "key": "nom", "label": "Nom"}]}]}'
    )
    form, row = FormDefinition.read(document), EMPTY["COR/C3"]
    html = draw(app, forms.view(form, {}, context(row)))
    assert 'name="aides.aucune"' in html
    asked = form.validate(forms.read(form, MultiDict({"ajouter": ""})).raw, {}, context(row).host, NOW)
    assert asked.errors["aides"][0].code == "required_rows_or_none"
    said = form.validate(forms.read(form, MultiDict({"aides.aucune": "true"})).raw, {}, context(row).host, NOW)
    assert said.ok and said.values == {"aides": []}
