"""Scenario files: each fault is planted in a clean one by a small edit, and named with its line, its cure and what is near."""

import pytest

from app.cli.check import offered
from app.scenarios import conditions, expectations, given_records, player
from workflows.checks import Bundle, Known, scenarios
from workflows.scenarios import vocabulary

from .clean import clean

KNOWN = Known(
    users=frozenset({"U-1", "U-2"}),
    posts=frozenset({"ABJ", "DKR"}),
    calendars=frozenset({"CENTRAL", "ABJ"}),
    budget_lines=frozenset({"SECOURS"}),
    refusals=frozenset({"four_eyes", "not_your_role"}),
)
CLEAN = """\
title: {fr: Essai, en: Trial}
given:
  at: '2026-05-04T08:00:00Z'
  post: ABJ
  settings: {plafond: 100000}
  calendars: {ABJ: {weekend: [5, 6]}}
  holidays: [{calendar: CENTRAL, date: 2026-05-05}]
  budget: {SECOURS: 500000}
  users: {U-901: {post: ABJ, grants: [{role: agent, posts: [ABJ]}]}}
steps:
- start: {by: agent@ABJ}
- do: noter
  by: U-1
  at: +1d 2h
  with: {montant: 5000, accord: oui}
  expect:
    open: [decider]
    due: {decider: '2026-05-07T16:00:00Z'}
- {refuse: decider, by: U-901, reason: four_eyes}
- {refuse: noter, by: U-1, reason: montant}
- {message: MSG_RETRAIT, with: {montant: 1, accord: non}, taken: false}
- {wait: 2d, expect: {inbox: {comptable@DKR: []}, sees: {U-2: rien}, facts: {tours: 1}}}
- {holiday: {calendar: ABJ, date: 2026-05-08}}
- {start: {by: agent, as: autre, type: AUT}}
- {do: ailleurs, case: autre, with: {quelconque: 1}}
expect: {status: en_cours, path: [noter, decider, MSG_RETRAIT], money: {asked: 0}, lines: {SECOURS: {used: 0}}, sent: [rappel]}
"""
VARIED = """\
title: {fr: Essai, en: Trial}
given: {at: '2026-05-04T08:00:00Z', post: ABJ, bring: {to: decider, answers: {noter: {accord: oui}}}}
variants:
  un: {steps: [{wait: 1h}], expect: {}}
  deux: {given: {priority: P1}, steps: [{together: [{do: decider, by: U-1}, {do: decider, by: U-2}], lost: {four_eyes: 1}}]}
"""


def found(text: str, child: str = "AUTRE") -> list:
    files = {path: content.encode() if isinstance(content, str) else content for path, content in clean().items()}
    files["case_type.yaml"] += f"operation: {{child: {child}}}\n".encode()
    return sorted(scenarios.check(Bundle("essai", files, [], KNOWN, trials={"scenarios/un.yaml": text.encode()})))


PASSED = """\
title: {fr: Essai, en: Trial}
given: {at: '2026-05-04T08:00:00Z', post: ABJ}
steps:
- {passage: debut, values: {montant: 3, quand: +1h}}
- list:
  - &un {cle: '1', montant: 5}
  - {<<: *un, cle: '2'}
  by: U-1
expect: {facts: {montant: 3}}
passages:
  debut:
    values: {choix: oui, cas: dossier}
    lines:
    - {start: {by: agent}}
    - {do: noter, case: $cas, by: U-1, at: $quand, with: {montant: $montant, accord: $choix}}
"""


@pytest.mark.parametrize("text", [CLEAN, VARIED, PASSED])
def test_clean_scenarios_have_no_finding(text):
    assert [(one.line, one.message.en) for one in found(text)] == []


