"""What depends on other answers: hidden, required, rules, computed values, defaults, effects."""

import datetime as dt
import json
import re

import pytest

from workflows.feel import Host, Signature
from workflows.forms import Field, FormDefinition, FormError

NOW = dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC)


def text(key, label="", hide=None, required=False, **props):
    out = {"key": key, "label": label or key, "type": "textfield", "properties": props, "validate": {"required": required}}
    return {**out, "conditional": {"hide": hide}} if hide else out


def number(key, **props):
    return {"key": key, "label": key, "type": "number", "decimalDigits": 0, "properties": props}


def computed(key, value="entier", **props):
    return {"key": key, "label": key, "type": "number", "readonly": True, "properties": {"kind": "computed", "value": value, **props}}


def form(*components):
    return FormDefinition.read(json.dumps({"id": "COR_X", "components": list(components)}).encode())


def validate(asked, raw, facts=None, **how):
    return asked.validate(raw, facts or {}, Host(), NOW, **how)


def codes(found):
    return {path: messages[0].code for path, messages in found.errors.items()}


# ---------------------------------------------------------------- hidden
def test_the_answer_to_a_hidden_question_is_dropped_silently():
    asked = form(text("a"), text("b", hide='=not(a = "oui")', required=True))
    found = validate(asked, {"a": "non", "b": "reste"})
    assert found.ok and found.values == {"a": "non", "b": None} and found.hidden == {"b"}
    assert validate(asked, {"a": "oui", "b": "reste"}).values["b"] == "reste"
    assert codes(validate(asked, {"a": "oui"})) == {"b": "required"}


def test_errors_of_hidden_questions_do_not_count():
    asked = form(text("a"), {**number("n"), "conditional": {"hide": '=not(a = "oui")'}})
    assert validate(asked, {"a": "non", "n": "beaucoup"}).ok
    assert codes(validate(asked, {"a": "oui", "n": "beaucoup"})) == {"n": "number"}


def test_hiding_one_question_hides_those_that_hang_on_it_in_any_order():
    asked = form(text("c", hide='=not(b = "oui")'), text("b", hide='=not(a = "oui")'), text("a"))
    found = validate(asked, {"a": "non", "b": "oui", "c": "reste"})
    assert found.hidden == {"b", "c"} and found.values == {"a": "non", "b": None, "c": None}


def test_a_condition_that_cannot_be_told_shows_the_question():
    found = validate(form(text("a"), text("b", hide="=a > 3")), {"a": "texte", "b": "reste"})
    assert found.ok and found.values["b"] == "reste"


def test_questions_that_hide_each_other_come_to_an_end():
    asked = form(text("a", hide="=b = null"), text("b", hide="=a = null"), computed("n", formula="=1"))
    assert validate(asked, {"a": "x", "b": "y"}).hidden == frozenset()
    assert validate(asked, {"a": "x"}).hidden == {"a", "b"}


def test_a_hidden_computed_question_has_no_value():
    asked = form(text("a"), {**computed("n", formula="=1"), "conditional": {"hide": '=a = "non"'}})
    assert validate(asked, {"a": "oui"}).computed == {"n": 1}
    assert validate(asked, {"a": "non"}).computed == {"n": None}


# ---------------------------------------------------------------- required
def test_required_when():
    asked = form(text("a"), text("b", required_when="=a = null"))
    assert codes(validate(asked, {})) == {"b": "required"}
    assert validate(asked, {"a": "x"}).ok


# ---------------------------------------------------------------- rules
def test_a_rule_is_asked_only_when_there_is_an_answer_and_what_it_needs_is_right():
    asked = form(number("n", rule="=n <= m", rule_message="« n » ne dépasse pas « m »."), number("m"))
    assert validate(asked, {}).ok
    assert validate(asked, {"n": 3, "m": 3}).ok
    found = validate(asked, {"n": 4, "m": 3})
    assert [m.text for m in found.errors["n"]] == ["« n » ne dépasse pas « m »."]
    assert codes(validate(asked, {"n": 4, "m": "trois"})) == {"m": "number"}


def test_a_rule_that_is_null_or_cannot_be_told_does_not_hold():
    assert codes(validate(form(number("n", rule="=n <= m", rule_message="Non.")), {"n": 1})) == {"n": "rule"}
    found = validate(form(number("n", rule='=n <= "a"', rule_message="Non.")), {"n": 1})
    assert codes(found) == {"n": "rule_failed"} and "administrateur" in found.errors["n"][0].text


def test_rules_see_records_behind_codes():
    person = {
        "key": "p",
        "label": "p",
        "type": "textfield",
        "properties": {"kind": "person", "rule": "=p.mineur = false", "rule_message": "Majeur."},
    }
    known = {"P-1": {"mineur": True}, "P-2": {"mineur": False}}
    asked = form(person)
    resolve = lambda kind, code: known.get(code)  # noqa: E731
    assert codes(validate(asked, {"p": "P-1"}, resolve=resolve)) == {"p": "rule"}
    assert validate(asked, {"p": "P-2"}, resolve=resolve).values == {"p": "P-2"}


def test_rules_see_records_in_rows_and_behind_facts_of_other_forms():
    column = {"key": "agent", "label": "agent", "type": "textfield", "properties": {"kind": "user"}}
    rule = '=every r in equipe satisfies list contains(r.agent.roles, "pilote") and chef.nom = "A"'
    table = {"path": "equipe", "label": "e", "type": "dynamiclist", "components": [column]}
    asked = form({**table, "properties": {"kind": "table", "rule": rule, "rule_message": "Non."}})
    other = Field("chef", "person", "Chef", "COR.Y.chef")
    known = {"U-1": {"roles": ["pilote"]}, "P-1": {"nom": "A"}}
    how = {"resolve": lambda kind, code: known.get(code), "kinds": {"chef": other}}
    assert validate(asked, {"equipe": [{"agent": "U-1"}]}, {"chef": "P-1"}, **how).ok


