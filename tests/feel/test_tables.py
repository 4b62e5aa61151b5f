"""Decision tables: hit policies, cells, files."""

import dataclasses
import datetime as dt

import pytest

from workflows.feel import FeelError, lower, tables
from workflows.feel.tables import Input, Output, Rule, Table

from .samples import HOST

PERSONS = '"COR","RET","SIN","DEG","DIS"'
LEVELS = Table(
    "fund_niveau",
    (Input("c", "Cumul", None, None), Input("op", "Opération", None, None), Input("t", "Type", None, None)),
    (Output("niveau", None, None, '"ministre"'),),
    tuple(
        Rule(cells, (f'"{level}"',))
        for *cells, level in (
            ("<= 250000", "false", '"DET","COR","RET","SIN","DEG"', "chef_poste"),
            ("<= 500000", "false", 'not("PRJ")', "chef_departement"),
            ("<= 5000000", "false", '"DET"', "delegue_general"),
            ("<= 5000000", "false", PERSONS, "delegue_general"),
            ("<= 2000000", "true", "-", "chef_departement"),
            ("<= 20000000", "true", "-", "delegue_general"),
            ("<= 5000000", "-", '"PRJ"', "delegue_general"),
            ("<= 30000000", "-", '"PRJ"', "secretaire_general"),
            ("<= 25000000", "false", "-", "secretaire_general"),
            ("<= 75000000", "true", "-", "secretaire_general"),
        )
    ),
    "FIRST",
)


@pytest.mark.parametrize(
    ("cumul", "collective", "case_type", "level", "row"),
    [
        (250_000, False, "COR", "chef_poste", 1),
        (250_001, False, "COR", "chef_departement", 2),
        (500_000, False, "COR", "chef_departement", 2),
        (500_001, False, "COR", "delegue_general", 4),
        (5_000_000, False, "COR", "delegue_general", 4),
        (5_000_001, False, "COR", "secretaire_general", 9),
        (25_000_001, False, "COR", "ministre", None),
        (75_000_000, True, "RET", "secretaire_general", 10),
        (75_000_001, True, "RET", "ministre", None),
    ],
)
def test_the_level_of_decision_and_the_row_that_is_its_reason(cumul, collective, case_type, level, row):
    assert LEVELS.decide(HOST, {"c": cumul, "op": collective, "t": case_type}) == (level, [row] if row else [])


def small(policy, rows, aggregation=None, order=None):
    rules = tuple(Rule((cell,), (out,)) for cell, out in rows)
    return Table("t", (Input("x", "x", None, None),), (Output("o", None, order, None),), rules, policy, aggregation)


ROWS = [("> 1", "10"), ("> 2", "30"), ("> 3", "20"), ("> 9", "5")]


@pytest.mark.parametrize(
    ("policy", "aggregation", "expected", "rows"),
    [
        ("FIRST", None, 10, [1]),
        ("RULE ORDER", None, [10, 30, 20], [1, 2, 3]),
        ("OUTPUT ORDER", None, [30, 20, 10], [2, 3, 1]),
        ("PRIORITY", None, 30, [2]),
        ("COLLECT", None, [10, 30, 20], [1, 2, 3]),
        ("COLLECT", "SUM", 60, [1, 2, 3]),
        ("COLLECT", "MIN", 10, [1, 2, 3]),
        ("COLLECT", "MAX", 30, [1, 2, 3]),
        ("COLLECT", "COUNT", 3, [1, 2, 3]),
    ],
)
def test_hit_policies(policy, aggregation, expected, rows):
    out, fired = small(policy, ROWS, aggregation, "30, 20, 10, 5").decide(HOST, {"x": 5})
    assert lower(out) == expected
    assert fired == rows


def test_unique_and_any_refuse_what_they_must():
    with pytest.raises(FeelError, match="les lignes 1, 2, 3 s'appliquent ensemble ; préciser leurs conditions ou choisir FIRST"):
        small("UNIQUE", ROWS).decide(HOST, {"x": 5})
    with pytest.raises(FeelError, match="résultats différents"):
        small("ANY", ROWS).decide(HOST, {"x": 5})
    assert small("ANY", [("> 1", "7"), ("> 2", "7")]).decide(HOST, {"x": 5}) == (7, [1, 2])


def test_no_row_gives_the_default_or_null():
    assert small("UNIQUE", ROWS).decide(HOST, {"x": 0}) == (None, [])
    defaulted = dataclasses.replace(small("UNIQUE", ROWS), outputs=(Output("o", None, None, "2 * 3"),))
    assert lower(defaulted.decide(HOST, {"x": 0})[0]) == 6


def test_several_outputs_are_a_group_of_fields():
    outputs = (Output("a", None, None, None), Output("b", None, None, None))
    t = Table("t", (Input("x", "", None, None),), outputs, (Rule(("-",), ("x + 1", "")),))
    assert lower(t.decide(HOST, {"x": 1})[0]) == {"a": 2, "b": None}


CELLS = [
    ('"a","b"', "b", True),
    ("[1..5]", 5, True),
    ("]1..5[", 5, False),
    ("not(1,2)", 3, True),
    ("< 3, > 7", 8, True),
    ("? > 3 and ? < limite", 4, True),
    ("-", None, True),
    ("", 3, True),
    ("null", None, True),
    ("not(null)", None, False),
    ("> 3", None, False),
    ("true", True, True),
    ("true", False, False),
    ("true", None, False),
    ("false", None, False),
    ('date("2026-01-01")', dt.date(2026, 1, 1), True),
    ('[date("2026-01-01")..date("2026-12-31")]', dt.date(2026, 7, 1), True),
    ("string length(?) > 2", "abc", True),
    ("liste", 2, True),
    ("liste", [1, 2], True),
    ('contains(?, "ab")', "xaby", True),
    ("= 3", 3, True),
    ("!= 3", 3, False),
]


