"""The shape of the house: who may import whom, how big a thing may be, what only one place may do."""

import ast
import re
import subprocess
import sys

import yaml

from tests.support import source

CODE = ("app", "workflows")
LONGEST_FILE = 300
LONGEST_FUNCTION = 40
LONGEST_TEMPLATE = 120
LONGEST_COMPONENTS = 150
"""A file of components is a list of small macros."""
COMMITTERS = {"app/db/transaction.py", "app/services/maintenance.py", "app/db/migrations/env.py"}
NEVER_CALLED = {"eval", "exec", "compile", "__import__"}
NEVER_IMPORTED = {"pickle", "marshal", "shelve"}


def test_imports_run_downward_only():
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    result = subprocess.run(command, cwd=source.ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-1000:]


def test_no_file_has_more_than_one_screenful_of_reasons_to_exist():
    sizes = {source.name(path): len(path.read_text().splitlines()) for path in source.files(*CODE, "tests", "tools", "benchmarks")}
    assert {name: lines for name, lines in sizes.items() if lines > LONGEST_FILE} == {}


def test_functions_fit_a_screen():
    lengths = {
        f"{source.name(path)}:{function.name}": source.lines(function)
        for path in source.files(*CODE, "tools")
        for function in source.functions(path)
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


def test_templates_are_short():
    sizes = {source.name(path): len(path.read_text().splitlines()) for path in source.files("templates", pattern="*.html")}
    limits = {name: LONGEST_COMPONENTS if "/components/" in name else LONGEST_TEMPLATE for name in sizes}
    assert {name: lines for name, lines in sizes.items() if lines > limits[name]} == {}


def test_no_code_names_a_case_type():
    """What differs between case types is in their folders: a new one is added without a line of Python."""
    types = [yaml.safe_load(path.read_text()) for path in source.ROOT.glob("bpmn/*/case_type.yaml")]
    codes = {str(given["code"]) for given in types} | {str(given["reference"]) for given in types}
    assert codes
    naming = re.compile(r"[\"'](" + "|".join(sorted(map(re.escape, codes))) + r")(_[A-Z0-9_]+)?[\"']")
    found = [
        f"{source.name(path)}:{number}"
        for path in source.files(*CODE)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if naming.search(line)
    ]
    assert found == []


def test_only_the_transaction_commits():
    """A service that commits by itself splits an act in two."""
    found = {f"{source.name(path)}:{line}" for path in source.files("app") for line, call in source.calls(path) if call == ".commit"}
    assert {place for place in found if place.rpartition(":")[0] not in COMMITTERS} == set()


def test_nothing_is_evaluated_or_unpickled():
    called = [f"{source.name(path)}:{line}" for path in source.files(*CODE) for line, call in source.calls(path) if call in NEVER_CALLED]
    imported = [
        f"{source.name(path)}:{node.lineno}"
        for path in source.files(*CODE)
        for node in ast.walk(source.tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom) and NEVER_IMPORTED & _modules(node)
    ]
    assert (called, imported) == ([], [])


def test_imports_stand_at_the_top_of_files():
    """An import inside a function hides a circle. What starts fast or registers itself may do it, and says so here."""
    allowed = {"app/services/operations/tables.py", "app/supervisor/store.py", "app/supervisor/web.py", "app/web/sheets.py"}
    found = [
        f"{source.name(path)}:{node.lineno}"
        for path in source.files(*CODE)
        for function in source.functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom) and source.name(path) not in allowed
    ]
    assert found == []


def _modules(node: ast.Import | ast.ImportFrom) -> set[str]:
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    return {name.partition(".")[0] for name in names}
