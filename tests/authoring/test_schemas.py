"""The JSON Schemas for editors: they are those that the command writes, take every file of the tree and refuse what the reader refuses."""

import json
import re
from pathlib import Path

import fastjsonschema
import pytest
import yaml
from click.testing import CliRunner

from app.cli.case_type import STARTER, case_type
from app.schemas import MADE, written
from workflows import sheet_words
from workflows.folder import SCHEMAS, read_yaml
from workflows.scenarios import words

BPMN = Path(__file__).parents[2] / "bpmn"
OF = {
    "case_type": "*/case_type.yaml",
    "child": "*/child.yaml",
    "shared": "_shared/shared.yaml",
    "roles": "_shared/roles.yaml",
    "settings": "*/settings.yaml",
    "uncovered": "*/tests/uncovered.yaml",
    "scenario": "*/scenarios/*.yaml",
}
WHOLE = "process: p, name: &t {fr: a, en: b}, description: *t, reference: A, retention: {years: 1}, start: {roles: [a]}"
MODELINE = "# yaml-language-server: $schema="


class Plain(yaml.CSafeLoader):
    """As an editor reads YAML: a date is a text."""


Plain.yaml_implicit_resolvers = {
    first: [(tag, form) for tag, form in known if not tag.endswith(("timestamp", ":bool"))]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Plain.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|false)$"), list("tf"))


def validator(kind: str):
    return fastjsonschema.compile(json.loads(written()[f"{kind}.json"]))


def read(path: Path):
    return yaml.load(path.read_text("utf-8"), Plain)


def test_the_schemas_that_lie_in_the_tree_are_those_that_the_command_writes(tmp_path):
    assert {path.name: path.read_text("utf-8") for path in (BPMN / SCHEMAS).iterdir()} == written()
    assert CliRunner().invoke(case_type, ["schemas", "--in", str(tmp_path)]).exit_code == 0
    assert {path.name: path.read_text("utf-8") for path in (tmp_path / SCHEMAS).iterdir()} == written()
    assert CliRunner().invoke(case_type, ["schemas", "--in", str(tmp_path / "nowhere")]).exit_code == 2


@pytest.mark.parametrize("kind", OF)
def test_every_file_of_the_tree_is_taken(kind):
    assert set(OF) == set(MADE)
    valid, wrong = validator(kind), {}
    for path in BPMN.glob(OF[kind]):
        try:
            valid(read(path))
        except fastjsonschema.JsonSchemaException as error:
            wrong[str(path.relative_to(BPMN))] = error.message
    assert wrong == {}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("case_type", "code: ABC"),
        ("case_type", f"{{code: abc, {WHOLE}}}"),
        ("case_type", f"{{code: ABC, {WHOLE}, colour: red}}"),
        ("child", "{code: ABC, colour: red}"),
        ("shared", "{lanes: {A: {role: a, at: nowhere}}}"),
        ("roles", "{roles: {a: {fr: a, en: b, at: post}}}"),
        ("settings", "{plafond: {unit: XOF}}"),
        ("uncovered", "{p: {a: ''}}"),
        ("scenario", "{title: {fr: a}, given: {at: '2026-05-04T08:00:00Z', post: ABJ}, steps: []}"),
        ("scenario", "{title: {fr: a}, given: {}, steps: [{doo: noter}], expect: {}}"),
        ("scenario", "{title: {fr: a}, given: {}, steps: [{do: noter, note: x}], expect: {}}"),
        ("scenario", "{title: {fr: a}, given: {}, steps: [{refuse: noter, by: U-1}], expect: {}}"),
        ("scenario", "{title: {fr: a}, given: {}, steps: [{wait: deux jours}], expect: {}}"),
        ("scenario", "{title: {fr: a}, given: {}, steps: [], expect: {opens: []}}"),
    ],
)
def test_what_cannot_be_read_is_refused(kind, text):
    validator("case_type")(yaml.load(f"{{code: ABC, {WHOLE}}}", Plain))
    with pytest.raises(fastjsonschema.JsonSchemaException):
        validator(kind)(yaml.load(text, Plain))


def said_of(part, held_by=""):
    """(what holds it, key, what is said of it) of every key of a schema."""
    if isinstance(part, list):
        for one in part:
            yield from said_of(one, held_by)
    elif isinstance(part, dict):
        for key, form in part.get("properties", {}).items():
            yield held_by, key, form.get("description", "")
            yield from said_of(form, key)
        for name, inner in part.items():
            if name == "definitions":
                for held, one in inner.items():
                    yield from said_of(one, held)
            elif name != "properties":
                yield from said_of(inner, held_by)


@pytest.mark.parametrize("kind", OF)
def test_an_editor_says_what_each_key_means(kind):
    told = list(said_of(json.loads(written()[f"{kind}.json"])))
    assert [(held, key) for held, key, text in told if len(text) < len("Paid.")] == []
    assert told or kind == "uncovered"


def test_no_key_is_explained_that_cannot_be_written():
    """The words follow the classes and the vocabulary: what is taken out there goes here too."""
    sheets = {(held, key) for kind in ("case_type", "shared", "roles") for held, key, _ in said_of(json.loads(written()[f"{kind}.json"]))}
    tops = {"CaseTypeSheet", "SharedSheet", "RolesSheet"}
    named = {("" if name in tops else name, key) for name, keys in sheet_words.KEYS.items() if name != "Setting" for key in keys}
    assert named == sheets
    lines = {(held or "file", key) for held, key, _ in said_of(json.loads(written()["scenario.json"]))}
    assert {(name, key) for name, keys in words.KEYS.items() for key in keys} <= lines


def test_sheets_name_their_schema_in_the_first_line_and_so_does_a_new_folder():
    """Scenarios that are there already are found by their place (`.vscode/settings.json`)."""
    files = {kind: list(BPMN.glob(pattern)) for kind, pattern in OF.items() if kind != "scenario"}
    files["case_type"].append(STARTER / "case_type.yaml")
    files["scenario"] = [STARTER / "scenarios" / "ordinaire.yaml"]
    for kind, paths in files.items():
        for path in paths:
            up = "../../" if path.parent.name in ("tests", "scenarios") else "../"
            assert path.read_text("utf-8").startswith(f"{MODELINE}{up}{SCHEMAS}/{kind}.json\n"), path
            assert read_yaml({"f": path.read_bytes()}, "f") is not None
    places = json.loads((BPMN.parent / ".vscode" / "settings.json").read_text("utf-8"))["yaml.schemas"]
    assert places == {f"bpmn/{SCHEMAS}/{kind}.json": f"bpmn/{pattern}" for kind, pattern in OF.items()}
