"""Effects of answers: the verb exists, what it is about exists, and the field says when."""

import pytest

from workflows.checks import effects
from workflows.forms.effects import VERBS, read_effect

from .build import CHOICE, field, form, rules
from .clean import clean

WHEN = '=accord = "oui"'


def asking(effect: str, when: str | None = WHEN):
    properties = {"effect": effect} | ({"effect_when": when} if when else {})
    return clean() | {"A.form": form("A", field("accord", "radio", validate={"required": True}, properties=properties, **CHOICE))}


@pytest.mark.parametrize(
    "effect",
    ["confidentialite:C4", "priorite:P1", "priorite:P1:secours", "saisir:comptable", "avertir:agent", "ouvrir:DET", "reprendre:noter"],
)
def test_what_exists_is_no_finding(effect):
    assert rules(effects, asking(effect)) == set()


@pytest.mark.parametrize(
    ("rule", "effect"),
    [
        ("effect-unknown", "confidentiel:C4"),
        ("effect-unknown", "confidentialite"),
        ("effect-unknown", "confidentialite:C4:C3"),
        ("effect-unknown", "saisir:"),
        ("effect-unknown", ""),
        ("effect-about", "confidentialite:C9"),
        ("effect-about", "priorite:P0"),
        ("effect-about", "saisir:personne"),
        ("effect-about", "reprendre:nulle_part"),
    ],
)
def test_a_mistake_is_found(rule, effect):
    assert rules(effects, asking(effect or ":")) == {rule}


def test_an_effect_says_when():
    assert rules(effects, asking("confidentialite:C4", None)) == {"effect-when"}


def test_an_effect_is_read_into_its_parts():
    read = read_effect("priorite:P1:secours")
    assert (read.verb, read.first, read.arguments) == ("priorite", "P1", ("P1", "secours"))
    assert all(VERBS.values())
