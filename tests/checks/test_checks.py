"""The checks as a whole: a clean tree is clean, hostile files make findings and no tracebacks, every rule is explained."""

import importlib
import json
import pkgutil
import random
import re
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

import workflows.checks
from app.cli.bpmn import bpmn
from app.cli.check import check_command
from workflows.checks import ERROR, FAMILIES, check_bundle, check_paths
from workflows.checks.finding import Rule
from workflows.errors import BadDefinition

from .build import bundle
from .clean import changed, clean, shared

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "checks"


def all_rules() -> dict[str, Rule]:
    modules = [importlib.import_module(f"workflows.checks.{found.name}") for found in pkgutil.iter_modules(workflows.checks.__path__)]
    return {rule.name: rule for module in modules for rule in vars(module).values() if isinstance(rule, Rule)}


def write(folder: Path, files: dict) -> Path:
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@pytest.fixture
def tree(tmp_path):
    """The clean case type and its shared folder as a tree of folders."""
    own = {path: text for path, text in clean().items() if not path.startswith("_shared/")}
    write(tmp_path / "bpmn" / "essai", own)
    write(tmp_path / "bpmn" / "_shared", shared())
    return tmp_path / "bpmn"


def test_a_clean_tree_has_no_finding(tree):
    assert check_paths([tree]) == []


def test_the_ministrys_tree_is_clean_and_checked_in_seconds():
    began = time.process_time()
    found = [finding for finding in check_paths([ROOT / "bpmn"]) if finding.level == ERROR]
    spent = time.process_time() - began
    assert [f"{f.file}:{f.line} {f.rule} {f.message.fr}" for f in found] == []
    types = len([*(ROOT / "bpmn").glob("*/case_type.yaml")])
    assert spent < 1.5 * types  # of one processor, on the slowest machine we know


def test_all_findings_come_at_once_and_in_order(tree):
    broken = changed("process.bpmn", '=accord = "oui"', '=acord = "oui"')["process.bpmn"]
    (tree / "essai" / "process.bpmn").write_bytes(broken)
    (tree / "essai" / "A.form").write_text("{", encoding="utf-8")
    found = check_paths([tree])
    assert {"expression-name", "form-not-json"} <= {f.rule for f in found}
    assert found == sorted(found)


def test_what_the_engine_alone_refuses_is_said_when_all_else_is_right(monkeypatch):
    def refuse(_):
        raise BadDefinition("ce type n'est pas lisible")

    monkeypatch.setattr(workflows.checks.engine.CaseType, "read", refuse)
    assert [f.rule for f in check_bundle(bundle(clean()))] == ["engine-refuses"]
    assert "engine-refuses" not in {f.rule for f in check_bundle(bundle(clean() | {"A.form": "{"}))}


def test_a_file_or_a_folder_may_be_asked_alone(tree):
    (tree / "essai" / "A.form").write_text("{", encoding="utf-8")
    assert {f.rule for f in check_paths([tree / "essai" / "A.form"])} == {"form-not-json"}
    assert check_paths([tree / "_shared"]) == []
    assert "form-not-json" in {f.rule for f in check_paths([tree / "essai"])}


def test_the_texts_of_every_rule_are_in_two_languages_and_end_as_sentences():
    for rule in all_rules().values():
        for text in (rule.message, rule.cure):
            assert text.fr and text.en, rule.name
            assert text.fr != text.en or "{" in text.fr, rule.name


def test_every_rule_is_explained():
    pages = "\n".join(page.read_text(encoding="utf-8") for page in DOCS.glob("*.md"))
    explained = set(re.findall(r"`([a-z0-9-]+)`", pages))
    assert set(all_rules()) - explained == set()


def test_every_rule_has_a_test():
    files = [*Path(__file__).parent.glob("test_*.py"), *Path(__file__).parent.glob("planted*.py")]
    tested = "\n".join(path.read_text(encoding="utf-8") for path in files)
    untested = {name for name in all_rules() if f'"{name}"' not in tested}
    assert untested <= {"check-failed", "file-not-utf8"}


def test_every_family_has_its_page():
    for family in FAMILIES:
        assert (DOCS / f"{family.__name__.rpartition('.')[2]}.md").is_file(), family.__name__


def test_a_file_that_is_not_utf8_is_found(tree):
    (tree / "essai" / "letters" / "rappel.txt").write_bytes("été".encode("latin-1"))
    assert "file-not-utf8" in {f.rule for f in check_paths([tree])}