@pytest.mark.parametrize(("cell", "x", "fires"), CELLS)
def test_cells(cell, x, fires):
    t = dataclasses.replace(small("FIRST", [(cell, "1")]))
    assert t.decide(HOST, {"x": x, "limite": 5, "liste": [1, 2]})[1] == ([1] if fires else [])


def test_one_cell_can_be_asked_alone():
    assert HOST.test("? > 3 and ? < limite", 4, {"limite": 5}) is True
    assert HOST.test("> 3", None, {}) is None
    assert HOST.test("[1..5], > 9", 7, {}) is False


def test_a_mistake_names_table_row_and_column():
    with pytest.raises(FeelError, match=r"table « t », ligne 2, « x » : .*nom inconnu : « limit »"):
        small("FIRST", [("> 9", "1"), ("> limit", "1")]).decide(HOST, {"x": 5})
    with pytest.raises(FeelError, match=r"table « t », ligne 1, sortie « o » : caractère 2.*« montnat »"):
        small("FIRST", [("-", " montnat")]).decide(HOST, {"x": 5})
    with pytest.raises(FeelError, match=r"table « t », entrée « x »"):
        small("FIRST", ROWS).decide(HOST, {})


def test_a_value_outside_the_head_of_its_column_is_refused():
    t = Table("t", (Input("x", "Pays", None, '"FR","ES"'),), (Output("o", None, None, None),), (Rule(("-",), ("1",)),))
    assert t.decide(HOST, {"x": "FR"}) == (1, [1])
    assert t.decide(HOST, {"x": None}) == (1, [1])
    with pytest.raises(FeelError, match="« Pays » n'est pas dans la liste permise"):
        t.decide(HOST, {"x": "DE"})


# ---------------------------------------------------------------- files
FILE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="f" name="f" namespace="n">
  <decision id="niveau" name="niveau">
    <informationRequirement id="r"><requiredDecision href="#total"/></informationRequirement>
    <decisionTable id="t" hitPolicy="{policy}">
      <input id="i" label="Total"><inputExpression id="e" typeRef="number"><text>total</text></inputExpression></input>
      <output id="o" name="niveau"><defaultOutputEntry id="d"><text>"haut"</text></defaultOutputEntry></output>
      <rule id="r1"><description>peu</description><inputEntry id="c1"><text>&lt; 10</text></inputEntry><outputEntry id="o1"><text>"bas"</text></outputEntry></rule>
      <rule id="r2"><inputEntry id="c2"><text></text></inputEntry>{second}</rule>
    </decisionTable>
  </decision>
  <decision id="total" name="Somme de deux"><variable id="v" name="total"/>{requires}<literalExpression id="l"><text>a + b</text></literalExpression></decision>
</definitions>"""  # noqa: E501
SECOND = '<outputEntry id="o2"><text>"moyen"</text></outputEntry>'


def file(policy="FIRST", second=SECOND, requires=""):
    return FILE.format(policy=policy, second=second, requires=requires).encode()


def test_a_file_gives_its_decisions_and_those_they_require():
    decisions = tables.read(file())
    assert decisions["niveau"].requires == ("total",)
    assert [rule.note for rule in decisions["niveau"].logic.rules] == ["peu", ""]
    assert decisions["niveau"].decide(decisions, HOST, {"a": 1, "b": 2}) == ("bas", {"niveau": [1]})
    assert decisions["niveau"].decide(decisions, HOST, {"a": 10, "b": 2}) == ("moyen", {"niveau": [2]})


def test_a_decision_that_needs_itself_or_another_file_is_refused():
    itself = '<informationRequirement id="q"><requiredDecision href="#niveau"/></informationRequirement>'
    decisions = tables.read(file(requires=itself))
    with pytest.raises(FeelError, match="dépend d'elle-même"):
        decisions["niveau"].decide(decisions, HOST, {"a": 1, "b": 2})
    with pytest.raises(FeelError, match="demande « total », qui n'est pas dans ces fichiers"):
        decisions["niveau"].decide({}, HOST, {"a": 1, "b": 2})


REFUSED = [
    (b"", "n'est pas du XML"),
    (b"<definitions", "n'est pas du XML"),
    (b"<!DOCTYPE d [<!ENTITY a 'b'>]><d>&a;</d>", "DOCTYPE"),
    (b"<d>" + b" " * 2_000_001 + b"</d>", "trop grand"),
    (file(policy="BEST"), "politique « BEST » inconnue"),
    (file(second=""), "ligne 2 : il n'y a pas une case pour chaque colonne"),
    (file().replace(b'id="total"', b'id="niveau"'), "écrite deux fois"),
    (file().replace(b"literalExpression", b"invocation"), "ni table ni expression"),
]


@pytest.mark.parametrize(("xml", "why"), REFUSED, ids=range(len(REFUSED)))
def test_a_file_that_is_not_what_we_use_is_refused(xml, why):
    with pytest.raises(FeelError, match=why):
        tables.read(xml)
