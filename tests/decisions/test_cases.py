"""Every case of every decision: the answer, and the rows that give it. Every row is tried by some case."""

import pytest

from workflows.feel.tables import Table

from .reading import case_files, folders, name_of, own_decisions, read_cases, tried

EVERY_DECISION = [(folder, name) for folder in folders() for name in own_decisions(folder)]


def test_there_are_decisions():
    assert EVERY_DECISION


@pytest.mark.parametrize("path", case_files(), ids=name_of)
def test_the_cases_of_a_decision(path):
    wrong = [
        f"cas {case['n']} : attendu {case['attendu']} lignes {case['lignes']}, obtenu {out} lignes {rows}"
        for case, out, rows in tried(path)
        if (out, rows) != (case["attendu"], case["lignes"])
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", case_files(), ids=name_of)
def test_a_case_file_is_about_a_decision_of_its_folder(path):
    assert read_cases(path)["decision"] == path.stem
    assert path.stem in own_decisions(path.parents[1])


@pytest.mark.parametrize(("folder", "name"), EVERY_DECISION, ids=[f"{folder.name}/{name}" for folder, name in EVERY_DECISION])
def test_every_row_is_tried(folder, name):
    path = folder / "tests" / f"{name}.json"
    assert path.exists(), f"{name} : aucun cas ; écrire {path.relative_to(folder.parent)}"
    fired = {row for _, _, rows in tried(path) for row in rows}
    logic = own_decisions(folder)[name].logic
    rules = logic.rules if isinstance(logic, Table) else ()
    assert [n for n in range(1, len(rules) + 1) if n not in fired] == [], "lignes jamais essayées"
