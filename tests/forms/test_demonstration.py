"""The answers of the dossier's demonstration cases are accepted as they stand; each of them made wrong is refused."""

import datetime as dt

import pytest

from workflows.feel import Host

from .support import ALL, FILES, FORMS, LISTS, first, records

IDS = [row.where for row in ALL]


def test_every_form_of_the_folders_reads():
    assert len(FORMS) == len(FILES) > 100
    for where, form in FORMS.items():
        assert form.id == where.replace("/", "_")
        assert form.title
        assert len(form.names) == len(set(form.names)) > 0


@pytest.mark.parametrize("row", ALL, ids=IDS)
def test_demonstration_answers_are_accepted(row):
    assert row.validate().errors == {}


@pytest.mark.parametrize("row", ALL, ids=IDS)
def test_a_required_answer_that_is_missing_is_asked_for(row):
    hidden = row.validate().hidden
    for spec in FORMS[row.form].fields:
        if spec.required and spec.key not in hidden and row.answers.get(spec.key) not in (None, []):
            found = row.validate({spec.key: None}).errors
            assert [m.code.startswith("required") for m in found[spec.key]] == [True], spec.key


@pytest.mark.parametrize("row", ALL, ids=IDS)
def test_a_strange_choice_is_refused(row):
    for spec in FORMS[row.form].fields:
        if spec.kind in ("choice", "choices") and spec.key in row.answers:
            strange = ["étrange"] if spec.kind == "choices" else "étrange"
            assert row.validate({spec.key: strange}).errors[spec.key][0].code == "choice"


@pytest.mark.parametrize("row", ALL, ids=IDS)
def test_typed_values_survive_json(row):
    form, values = FORMS[row.form], row.validate().values
    assert form.from_json(form.to_json(values)) == values


@pytest.mark.parametrize(
    "form, changes, field, code",
    [
        ("COR/C6", {"lta": "90012345670"}, "lta", "rule"),
        ("COR/C6", {"lta": "900-1234"}, "lta", "pattern"),
        ("COR/C6", {"prepaye": False}, "prepaye", "rule"),
        ("COR/C6", {"poids_kg": 401}, "poids_kg", "max"),
        ("COR/C3", {"compris_conditions": False}, "compris_conditions", "rule"),
        ("COR/C3", {"participation_famille": "deux cent mille"}, "participation_famille", "number"),
        ("COR/C1", {"date_deces": None}, "date_deces", "required_date"),
        ("COR/C1", {"date_deces": "2030"}, "date_deces", "rule"),
        ("COR/C2", {"moyen_identification": ["effets_personnels"], "certitude": "certaine"}, "moyen_identification", "rule"),
        ("SP/F1", {"montant_demande": 7}, "montant_demande", "rule"),
        ("SP/F1", {"declaration_interet": False}, "declaration_interet", "rule"),
        ("SP/F3", {"decision_financement": "accorder", "motif_decision": None, "montant_accorde": 10**12}, "montant_accorde", "rule"),
        ("SP/EXT-A", {"date_limite_reponse": "2020-01-01"}, "date_limite_reponse", "rule"),
        ("SP/FAM-A", {"rang": 7}, "rang", "max"),
        ("SP/CLO-A", {"autre_champ": 1}, "autre_champ", "unknown_field"),
    ],
)
def test_rules_of_the_dossier_refuse(form, changes, field, code):
    found = first(form).validate(changes).errors
    assert [m.code for m in found[field]] == [code], found


def test_a_budget_line_of_another_purpose_is_refused():
    row = first("SP/F1")
    known = records(row.at)
    closed = {"id": "TOKTEN", "types_eligibles": ["TOK"], "natures_eligibles": ["mission"], "disponible": 0}
    found = row.validate({"ligne": "TOKTEN"}, resolve=lambda kind, code: closed if code == "TOKTEN" else known(kind, code)).errors
    assert {path: message[0].text for path, message in found.items()} == {
        "ligne": "Ligne non utilisable pour ce dossier.",
        "nature_depense": "Cette nature de dépense n'est pas ouverte sur la ligne choisie.",
    }


def test_a_list_of_the_case_type_gives_the_choices():
    row = first("SP/CLO-A")
    assert row.validate().ok
    assert row.validate(lists={"issues_du_type": [("autre", "Autre")]}).errors["issue"][0].code == "choice"
    assert row.validate(lists={}).errors["issue"][0].code == "list_missing"
    assert set(LISTS) == {spec.option_list for form in FORMS.values() for spec in form.fields if spec.option_list}


def test_the_morgue_limit_is_proposed_ten_days_after_the_report():
    row = first("COR/C1")
    proposed = FORMS["COR/C1"].defaults(row.facts, Host(), row.at)
    reported = row.facts["date_signalement"]
    assert dt.datetime.fromisoformat(proposed["limite_morgue"]) == reported + dt.timedelta(days=10)


def test_an_asylum_seeker_makes_the_case_secret():
    form = FORMS["SP/NAT-B"]
    effect = next(spec.effect for spec in form.fields if spec.effect)
    assert form.effects({"demande_asile": "en_cours"}, {}, Host()) == [effect] == ["confidentialite:C4"]
    assert form.effects({"demande_asile": "non"}, {}, Host()) == []
