"""The source files of the project, for tests that hold its shape."""

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def files(*folders: str, pattern: str = "*.py") -> list[Path]:
    """Files of the folders, generated migrations left out."""
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob(pattern))]
    return [path for path in found if "versions" not in path.parts and "__pycache__" not in path.parts]


def name(path: Path) -> str:
    """The path from the root of the project."""
    return str(path.relative_to(ROOT))


@lru_cache(maxsize=1024)
def tree(path: Path) -> ast.Module:
    """The parsed file."""
    return ast.parse(path.read_text())


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method of a file."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def calls(path: Path) -> Iterator[tuple[int, str]]:
    """Line and name of every call in a file, without what stands before the last dot."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.lineno, f".{node.func.attr}"
            elif isinstance(node.func, ast.Name):
                yield node.lineno, node.func.id


def lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """How long a function is, what explains it left out."""
    first = function.body[0]
    documented = ast.get_docstring(function, clean=False) is not None and first.end_lineno is not None
    explained = first.end_lineno - first.lineno + 1 if documented else 0
    return function.end_lineno - function.lineno + 1 - explained
