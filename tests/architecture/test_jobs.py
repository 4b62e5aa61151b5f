"""A job says "look at this", never "do that": it may come twice, late or never."""

import ast
import importlib
import inspect
import re

from tests.support import source

IDS = {"int", "str", "list[int]", "list[str]"}
NAME = re.compile(r"\"(app\.jobs\.[a-z_.]+)\"")


def jobs() -> dict[str, inspect.Signature]:
    found = {}
    for path in source.files("app/jobs"):
        module = importlib.import_module(source.name(path).removesuffix(".py").removesuffix("/__init__").replace("/", "."))
        for name, member in vars(module).items():
            if inspect.isfunction(member) and member.__module__ == module.__name__ and not name.startswith("_"):
                found[f"{module.__name__}.{name}"] = inspect.signature(member)
    return found


def test_jobs_are_found():
    assert {"app.jobs.deadlines.sweep", "app.jobs.deadlines.fire_cases", "app.jobs.notifications.sweep"} <= set(jobs())


def test_jobs_take_ids_and_give_nothing():
    """What a job would have to be told is in the database; what it would answer is written there."""
    wrong = {}
    for name, signature in jobs().items():
        kinds = {inspect.formatannotation(parameter.annotation) for parameter in signature.parameters.values()}
        if not kinds <= IDS or signature.return_annotation is not None:
            wrong[name] = str(signature)
    assert wrong == {}


def test_every_job_that_is_named_exists():
    """Services name jobs by text, so that the two cannot form a circle: nothing but this test notices a wrong name."""
    named = {name for path in source.files("app") for name in NAME.findall(path.read_text())}
    assert named
    assert named <= set(jobs())


def test_jobs_are_an_application_context_and_a_call():
    """Rules belong to the services: a job file stays short and knows no row."""
    for path in source.files("app/jobs"):
        modules = {node.module or "" for node in ast.walk(source.tree(path)) if isinstance(node, ast.ImportFrom)}
        assert not {module for module in modules if module.startswith("app.db.") and module != "app.db.advisory"}, source.name(path)
        assert len(path.read_text().splitlines()) < 120, source.name(path)
