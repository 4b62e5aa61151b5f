"""A new case type is a folder and nothing else: made by the command it checks, is drawn, is published and runs, with no line of Python
and none of the shared folder changed."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.case_type import case_type
from app.config import ROOT
from tests.support.applications import make_app
from workflows.checks import check_paths
from workflows.feel import Host, tables
from workflows.layout import is_sealed

BPMN, PAGE = ROOT / "bpmn", ROOT / "docs" / "adding-a-case-type.md"
NAMES = ["--fr", 'Visa « long » d\'étude & de "recherche"', "--en", "Long visa"]


@pytest.fixture
def tree(tmp_path):
    """A scratch tree: the shared folder, and room for a type."""
    shutil.copytree(BPMN / "_shared", tmp_path / "bpmn" / "_shared")
    return tmp_path / "bpmn"


def new(tree: Path, *words: str):
    return CliRunner().invoke(case_type, ["new", *words, "--in", str(tree)])


def commands(page: Path) -> list[str]:
    """The commands of a page in their order, as somebody would copy them: those of the application one by one, what is between together."""
    blocks = "".join(re.findall(r"^```sh\n(.*?)^```$", page.read_text("utf-8"), re.DOTALL | re.MULTILINE))
    return [part for part in re.split(r"^(flask .*)\n", blocks, flags=re.MULTILINE) if part.strip()]


def test_the_walk_of_the_page_is_true(tmp_path, monkeypatch):
    """The page's own commands, from nothing to aid that is paid: each shows what the page says behind it."""
    monkeypatch.chdir(tmp_path)
    runner = make_app(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "var").test_cli_runner()
    shown = 0
    for command in commands(PAGE):
        if not command.startswith("flask "):
            subprocess.run(["bash", "-e", "-c", command.replace("python ", f"{sys.executable} ")], check=True, timeout=60)
            continue
        line, _, seen = command.partition("#")
        result = runner.invoke(args=shlex.split(line)[1:])
        assert seen.strip() in result.output, f"{line}: {result.output or result.exception}"
        shown += bool(seen)
    assert shown == 8
    assert is_sealed(Path("essai/visa/process.bpmn").read_bytes())
    assert len(list((tmp_path / "var" / "scenarios").glob("*.db"))) == 2, "filled once for each version of the folder"


def test_any_name_can_be_given(tree):
    made = new(tree, "VISA2", *NAMES)
    assert made.exit_code == 0, made.output
    assert [f"{f.rule} {f.element} {f.message.fr}" for f in check_paths([tree / "visa2"])] == []


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
