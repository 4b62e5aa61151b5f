"""From paths to folders of case types, and their bytes. Unlike the catalogue it reads on where a file is wrong: that is a finding."""

from __future__ import annotations

from pathlib import Path

from ..folder import KINDS, NOT_PINNED, SHARED
from .bundle import Bundle, Known
from .unreadable import NOT_UTF8

SUFFIXES = {".bpmn", ".dmn", ".form"}
MAX_READ = 2_000_000


def folders(path: Path) -> list[Path]:
    """The case types under a path: itself when it holds files of one, else its folders that do."""
    if any(child.suffix in SUFFIXES or child.name == "case_type.yaml" for child in path.iterdir()):
        return [path]
    return sorted(child for child in path.iterdir() if child.is_dir() and not child.name.startswith("."))


def folder_of(file: Path) -> Path:
    """The case type that holds a file: the folder above it, or above its folder of letters or translations."""
    parent = file.parent
    return parent.parent if parent.name in ("letters", "translations", "scenarios") else parent


def read(folder: Path, known: Known) -> Bundle:
    """The files of a case type and those of the shared folder beside it."""
    files = _files(folder, "")
    shared = folder.parent / SHARED
    if folder.name != SHARED and shared.is_dir():
        files |= _files(shared, f"{SHARED}/")
    findings = [NOT_UTF8.at(path) for path, content in files.items() if not path.startswith(f"{SHARED}/") and not _is_text(content)]
    return Bundle(folder.name, files, findings, known)


def _files(folder: Path, prefix: str) -> dict[str, bytes]:
    found = {}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inside.parts)
        if hidden or inside.parts[0] in NOT_PINNED or path.suffix not in KINDS or not path.is_file():
            continue
        with path.open("rb") as stream:
            found[prefix + inside.as_posix()] = stream.read(MAX_READ)
    return found


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
