"""Static checks of case types: what the engine would get wrong is refused before any case runs. All findings at once, none twice."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

from . import (
    boundaries,
    branches,
    calls,
    decisions,
    dialect,
    drawing,
    effects,
    elements,
    engine,
    expressions,
    forms,
    gateways,
    ids,
    inputs,
    instances,
    lanes,
    loops,
    messages,
    sheets,
    steps,
    timers,
    translations,
)
from .bundle import Bundle, Known
from .finding import ADVICE, ERROR, Finding, Rule, Text
from .folders import folder_of, folders, read

__all__ = ["ADVICE", "ERROR", "FAMILIES", "Bundle", "Finding", "Known", "check_bundle", "check_paths"]

FAMILIES = (
    dialect,
    ids,
    elements,
    gateways,
    boundaries,
    branches,
    loops,
    instances,
    calls,
    inputs,
    messages,
    timers,
    expressions,
    decisions,
    forms,
    effects,
    lanes,
    steps,
    sheets,
    drawing,
    translations,
)
FAILED = Rule(
    "check-failed",
    Text("Le contrôle « {family} » n'a pas pu lire ce dossier ({detail}).", "The check “{family}” could not read this folder ({detail})."),
    Text(
        "Corriger d'abord les autres remarques ; si celle-ci reste, la signaler.",
        "First cure the other findings; if this one stays, report it.",
    ),
)


def check_bundle(bundle: Bundle) -> list[Finding]:
    """Every finding on one folder, by file and line."""
    found = set(bundle.findings)
    for family in FAMILIES:
        found |= _ask(family, bundle)
    if not any(finding.level == ERROR for finding in found):
        found |= _ask(engine, bundle)
    return sorted(found)


def _ask(family: ModuleType, bundle: Bundle) -> set[Finding]:
    """What one family finds. A file that no check foresaw must not hide what the others found."""
    try:
        return set(family.check(bundle))
    except Exception as error:
        return {FAILED.at("", family=family.__name__.rpartition(".")[2], detail=f"{type(error).__name__}: {error}")}


def check_paths(paths: Iterable[Path], known: Known | None = None) -> list[Finding]:
    """Findings on case types: each path is the folder of all of them, one of them, or a file in one. Raises FileNotFoundError.

    `known`: what the application offers, where a check compares with it. Files are named as the path was given."""
    found = set()
    for path in paths:
        if not path.exists():
            raise FileNotFoundError(path)
        for folder in [folder_of(path)] if path.is_file() else folders(path):
            bundle = read(folder, known or Known())
            for finding in check_bundle(bundle):
                file = folder / finding.file
                if path.is_dir() or file == path or not finding.file:
                    found.add(_at(finding, str(file)))
    return sorted(found)


def _at(finding: Finding, file: str) -> Finding:
    return Finding(file, finding.line, finding.rule, finding.element, finding.message, finding.cure, finding.level)
