"""What the scenario language says besides steps: variants of one beginning, people, earlier aid, and a case brought to a step."""

from pathlib import Path

import pytest

from app.db.users import User
from app.extensions import db
from app.scenarios.reading import BadScenario, read_all
from app.scenarios.running import run

GIVEN = "given: {at: '2026-05-04T08:00:00Z', post: ABJ, header: {pays_evenement: CI, canal: guichet}"
VARIED = f"""
title: {{fr: Une question, en: A question}}
{GIVEN}, bring: {{to: qualifier, answers: {{enregistrer_avis: {{argent_demande: false, anonyme: true}}}}}}}}
expect: {{status: en_cours}}
variants:
  question:
    steps: [{{do: qualifier, by: U-35, with: {{type_avi: question, theme_avi: information}}, expect: {{open: [instruire]}}}}]
  attente: {{steps: [{{wait: 1d, expect: {{open: [qualifier]}}}}]}}
  ailleurs: {{steps: [{{wait: 1h}}], expect: {{open: [instruire]}}}}
"""
PEOPLE = f"""
title: {{fr: Une nouvelle agente, en: Somebody new}}
{GIVEN},
  users: {{U-901: {{post: ABJ, name: Fofana, grants: [{{role: agent_consulaire, posts: [ABJ]}}]}}, U-02: {{grants: []}}}},
  aid: [{{person: P-0069, line: PROT-SOC, amount: 300000}}], calendars: {{ABJ: {{weekend: [4, 5, 6]}}}}}}
steps: [{{bring: {{to: enregistrer_avis, by: U-901}}, expect: {{inbox: {{U-901: [enregistrer_avis]}}}}}}]
expect: {{status: en_cours}}
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "essai.yaml"
    path.write_text(text, "utf-8")
    return path


def test_variants_share_a_beginning_and_a_case_is_brought_to_a_step(ministry_sqlite, tmp_path):
    results = {name: run("AVI", name, scenario, tmp_path) for name, scenario in read_all(written(tmp_path, VARIED)).items()}
    assert {name: result.wrong for name, result in results.items()} == {
        "essai/question": "",
        "essai/attente": "",
        "essai/ailleurs": "étapes ouvertes : attendu instruire, vu qualifier (à la place 1 : instruire ≠ qualifier)",
    }


def test_people_calendars_and_earlier_aid_are_given_and_taken_back(ministry_sqlite, tmp_path):
    (scenario,) = read_all(written(tmp_path, PEOPLE)).values()
    result = run("AVI", "essai", scenario, tmp_path)
    assert result.ok, f"line {result.line}: {result.wrong}"
    known = {user.code: user for user in db.session.query(User).filter(User.code.in_(["U-901", "U-02"]))}
    assert not known["U-901"].active
    assert known["U-02"].grants


PASSED = f"""
title: {{fr: Un passage, en: A passage}}
{GIVEN}}}
passages:
  deux: {{values: {{apres: 1h}}, lines: [{{wait: $apres}}, {{passage: trois}}]}}
  trois: {{lines: [{{wait: 3d}}]}}
  rond: {{lines: [{{passage: rond}}]}}
steps: [{{passage: deux}}, {{passage: deux, values: {{apres: 2h}}}}]
expect: {{}}
"""


def test_a_passage_stands_for_its_lines_with_its_values_or_those_given(tmp_path):
    (scenario,) = read_all(written(tmp_path, PASSED)).values()
    assert scenario["steps"] == [{"wait": "1h"}, {"wait": "3d"}, {"wait": "2h"}, {"wait": "3d"}]


@pytest.mark.parametrize(
    ("steps", "said"), [("[{passage: quatre}]", "inconnu"), ("[{passage: rond}]", "lui-même"), ("[{passage: deux, at: 1h}]", "values")]
)
def test_a_passage_that_cannot_be_told_is_said(tmp_path, steps, said):
    with pytest.raises(BadScenario, match=said):
        read_all(written(tmp_path, PASSED.replace("[{passage: deux}, {passage: deux, values: {apres: 2h}}]", steps)))


@pytest.mark.parametrize("text", ["variants: {a: 1}", f"title: a\n{GIVEN}}}\nvariants: {{a: {{expect: {{}}}}}}\nexpect: x"])
def test_a_variant_that_is_no_scenario_is_said(tmp_path, text):
    with pytest.raises(BadScenario, match=r"variants|given"):
        read_all(written(tmp_path, text))
