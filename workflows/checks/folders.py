"""From paths to folders of case types, and their bytes. Unlike the catalogue it reads on where a file is wrong: that is a finding."""

from __future__ import annotations

import os
from collections.abc import Iterator
from errno import EINVAL
from pathlib import Path

from ..coverage import EXCUSED, RECORD
from ..folder import KINDS, NOT_PINNED, SHARED
from .bundle import CASE_TYPE, MAX_BYTES, SHARED_FILE, SUFFIXES, Bundle, Known
from .finding import Finding
from .unreadable import KIND, NOT_UTF8, TOO_MANY, UNREADABLE

MAX_FILES, MAX_SEEN = 1_000, 20_000
INNER = ("letters", "translations", "scenarios", "tests")


def folders(path: Path) -> list[Path]:
    """The case types under a path: itself when it holds files of one, else its folders that do."""
    if _holds(path):
        return [path]
    with os.scandir(path) as entries:
        inside = [Path(entry.path) for entry in entries if entry.is_dir() and not entry.name.startswith(".")]
    return sorted(folder for folder in inside if _holds(folder))


def _holds(folder: Path) -> bool:
    """Does a file of a case type lie in this folder?"""
    try:
        with os.scandir(folder) as entries:
            return any(Path(entry.name).suffix in SUFFIXES or entry.name in (CASE_TYPE, SHARED_FILE) for entry in entries)
    except OSError:
        return False


def folder_of(file: Path) -> Path | None:
    """The case type that holds a file: the folder above it, or above its folder of letters or translations; None when there is none."""
    parent = file.absolute().parent
    home = file.parent.parent if parent.name in INNER else file.parent
    return home if (home / CASE_TYPE).is_file() or (home / SHARED_FILE).is_file() else None


def read(folder: Path, known: Known, asked: str | None = None) -> Bundle:
    """The files of a case type and those of the shared folder beside it. `asked`: the one that findings are wanted about."""
    findings: list[Finding] = []
    files = _files(folder, "", findings)
    shared = folder.parent / SHARED
    if folder.name != SHARED and shared.is_dir():
        files |= _files(shared, f"{SHARED}/", [])
    trials = _trials(folder, findings)
    own = {path: content for path, content in {**files, **trials}.items() if not path.startswith((f"{SHARED}/", "../"))}
    findings += [NOT_UTF8.at(path) for path, content in own.items() if not _is_text(content)]
    return Bundle(folder.name, files, findings, known, place=folder, asked=asked, trials=trials)


def _trials(folder: Path, findings: list[Finding]) -> dict[str, bytes]:
    """Scenarios and what is said of their coverage; of the shared folder also what the others passed of it."""
    paths = [*sorted(folder.glob("scenarios/*.yaml"))[:MAX_FILES], folder / RECORD, folder / EXCUSED]
    found = {path.relative_to(folder).as_posix(): path for path in paths if path.is_file()}
    if folder.name == SHARED:
        found |= {f"../{path.parent.parent.name}/{RECORD}": path for path in sorted(folder.parent.glob(f"*/{RECORD}"))[:MAX_FILES]}
    contents = {}
    for name, path in found.items():
        try:
            contents[name] = _content(path)
        except OSError as error:
            findings.append(UNREADABLE.at(name, detail=error.strerror or type(error).__name__))
    return contents


def read_alone(file: Path, known: Known) -> Bundle:
    """One file that lies in no case type. OSError when it cannot be read."""
    if not file.is_file():
        raise OSError(EINVAL, "not a file", str(file))
    content = _content(file)
    bundle = Bundle(file.name, {file.name: content}, [], known, alone=True)
    if file.suffix not in SUFFIXES:
        bundle.findings.append(KIND.at(file.name, file.suffix or file.name))
    elif not _is_text(content):
        bundle.findings.append(NOT_UTF8.at(file.name))
    return bundle


def _files(folder: Path, prefix: str, findings: list[Finding]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in _paths(folder):
        name = path.relative_to(folder).as_posix()
        if len(found) == MAX_FILES:
            findings.append(TOO_MANY.at("", folder.name))
            break
        try:
            found[prefix + name] = _content(path)
        except OSError as error:
            findings.append(UNREADABLE.at(name, detail=error.strerror or type(error).__name__))
    return found


def _paths(folder: Path) -> list[Path]:
    """Files of the kinds that a case type is made of, in order. Links to folders are not followed."""
    return sorted(path for path in _walk(folder) if path.suffix in KINDS and path.is_file())


def _walk(folder: Path) -> Iterator[Path]:
    seen = 0
    for above, inner, names in os.walk(folder):
        inside = Path(above).relative_to(folder).parts
        inner[:] = sorted(name for name in inner if not name.startswith(".") and not (not inside and name in NOT_PINNED))
        for name in names:
            seen += 1
            if seen > MAX_SEEN:
                return
            if not name.startswith("."):
                yield Path(above) / name


def _content(path: Path) -> bytes:
    """The bytes of a file; of one that is too large just enough to see that."""
    with path.open("rb") as stream:
        try:
            return stream.read(MAX_BYTES + 1)
        except OSError as error:
            error.filename = str(path)
            raise


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return len(content) > MAX_BYTES and error.start > len(content) - 4  # cut in the middle of a letter
    return True