@pytest.mark.parametrize("seed", range(12))
def test_damaged_files_make_findings_and_never_a_failed_check(seed):
    chance, files = random.Random(seed), clean()
    for path in chance.sample(sorted(files), 6):
        content = files[path] if isinstance(files[path], bytes) else files[path].encode()
        at, size = chance.randrange(len(content)), chance.randrange(1, 60)
        words = [b'id=""', b"&amp;", b"null", b"{}", b"[]", b"\xff", b"<a/>", b'"', b"99999999999999999999", b"="]
        files[path] = content[:at] + b"".join(chance.choices(words, k=3)) + content[at + size :]
    found = check_bundle(bundle(files))
    assert "check-failed" not in {f.rule for f in found}, [f.message.fr for f in found if f.rule == "check-failed"]


@pytest.mark.parametrize("seed", range(12))
def test_attributes_taken_away_make_findings_and_never_a_failed_check(seed):
    chance, files = random.Random(seed), clean()
    for path in ("process.bpmn", "phase.bpmn", "decisions.dmn", "_shared/sp_pay.bpmn"):
        text = files[path].decode() if isinstance(files[path], bytes) else files[path]
        said = re.findall(r' [\w:]+="[^"]*"', text[400:])
        for found in chance.sample(said, min(8, len(said))):
            text = text.replace(found, "", 1)
        files[path] = text
    found = check_bundle(bundle(files))
    assert "check-failed" not in {f.rule for f in found}, [f.message.fr for f in found if f.rule == "check-failed"]


def test_a_mistake_of_a_check_hides_no_other_finding(monkeypatch):
    def broken(_):
        raise KeyError("boom")

    monkeypatch.setattr(FAMILIES[0], "check", broken)
    found = {f.rule for f in check_bundle(bundle(changed("process.bpmn", "R3/P3D", "R3/PT1M")))}
    assert {"check-failed", "timer-cycle-fast"} <= found


# ---------------------------------------------------------------- commands
def test_the_command_ends_with_0_1_and_2(tree):
    assert CliRunner().invoke(check_command, [str(tree)]).exit_code == 0
    (tree / "essai" / "B.form").write_text("{", encoding="utf-8")
    assert CliRunner().invoke(check_command, [str(tree)]).exit_code == 1
    assert CliRunner().invoke(check_command, [str(tree / "nowhere")]).exit_code == 2


def test_the_command_says_the_place_and_the_cure_in_both_languages(tree):
    (tree / "essai" / "B.form").write_text("{", encoding="utf-8")
    french = CliRunner().invoke(check_command, [str(tree / "essai" / "B.form")])
    assert "B.form:1: form-not-json: Le formulaire n'est pas du JSON lisible" in french.output
    assert "→ Le rouvrir et l'enregistrer avec le Modeler." in french.output
    english = CliRunner().invoke(check_command, [str(tree / "essai" / "B.form"), "--lang", "en"])
    assert "The form is not readable JSON" in english.output


def test_the_command_writes_json_for_programs(tree):
    (tree / "essai" / "B.form").write_text("{", encoding="utf-8")
    result = CliRunner().invoke(check_command, [str(tree / "essai" / "B.form"), "--json"])
    (finding,) = json.loads(result.stdout)
    assert (finding["rule"], finding["line"], set(finding["cure"])) == ("form-not-json", 1, {"fr", "en"})


def test_the_layout_command_draws_what_is_stale_and_says_so(tree):
    path = tree / "essai" / "process.bpmn"
    drawn = path.read_bytes()
    path.write_bytes(drawn.replace(b' x="', b' x="1', 1))
    checked = CliRunner().invoke(bpmn, ["layout", str(tree), "--check"])
    assert (checked.exit_code, "process.bpmn" in checked.output) == (1, True)
    assert CliRunner().invoke(bpmn, ["layout", str(tree)]).exit_code == 0
    assert path.read_bytes() == drawn
    assert CliRunner().invoke(bpmn, ["layout", str(tree), "--check"]).exit_code == 0


def test_the_layout_command_names_a_file_that_cannot_be_drawn(tree):
    (tree / "essai" / "bad.bpmn").write_text("<a", encoding="utf-8")
    result = CliRunner().invoke(bpmn, ["layout", str(tree)])
    assert result.exit_code == 2
    assert "bad.bpmn" in result.output
