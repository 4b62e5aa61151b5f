"""What is said of expressions and tables before any case runs."""

import dataclasses

import pytest

from workflows.feel.check import Checker, Type, table
from workflows.feel.tables import Input, Output, Rule, Table

from .samples import HOST
from .test_tables import LEVELS

TYPES = ("DET", "COR", "RET", "SIN", "DEG", "DIS", "PRJ", "TOK")
FACTS = {
    "c": Type("number", whole=True),
    "op": Type("boolean"),
    "t": Type("string", values=TYPES),
    "age": Type("number", optional=True),
    "rows": Type("list", item=Type("context", fields=(("montant", Type("number")), ("code", Type("string", values=("a", "b")))))),
    "personne": Type("context", True, fields=(("nom", Type("string")), ("décès", Type("date", True)))),
    "né": Type("range", item=Type("date")),
}
EXPRESSIONS = [
    ("c > 3", None),
    ("age > 18", "peut rester sans réponse"),
    ("age != null and age > 18", None),
    ("age = null or age > 18", None),
    ("if age != null then age > 18 else false", None),
    ("if age = null then false else age > 18", None),
    ("age = null and age > 18", "peut rester sans réponse"),
    ('t = "CORR"', "« CORR » n'est pas un choix possible. Vouliez-vous « COR » ?"),
    ('t = "XYZ"', "Choix : DET, COR, RET"),
    ("c in [0..age]", "peut rester sans réponse"),
    ("c in (<= age)", "peut rester sans réponse"),
    ("age != null and c in [0..age]", None),
    ("c in [0..9]", None),
    ('t in ("COR", "XX")', "« XX » n'est pas un choix possible"),
    ('some r in rows satisfies r.code = "c"', "« c » n'est pas un choix possible"),
    ('count(rows[code = "a"]) > 0', None),
    ('count(rows[cod = "a"]) > 0', "Vouliez-vous « code »"),
    ('c > "3"', "comparer un nombre et un texte est impossible"),
    ("c between 1 and \"3\"", "est impossible"),
    ('c + "3" > 3', "« + » entre un nombre et un texte est impossible"),
    ("op > false", "« > » ne s'emploie pas avec un oui/non"),
    ("jour après(today(), 3) > today()", "Vouliez-vous « jours après »"),
    ('jours après("2026-01-01", 3) > today()', "« depuis » attend une date, ici un texte"),
    ("jours après(today()) > today()", "2 valeurs attendues, 1 données"),
    ("jours après(jour: 1) > today()", "paramètres possibles : depuis, nombre"),
    ("c", "un oui/non est attendu, l'expression donne un nombre"),
    ("c and op", "un oui/non est attendu, ici un nombre"),
    ("sum(rows.montant) > 3", "peut rester sans réponse"),
    ("sum(append(rows.montant, 0)) > 3", None),
    ("max([c, 3]) > 3", None),
    ("c.nom = 3", "un nombre n'a pas de champs"),
    ('personne.nom = "x"', None),
    ('né.debut > today()', "un intervalle n'a pas de « debut »"),
    ("né.start > today()", None),
    ("montnat > 3", "nom inconnu"),
    ("c >", "s'arrête trop tôt"),
    ('@"hier" > today()', "illisible"),
    ("{a: c, b: a + 1}.b > 3", None),
    ("(for r in rows return r.montant)[1] > 3", "peut rester sans réponse"),
    ("every r in rows satisfies r.montant > 0", None),
]


@pytest.mark.parametrize(("source", "finding"), EXPRESSIONS)
def test_expressions(source, finding):
    found = Checker(FACTS, HOST.functions).expression(source, "boolean", never_null=True)
    if finding is None:
        assert found == []
    else:
        assert finding in found[0].message


def messages(t, facts=FACTS):
    return [finding.message for finding in table(t, facts)]


def test_a_good_table_has_no_finding():
    assert table(LEVELS, FACTS) == []


def test_a_situation_without_a_row_is_named():
    bare = dataclasses.replace(LEVELS, outputs=(Output("niveau", None, None, None),))
    (only,) = messages(bare)
    assert only.startswith("aucune ligne pour Cumul = ")
    assert only.endswith("ajouter une ligne ou une valeur par défaut")


def test_unique_rows_that_fire_together_are_named_with_a_situation():
    found = messages(dataclasses.replace(LEVELS, policy="UNIQUE"))
    assert any("lignes 1, 2" in m and "s'appliquent ensemble pour Cumul = " in m for m in found)


def test_any_rows_with_different_results_are_named():
    assert any("résultats différents" in m for m in messages(dataclasses.replace(LEVELS, policy="ANY")))


def test_a_row_that_never_fires_is_named():
    covered = Rule(("[300000..400000]", "false", '"COR"'), ('"x"',))
    useless = dataclasses.replace(LEVELS, rules=(*LEVELS.rules[:2], covered, *LEVELS.rules[2:]))
    assert "ligne 3 : elle ne s'applique jamais, une ligne au-dessus la couvre" in messages(useless)


def small(column, *cells, policy="UNIQUE", outputs=None, **declared):
    rules = tuple(Rule((cell,), (out,)) for cell, out in zip(cells, outputs or ["1"] * len(cells), strict=True))
    return messages(Table("t", (column,), (Output("o", None, None, None),), rules, policy), {column.expression: Type(**declared)})


def test_limits_of_whole_numbers_leave_no_gap_between_francs():
    francs = Input("c", "c", None, None)
    assert small(francs, "<= 250000", "> 250000", kind="number", whole=True) == []
    assert small(francs, "<= 250000", ">= 250001", kind="number", whole=True) == []
    (gap,) = small(francs, "<= 250000", ">= 250001", kind="number")
    assert "c = 250000.5" in gap


def test_missing_data_is_a_situation_too():
    (gap,) = small(Input("x", "x", None, None), "true", "false", kind="boolean", optional=True)
    assert "aucune ligne pour x = rien" in gap


def test_a_code_that_is_no_choice_of_its_column():
    found = small(Input("t", "Type", None, None), '"COR"', '"DETT"', policy="FIRST", kind="string", values=TYPES)
    assert "ligne 2, « Type » : « DETT » n'est pas un choix possible. Vouliez-vous « DET » ?" in found


def test_dates_and_texts_are_tried_at_their_limits():
    days = Input("d", "d", None, None)
    assert small(days, '< date("2026-01-01")', '>= date("2026-01-01")', kind="date") == []
    assert any("ne s'applique jamais" in m for m in small(Input("s", "s", None, None), '"a"', "-", '"b"', policy="FIRST", kind="string"))


def test_a_column_that_uses_other_data_is_beyond_the_check():
    (only,) = small(Input("c", "Cumul", None, None), "< plafond", ">= plafond", kind="number")
    assert only == "trous et recouvrements non vérifiables : la colonne « Cumul » dépend d'autres données"


def test_outputs_are_checked():
    found = small(Input("c", "c", None, None), "< 3", ">= 3", outputs=["", "montnat"], kind="number")
    assert found == ["ligne 1, sortie « o » : vide", found[1]]
    assert "ligne 2, sortie « o » : nom inconnu : « montnat »" in found[1]
