"""Each kind of question is drawn with its label, its ids, its errors, and comes back from the browser as it was typed."""

import dataclasses
import re

import pytest
from werkzeug.datastructures import MultiDict

from app.web import forms
from tests.forms.support import ALL, FORMS, Filled, first
from tests.web.form_page import NOW, Browser, context, draw, make_app

IDS = [row.where for row in ALL]
EMPTY = {where: Filled(where, where, NOW, dict(ALL[0].facts), {}) for where in FORMS}


@pytest.fixture(scope="module")
def app():
    return make_app()


def shown(app, row, raw, errors=None, lang="fr", **changes):
    form = FORMS[row.form]
    view = forms.view(form, raw, context(row, lang=lang, **changes), errors)
    return view, draw(app, view, lang=lang)


@pytest.mark.parametrize("row", ALL, ids=IDS)
def test_what_the_page_shows_comes_back_the_same(app, row):
    """Answers as JSON -> page -> what a browser posts -> the same typed values."""
    form = FORMS[row.form]
    _, html = shown(app, row, row.answers)
    submitted = forms.read(form, Browser(html).posted)
    again = form.validate(submitted.raw, row.facts, context(row).host, row.at, **context(row).validation())
    wanted = row.validate(zone="Africa/Abidjan")
    assert again.errors == {}
    assert again.values == wanted.values
    assert submitted.action is None


@pytest.mark.parametrize("where", ["COR/C1", "COR/C7", "SP/F1"])
def test_what_the_page_shows_in_english_comes_back_the_same(app, where):
    row = first(where)
    _, html = shown(app, row, row.answers, lang="en")
    again = FORMS[where].validate(
        forms.read(FORMS[where], Browser(html).posted).raw, row.facts, context(row).host, row.at, **context(row).validation()
    )
    assert again.errors == {} and again.values == row.validate(zone="Africa/Abidjan").values


@pytest.mark.parametrize("where", sorted(FORMS))
def test_every_control_has_a_label_and_every_id_is_one(app, where):
    row = EMPTY[where]
    errors = FORMS[where].validate({}, row.facts, context(row).host, row.at, **context(row).validation()).errors
    _, html = shown(app, row, {}, errors)
    page = Browser(html)
    assert len(page.ids) == len(set(page.ids))
    for control in page.controls:
        assert control.get("id") in page.labelled or control["inside"] != "0" or control.get("aria-label"), control
    assert set(page.references) <= set(page.ids)
    assert {link[1:] for link in page.links if link.startswith("#")} <= set(page.ids)
    assert "style=" not in html and "<script" not in html
    shown_errors = len(re.findall(r'class="error" id=', html))
    assert shown_errors == len(errors), errors


@pytest.mark.parametrize("where", sorted(FORMS))
def test_nothing_is_chosen_in_advance(app, where):
    _, html = shown(app, EMPTY[where], {})
    assert " checked" not in html and " selected" not in html


def test_an_error_is_beside_its_field_and_in_the_summary(app):
    row = first("COR/C3")
    raw = {**row.answers, "participation_famille": "deux cent cinquante mille"}
    errors = row.validate({"participation_famille": raw["participation_famille"]}).errors
    view, html = shown(app, row, raw, errors)
    sentence = "Écrivez «\u202fParticipation de la famille\u202f» en chiffres, par exemple 250\u202f000."
    assert f'<a href="#f-participation_famille">{sentence}</a>' in html
    field = html[html.index('for="f-participation_famille"') :].split("</div>")[0]
    assert 'value="deux cent cinquante mille"' in field
    assert 'aria-describedby="f-participation_famille-erreur" aria-invalid="true"' in field
    assert 'inputmode="numeric"' in field and '<span aria-hidden="true">FCFA</span>' in field
    assert view.summary[0][0] == "f-participation_famille"


