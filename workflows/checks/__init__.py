"""Static checks of case types: what the engine would get wrong is refused before any case runs. All findings at once, none twice."""

from __future__ import annotations

from collections.abc import Iterable
from errno import ELOOP, ENOENT
from pathlib import Path
from types import ModuleType

from ..folder import KINDS
from . import (
    boundaries,
    branches,
    calls,
    components,
    coverage,
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
    letters,
    loops,
    messages,
    results,
    scenarios,
    sheets,
    steps,
    timers,
    translations,
    traps,
    unsupported,
)
from .bundle import Bundle, Known
from .finding import ADVICE, ERROR, Finding, Rule, Text
from .folders import folder_of, folders, read, read_alone
from .unreadable import EMPTY

__all__ = ["ADVICE", "ERROR", "FAMILIES", "Bundle", "Finding", "Known", "check_bundle", "check_paths"]

FAMILIES = (
    dialect,
    ids,
    elements,
    unsupported,
    gateways,
    boundaries,
    branches,
    loops,
    instances,
    calls,
    inputs,
    results,
    messages,
    timers,
    expressions,
    traps,
    decisions,
    forms,
    components,
    effects,
    lanes,
    steps,
    letters,
    sheets,
    drawing,
    scenarios,
    coverage,
    translations,
)
BESIDE = frozenset(
    {
        *(
            "expression-name",
            "expression-kind",
            "expression-code",
            "condition-null",
            "call-unknown",
            "decision-unknown",
            "decision-requirement",
        ),
        *("form-unknown", "form-unused", "form-decision-unknown", "lane-unknown", "role-unknown", "four-eyes-unknown", "letter-missing"),
        *("letter-to", "message-unlisted", "message-without-form", "effect-about", "translation-missing", "diagram-stale", "sheet-missing"),
        *("frame-unknown", "fact-unknown", "sheet-form-unknown", "result-unset", "call-input-missing", "call-input-unknown"),
        *("letter-placeholder", "phase-of-shared", "status-unknown", "input-code", "message-unawaited", "lane-unused"),
    }
)
"""Rules about what stands beside a file: of a file alone nobody can tell."""
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
    if bundle.alone:
        return sorted(finding for finding in found if not _beside(finding))
    if not any(finding.level == ERROR for finding in found):
        found |= _ask(engine, bundle)
    return sorted(found)


def _beside(finding: Finding) -> bool:
    """Does it concern what stands beside a file, of which nothing is known?"""
    return finding.rule in BESIDE or (finding.rule == "table-content" and "inconnu" in finding.message.fr)


def _ask(family: ModuleType, bundle: Bundle) -> set[Finding]:
    """What one family finds. A file that no check foresaw must not hide what the others found."""
    try:
        return set(family.check(bundle))
    except Exception as error:
        return {FAILED.at("", family=family.__name__.rpartition(".")[2], detail=f"{type(error).__name__}: {error}")}


def check_paths(paths: Iterable[Path], known: Known | None = None) -> list[Finding]:
    """Findings on case types: each path is the folder of all of them, one of them, or a file in one. Raises OSError.

    `known`: what the application offers, where a check compares with it. Files are named as the path was given."""
    found = set()
    for path in paths:
        if not path.exists():
            raise OSError(ELOOP if path.is_symlink() else ENOENT, "not found", str(path))
        found |= _file(path, known or Known()) if not path.is_dir() else _folder(path, known or Known())
    return sorted(found)


def _folder(path: Path, known: Known) -> set[Finding]:
    types = folders(path)
    if not types:
        return {EMPTY.at(str(path))}
    return {_at(finding, str(folder / finding.file)) for folder in types for finding in check_bundle(read(folder, known))}


def _file(path: Path, known: Known) -> set[Finding]:
    """What concerns one file: known by all that stands beside it, when it lies in a case type."""
    folder = folder_of(path)
    if folder is None:
        return {_at(finding, str(path)) for finding in check_bundle(read_alone(path, known))}
    if path.suffix not in KINDS or not path.is_file():
        return {_at(finding, str(path)) for finding in read_alone(path, known).findings}
    inside = path.relative_to(folder).as_posix()
    return {_at(finding, str(path)) for finding in check_bundle(read(folder, known, inside)) if finding.file in (inside, "")}


def _at(finding: Finding, file: str) -> Finding:
    return Finding(file, finding.line, finding.rule, finding.element, finding.message, finding.cure, finding.level)