def test_of_children_of_another_folder_nothing_is_known_here():
    children = """\
title: {fr: Essai, en: Trial}
given: {at: '2026-05-04T08:00:00Z', post: ABJ}
steps:
- {list: [{cle: '1'}], by: U-1, as: [un]}
- {child: deux, by: U-1}
- {do: ailleurs, case: un, by: U-1, with: {quelconque: 1}, expect: {open: [encore]}}
- {do: ailleurs, case: deux, by: U-1}
- {case: AUT, as: second, wait: 1h}
- {do: ailleurs, case: second, by: U-1}
expect: {}
"""
    assert [(one.rule, one.element) for one in found(children)] == []
    assert ("scenario-name-unknown", "ailleurs") in [(one.rule, one.element) for one in found(children, child="ESS")]


FAULTS = [
    ("title: {fr: Essai, en: Trial}", "title: {fr: Essai, en: Trial", "scenario-unreadable", "", ""),
    ("  post: ABJ\n", "", "scenario-part-missing", "given.post", ""),
    ("steps:\n", "etapes:\n", "scenario-word-unknown", "etapes", ""),
    ("settings: {plafond", "setings: {plafond", "scenario-word-unknown", "setings", "settings"),
    ("do: noter", "doo: noter", "scenario-word-unknown", "doo", ""),
    ("    open: [decider]", "    opens: [decider]", "scenario-word-unknown", "opens", "open"),
    ("  by: U-1\n", "  by: U-1\n  by: U-2\n", "scenario-word-twice", "by", ""),
    ("- do: noter", "- do: noter\n  note: x", "scenario-line", "note", ""),
    ("- {wait: 2d, expect", "- {by: U-1, lost: {}, label: x}\n- {wait: 2d, expect", "scenario-line", "", ""),
    (", by: U-901, reason: four_eyes", ", by: U-901", "scenario-part-missing", "reason", ""),
    ("at: +1d 2h", "at: +1 jour", "scenario-shape", "at", ""),
    ("at: +1d 2h", "at: demain", "scenario-shape", "at", ""),
    ("at: '2026-05-04T08:00:00Z'", "at: lundi", "scenario-shape", "at", ""),
    ("wait: 2d", "wait: deux jours", "scenario-shape", "wait", ""),
    ("open: [decider]", "open: decider", "scenario-shape", "open", ""),
    ("taken: false", "taken: non", "scenario-shape", "taken", ""),
    ("asked: 0", "asked: rien", "scenario-shape", "asked", ""),
    ("start: {by: agent@ABJ}", "start: agent", "scenario-shape", "start", ""),
    ("do: noter", "do: notre", "scenario-name-unknown", "notre", "noter"),
    ("open: [decider]", "open: [decidre]", "scenario-name-unknown", "decidre", "decider"),
    ("calendars: {ABJ", "calendars: {ABJI", "scenario-name-unknown", "ABJI", "ABJ"),
    ("holidays: [{calendar: CENTRAL", "holidays: [{calendar: CENTRALE", "scenario-name-unknown", "CENTRALE", "CENTRAL"),
    ("holiday: {calendar: ABJ", "holiday: {calendar: LUNE", "scenario-name-unknown", "LUNE", ""),
    ("due: {decider", "due: {decidre", "scenario-name-unknown", "decidre", "decider"),
    ("montant: 5000", "montnat: 5000", "scenario-name-unknown", "montnat", "montant"),
    ("accord: oui", "accord: ouii", "scenario-choice-unknown", "accord", "oui"),
    ("facts: {tours", "facts: {torus", "scenario-name-unknown", "torus", "tours"),
    ("message: MSG_RETRAIT", "message: MSG_RETRAT", "scenario-name-unknown", "MSG_RETRAT", "MSG_RETRAIT"),
    ("MSG_RETRAIT, with: {montant", "MSG_RETRAIT, with: {montan", "scenario-name-unknown", "montan", "montant"),
    ("by: U-901", "by: U-902", "scenario-name-unknown", "U-902", "U-901"),
    ("agent@ABJ", "agnet@ABJ", "scenario-name-unknown", "agnet", "agent"),
    ("agent@ABJ", "agent@ABI", "scenario-name-unknown", "ABI", ""),
    ("reason: four_eyes", "reason: four_eye", "scenario-name-unknown", "four_eye", "four_eyes"),
    ("plafond: 100000", "plafon: 100000", "scenario-name-unknown", "plafon", "plafond"),
    ("budget: {SECOURS", "budget: {SECOUR", "scenario-name-unknown", "SECOUR", "SECOURS"),
    ("sees: {U-2: rien", "sees: {U-2: rienn", "scenario-name-unknown", "rienn", "rien"),
    ("sent: [rappel]", "sent: [rapel]", "scenario-name-unknown", "rapel", "rappel"),
    ("case: autre", "case: autr", "scenario-name-unknown", "autr", ""),
]


