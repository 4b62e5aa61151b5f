"""Scenario files: each word is one of the language, and what it names exists. Nothing is played."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from ..folder import yaml_problem
from .bundle import MAX_SHEET, Bundle
from .english import both
from .finding import Finding
from .scenario_rules import UNREADABLE
from .scenario_walk import Walk
from .scenario_world import World
from .unreadable import too_large

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def check(bundle: Bundle) -> Iterator[Finding]:
    world = None
    for path, content in bundle.trials.items():
        if bundle.asked not in (None, path) or not path.startswith("scenarios/") or not path.endswith(".yaml"):
            continue
        if len(content) > MAX_SHEET:
            yield too_large(path, MAX_SHEET)
            continue
        try:
            node = yaml.compose(content.decode("utf-8"), LOADER)
        except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
            mark = getattr(error, "problem_mark", None)
            detail = both(yaml_problem(error))
            yield UNREADABLE.at(path, "", mark.line + 1 if mark else 0, detail=detail)
            continue
        world = world or World(bundle)
        yield from Walk(world, path).file(node)