def test_codes_are_compared_as_codes_when_no_path_is_read():
    asked = form(text("a", kind="person", rule="=a != b", rule_message="Deux personnes."), text("b", kind="person"))
    found = validate(asked, {"a": "P-1", "b": "P-1"}, resolve=lambda kind, code: {"id": code})
    assert codes(found) == {"a": "rule"}


def test_rules_use_the_clock_and_the_zone_of_the_post():
    day = {"key": "d", "dateLabel": "d", "type": "datetime", "subtype": "date"}
    asked = form({**day, "properties": {"rule": "=d <= today()", "rule_message": "Pas dans le futur."}})
    late = dt.datetime(2026, 11, 24, 23, 30, tzinfo=dt.UTC)
    assert asked.validate({"d": "2026-11-25"}, {}, Host(), late, zone="Asia/Riyadh").ok
    assert not asked.validate({"d": "2026-11-25"}, {}, Host(), late, zone="Africa/Bamako").ok


def test_rules_use_functions_of_the_host_and_settings():
    host = Host({"double": Signature("double(n: number) -> number", lambda n: 2 * n)})
    asked = form(number("n", rule="=double(n) <= reglages.plafond", rule_message="Trop."))
    assert asked.validate({"n": 5}, {"reglages": {"plafond": 10, "autre": 1}}, host, NOW).ok
    assert not asked.validate({"n": 6}, {"reglages": {"plafond": 10, "autre": 1}}, host, NOW).ok


# ---------------------------------------------------------------- computed
def test_formulas_follow_each_other_and_are_part_of_the_answers():
    asked = form(number("a"), computed("b", formula="=a * 2"), computed("c", formula="=b + 1"))
    found = validate(asked, {"a": 3})
    assert found.computed == {"b": 6, "c": 7} and found.answers == {"a": 3, "b": 6, "c": 7}
    assert codes(validate(asked, {"a": 3, "b": 6})) == {"b": "computed"}


def test_tables_and_services_supply_what_they_decide():
    asked = form(
        number("a", rule="=a <= part", rule_message="Trop."), computed("part", decision="table"), computed("stock", system="stock:x")
    )
    asks = []

    def supply(spec, seen):
        asks.append((spec.decision or spec.system, seen["a"]))
        return 10 if spec.decision else None

    found = validate(asked, {"a": 4}, {"stock": 7}, supply=supply)
    assert found.ok and found.computed == {"part": 10, "stock": 7} and ("table", 4) in asks
    assert codes(validate(asked, {"a": 11}, supply=supply)) == {"a": "rule"}
    assert validate(asked, {"a": 4}, {"part": 5}).computed == {}


# ---------------------------------------------------------------- defaults, effects
def test_defaults_are_proposed_and_a_broken_one_is_left_out():
    broken = [number("e", default='=1 + "a"'), text("f", default="=[1..2]")]
    asked = form(text("a", default='="x"'), number("b", default="=c + 1"), text("d", default="=null"), *broken)
    assert asked.defaults({"c": 2}, Host(), NOW) == {"a": "x", "b": 3}


def test_effects_of_answers():
    asked = form(text("a", effect="priorite:P1:secours", effect_when='=a = "oui"'), text("b", effect="geler", effect_when="=true"))
    assert asked.effects({"a": "oui"}, {}, Host()) == ["priorite:P1:secours"]
    assert asked.effects({"a": "non", "b": "x"}, {}, Host()) == ["geler"]


# ---------------------------------------------------------------- files that are refused
@pytest.mark.parametrize(
    ("component", "said"),
    [
        (text("a", hide="a = 1"), "commence par « = »"),
        (text("a", hide="=a ="), "conditional.hide"),
        (text("a", rule="=a and"), "rule"),
        (text("a", kind="inconnu"), "« kind » inconnu"),
        (text("a b"), "clé"),
        ({"key": "a", "type": "button"}, "sans « kind » connu"),
        ({"key": "a", "type": "radio", "label": "a"}, "aucun choix"),
        ({"key": "a", "type": "radio", "values": [{"label": "x", "value": "x"}, {"label": "y", "value": "x"}]}, "deux fois"),
        ({"key": "a", "type": "textfield", "validate": {"pattern": "("}}, "pattern"),
        ({"key": "a", "type": "textfield", "validate": {"pattern": "(?=a)"}}, "RE2"),
        ({"key": "a", "type": "number", "validate": {"min": "beaucoup"}}, "« min »"),
        ({"path": "t", "type": "dynamiclist", "properties": {"kind": "table"}, "components": []}, "au moins un champ"),
        ({"path": "t", "type": "dynamiclist", "properties": {"kind": "table"}, "components": [text("a", rule="=true")]}, "sur le tableau"),
        ({"key": "a", "type": "textfield", "properties": {"required": True}}, "sont des textes"),
    ],
)
def test_a_form_file_says_what_to_change(component, said):
    with pytest.raises(FormError, match=re.escape(said)):
        form(component)


def test_two_fields_with_one_key_are_refused():
    with pytest.raises(FormError, match="deux champs"):
        form(text("a"), text("a"))