@pytest.mark.parametrize(("old", "new", "rule", "element", "near"), FAULTS)
def test_a_fault_is_named(old, new, rule, element, near):
    assert old in CLEAN
    faulty = CLEAN.replace(old, new, 1)
    named = [one for one in found(faulty) if (one.rule, one.element) == (rule, element)]
    assert named, [(one.rule, one.element) for one in found(faulty)]
    (one, *_) = named
    line = faulty.split("\n")[one.line - 1]
    assert element.rpartition(".")[2] in line or rule in ("scenario-part-missing", "scenario-unreadable", "scenario-line")
    if near:
        assert f"Did you mean “{near}”?" in one.message.en
        assert f"Vouliez-vous « {near} » ?" in one.message.fr


@pytest.mark.parametrize(
    ("old", "new", "rule", "element", "line"),
    [
        ("passage: debut", "passage: fin", "scenario-name-unknown", "fin", 4),
        ("quand: +1h", "quand: demain", "scenario-shape", "at", 4),
        ("montant: 3, quand", "montnat: 3, quand", "scenario-word-unknown", "montnat", 4),
        ("montant: 3, quand", "quand", "scenario-part-missing", "values.montant", 4),
        ("choix: oui", "choix: ouii", "scenario-choice-unknown", "accord", 12),
        ("do: noter", "do: notre", "scenario-name-unknown", "notre", 15),
        ("- {start: {by: agent}}", "- {passage: debut}", "scenario-line", "debut", 14),
        ("cle: '2'}", "cle: '2', cle: '3'}", "scenario-word-twice", "cle", 7),
    ],
)
def test_a_passage_is_read_once_and_its_values_are_what_its_lines_ask(old, new, rule, element, line):
    assert old in PASSED
    assert (rule, element, line) in {(one.rule, one.element, one.line) for one in found(PASSED.replace(old, new, 1))}


def test_aliases_that_hide_thousands_are_refused_in_a_moment():
    lines = "".join(f"- &a{n} {{together: [{', '.join([f'*a{n - 1}'] * 9)}]}}\n" for n in range(1, 12))
    assert "scenario-unreadable" in {one.rule for one in found(f"steps:\n- &a0 {{wait: 1h}}\n{lines}")}


@pytest.mark.parametrize(
    "text", ["", "[]", "a", "&a {title: *a, given: *a, steps: [*a], expect: *a}", "{? [a]: b}", "steps: [{together: 1}]"]
)
def test_any_file_gets_an_answer(text):
    assert found(text)


def test_the_vocabulary_is_what_is_played():
    """Every word, part and amount that the check knows is one that the player does, and the other way round."""
    assert set(vocabulary.WORDS) == set(player.VERBS)
    assert set(vocabulary.EXPECT.known) == set(expectations.PARTS)
    assert set(vocabulary.GIVEN.known) == {*conditions.PARTS, "at", "post", "header", "priority", "facts", "bring"}
    people, bodies = (vocabulary.GIVEN.known[part].of.known for part in ("people", "bodies"))
    assert (set(people), set(bodies)) == (set(given_records.PERSON), set(given_records.BODY))


def test_the_command_knows_whom_scenarios_are_played_with():
    known = offered()
    assert "U-01" in known.users
    assert "ABJ" in known.posts
    assert known.budget_lines and "ML-CENTRAL" in known.calendars
    assert "four_eyes" in known.refusals