def test_everything_typed_comes_back_also_what_cannot_be_read(app):
    """A refused page shows the very texts, and posting it again gives the same raw answers."""
    row = first("COR/C1")
    typed = {
        "date_deces.jour": "31", "date_deces.mois": "fevrié", "date_deces.annee": "81",
        "date_decouverte.jour": "", "date_decouverte.mois": "13", "date_decouverte.annee": "2026",
        "limite_morgue.jour": "x<y", "limite_morgue.mois": "11", "limite_morgue.annee": "2026", "limite_morgue.heure": "25 h",
        "lieu_deces": ' "Hôpital" & maison ', "frais_morgue_jour.montant": "mille", "frais_morgue_jour.taux": "un",
        "frais_morgue_jour.devise": "€", "personne.texte": "Bakary", "lieu_corps.texte": "morgue", "assurance_connue": "é" * 300,
    }  # fmt: skip
    form = FORMS["COR/C1"]
    raw = forms.read(form, MultiDict(typed)).raw
    errors = form.validate(raw, row.facts, context(row).host, row.at, **context(row).validation()).errors
    _, html = shown(app, row, raw, errors, resolve=lambda kind, code: None)
    posted = Browser(html).posted
    assert {name: posted.get(name) for name in typed} == typed
    _, html = shown(app, row, forms.read(form, posted).raw, resolve=lambda kind, code: None)
    assert Browser(html).posted == posted


def test_a_page_error_about_a_date_marks_the_part_that_is_wrong(app):
    row = first("COR/C1")
    raw = {"date_deces": {"jour": "", "mois": "11", "annee": "81"}}
    errors = FORMS["COR/C1"].validate(raw, row.facts, context(row).host, row.at, **context(row).validation()).errors
    _, html = shown(app, row, raw, {"date_deces": errors["date_deces"]})
    assert '<a href="#f-date_deces-annee">' in html
    assert re.search(r'id="f-date_deces-annee"[^>]* value="81" aria-invalid="true"', html)
    assert not re.search(r'id="f-date_deces-mois"[^>]*aria-invalid', html)


def test_an_error_in_a_row_names_its_row(app):
    row = first("COR/C4")
    good = row.answers["financeurs"][0]
    raw = {**row.answers, "financeurs": [good, {**good, "montant": "beaucoup"}]}
    errors = row.validate({"financeurs": raw["financeurs"]}).errors
    view, html = shown(app, row, raw, errors)
    label = FORMS["COR/C4"].kinds["financeurs"].label
    assert [text.startswith(f"{label}, ligne 2 : Écrivez « Montant »") for _, text in view.summary] == [True]
    assert 'href="#f-financeurs-1-montant"' in html and 'id="f-financeurs-1-montant"' in html


def test_a_record_that_is_no_longer_offered_is_not_lost(app):
    _, html = shown(app, first("SP/F1"), {"ligne": "OLD-LINE", "nature_depense": "ancienne"})
    posted = Browser(html).posted
    assert (posted["ligne"], posted["nature_depense"]) == ("OLD-LINE", "ancienne")


def test_rows_are_added_and_taken_out_by_buttons(app):
    row = first("SP/F1")
    form = FORMS["SP/F1"]
    _, html = shown(app, row, row.answers)
    page = Browser(html)
    assert ("ajouter", "base_calcul") in page.buttons and ("retirer", "base_calcul-0") in page.buttons
    pressed = MultiDict([*page.posted.items(multi=True), ("ajouter", "base_calcul")])
    more = forms.press(form, forms.read(form, pressed))
    assert [len(more["base_calcul"]), more["base_calcul"][1]] == [2, {}]
    _, html = shown(app, row, more)
    page = Browser(html)
    pressed = MultiDict([*page.posted.items(multi=True), ("retirer", "base_calcul-1")])
    fewer = forms.press(form, forms.read(form, pressed))
    assert len(fewer["base_calcul"]) == 1 and fewer["base_calcul"][0]["libelle"] == row.answers["base_calcul"][0]["libelle"]


