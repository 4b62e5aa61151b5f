"""What the ministry's folders name stays in them: no role, case type or step of theirs is written in Python."""

import ast
from xml.etree import ElementTree

import yaml

from tests.support import source

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
STEPS = ("userTask", "serviceTask", "businessRuleTask", "sendTask", "receiveTask", "callActivity", "manualTask", "task")
ADMINISTRATORS = {"admin_fonctionnel", "admin_technique"}
ALLOWED = {
    # Who administers the application itself: these roles exist with it, whatever the ministry's folders say.
    "app/services/policy.py": ADMINISTRATORS,
    "app/cli/ministry.py": ADMINISTRATORS,
    "app/scenarios/stage.py": ADMINISTRATORS,
    "app/web/admin/__init__.py": ADMINISTRATORS,
    "app/web/inbox.py": ADMINISTRATORS,
    "app/web/pages.py": ADMINISTRATORS,
}


def names() -> set[str]:
    """Roles, codes of case types, ids of steps; not ids of one plain word, which words of the language and facts share (« rang »)."""
    folder = source.ROOT / "bpmn"
    found = set(yaml.safe_load((folder / "_shared" / "roles.yaml").read_text())["roles"])
    found |= {str(yaml.safe_load(path.read_text())["code"]) for path in folder.glob("*/case_type.yaml")}
    for path in folder.glob("*/*.bpmn"):
        drawn = ElementTree.parse(path)
        steps = (element.attrib["id"] for tag in STEPS for element in drawn.iter(BPMN + tag))
        found |= {step for step in steps if "_" in step}
    return found


def test_no_role_type_or_step_of_a_folder_is_written_in_python():
    known = names()
    assert {"delegue_general", "COR", "decider_financement"} <= known
    hits: dict[str, set[str]] = {}
    for path in source.files("app", "workflows"):
        constants = (node.value for node in ast.walk(source.tree(path)) if isinstance(node, ast.Constant))
        here = ({value for value in constants if isinstance(value, str)} & known) - ALLOWED.get(source.name(path), set())
        if here:
            hits[source.name(path)] = here
    assert hits == {}
