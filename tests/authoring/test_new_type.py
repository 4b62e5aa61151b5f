"""A new case type is a folder and nothing else: made by the command it checks, is drawn, is published and runs, with no line of Python
and none of the shared folder changed."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.case_type import case_type
from app.db.transaction import transaction
from app.scenarios.reading import read
from app.scenarios.running import run
from app.services import clock, versions
from workflows.checks import check_paths
from workflows.feel import Host, tables
from workflows.layout import is_sealed

BPMN = Path(__file__).parents[2] / "bpmn"
NAMES = ["--fr", 'Visa « long » d\'étude & de "recherche"', "--en", "Long visa"]


@pytest.fixture
def tree(tmp_path):
    """A scratch tree: the shared folder, and room for a type."""
    shutil.copytree(BPMN / "_shared", tmp_path / "bpmn" / "_shared")
    return tmp_path / "bpmn"


def new(tree: Path, *words: str):
    return CliRunner().invoke(case_type, ["new", *words, "--in", str(tree)])


def test_the_new_type_checks_is_drawn_and_runs(tree, ministry_sqlite, tmp_path):
    made = new(tree, "VISA2", *NAMES)
    assert made.exit_code == 0, made.output
    assert [f"{f.rule} {f.element} {f.message.fr}" for f in check_paths([tree / "visa2"])] == []
    assert is_sealed((tree / "visa2" / "process.bpmn").read_bytes())
    transaction(lambda unit: versions.deploy_folder(unit.session, tree, unit.now), clock.now)
    path = tree / "visa2" / "scenarios" / "ordinaire.yaml"
    result = run("VISA2", path.stem, read(path), tmp_path)
    assert result.ok, f"{result.line}: {result.wrong}"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["visa"], "n'est pas un code"),
        (["V"], "n'est pas un code"),
        (["VISA2", "--folder", "_shared"], "existe déjà"),
        (["VISA2", "--folder", "a/b"], "n'existe pas"),
        (["VISA", "--folder", "other"], "est déjà celui de"),
    ],
)
def test_what_cannot_be_made_is_said_and_nothing_is_written(tree, words, said):
    assert new(tree, "VISA").exit_code == 0
    before = sorted(tree.rglob("*"))
    refused = new(tree, *words)
    assert (refused.exit_code, said in refused.output) == (2, True)
    assert sorted(tree.rglob("*")) == before


@pytest.mark.parametrize("name", ["fund_niveau", "clo_valideur"])
def test_shared_tables_answer_for_a_type_that_nobody_knew(name):
    decision = tables.read((BPMN / "_shared" / "decisions.dmn").read_bytes())[name]
    known = {
        "fund_cumul": 100_000, "operation": False, "type_dossier": "VISA2", "priorite": "P3", "regie_solde": None,
        "depenses_operations_mois": None, "apres_comite": None, "confidentialite": "C2", "total_paye_dossier": 0,
        "reglages": {"fund_plafond_chef_poste": 1, "fund_plafond_chef_poste_operations": 1, "fund_plafond_chef_departement": 500_000,
                     "clo_seuil_delegue_general": 1},
    }  # fmt: skip
    answer, rows = decision.logic.decide(Host(), known)
    assert rows
    assert "chef_departement" in (answer["niveau"] if isinstance(answer, dict) else answer)