def test_an_empty_table_that_is_asked_has_one_empty_row(app):
    view, _ = shown(app, EMPTY["SP/F1"], {})
    rows = {one.name: len(one.rows) for one in view.fields if one.control == "table"}
    assert rows["base_calcul"] == 1 and rows["tranches"] == 0


NOWHERE = ["", "x", "base_calcul-9", "base_calcul-0.libelle", "base_calcul..", "ligne", "-1", "base_calcul-0-1", "é"]


@pytest.mark.parametrize("path", NOWHERE)
def test_buttons_that_lead_nowhere_change_nothing_else(path):
    form, row = FORMS["SP/F1"], first("SP/F1")
    for button in ("ajouter", "retirer", "chercher"):
        raw = forms.press(form, forms.Submitted(dict(row.answers), button, path))
        assert {k: v for k, v in raw.items() if k not in ("ligne", "base_calcul")} == {
            k: v for k, v in row.answers.items() if k not in ("ligne", "base_calcul")
        }


def test_a_field_that_the_form_does_not_declare_is_refused_by_name():
    form, row = FORMS["COR/C3"], first("COR/C3")
    raw = forms.read(form, MultiDict({"is_admin": "1", "csrf_token": "x", "cle": "y"}), ours=frozenset({"cle"})).raw
    assert "csrf_token" not in raw and "cle" not in raw
    assert [m.code for m in row.validate({"is_admin": raw["is_admin"]}).errors["is_admin"]] == ["unknown_field"]


# ---------------------------------------------------------------- conditions
def test_a_question_that_a_choice_shows_is_shown_by_the_page_itself(app):
    view, html = shown(app, EMPTY["COR/C3"], {})
    place = next(one for one in view.fields if one.name == "lieu_inhumation")
    choice = next(one for one in view.fields if one.name == "choix_famille")
    assert [c.value for c in choice.choices if c.shows == str(place.shown_by)] == ["rapatriement"]
    assert re.search(rf'<div class="reveal shown-by-{place.shown_by}">\s*<p class="hint when">Seulement si', html)
    assert f'<option value="rapatriement" data-shows="{place.shown_by}">' in html


def test_a_question_that_hangs_on_more_is_always_there_and_says_so(app):
    view, html = shown(app, EMPTY["COR/C3"], {})
    proof = next(one for one in view.fields if one.name == "procuration")
    assert proof.shown_by is None
    assert proof.condition == "Selon la réponse à « Décideur ». Laissez vide si ce n'est pas le cas."
    assert 'aria-describedby="f-procuration-aide f-procuration-condition"' in html


def test_a_question_that_the_case_alone_decides_is_left_out(app):
    asked = {one.name for one in shown(app, EMPTY["SP/F1"], {}, **{})[0].fields}
    calm = dataclasses.replace(EMPTY["SP/F1"], facts={**EMPTY["SP/F1"].facts, "priorite": "P4"})
    urgent = dataclasses.replace(calm, facts={**calm.facts, "priorite": "P1"})
    assert "urgence_motif" not in {one.name for one in shown(app, calm, {})[0].fields}
    assert "urgence_motif" in {one.name for one in shown(app, urgent, {})[0].fields}
    assert "montant_demande" in asked


def test_a_question_that_no_answer_of_the_form_could_show_is_left_out(app):
    """« Pourquoi ne pas les réunir ? » hangs on the decision, and on a splitting that is not there."""
    alone = dataclasses.replace(EMPTY["SP/F3"], facts={**EMPTY["SP/F3"].facts, "fractionnement": False})
    split = dataclasses.replace(alone, facts={**alone.facts, "fractionnement": True})
    assert "reponse_fractionnement" not in {one.name for one in shown(app, alone, {})[0].fields}
    assert "reponse_fractionnement" in {one.name for one in shown(app, split, {})[0].fields}
