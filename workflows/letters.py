"""Templates of letters as files of a folder: `letters/refus.md`, and what it says in other languages, `letters/refus.en.md`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workflows.folder import SHARED
from workflows.translations import FRENCH

FOLDER = "letters"


def is_letter(path: str) -> bool:
    """Whether a file of a case type is the template of a letter."""
    return FOLDER in path.split("/")[:-1]


def named(path: str) -> tuple[str, str]:
    """Name and language of a template, by its file: `letters/refus.en.md` is `refus` in `en`."""
    name, _, rest = path.rpartition("/")[2].partition(".")
    language, dot, _ = rest.rpartition(".")
    return name, language if dot else FRENCH


def names(paths: Iterable[str]) -> set[str]:
    """Names of the templates among files, in whatever language."""
    return {named(path)[0] for path in paths if is_letter(path)}


def read_letters(files: Mapping[str, bytes]) -> dict[str, dict[str, str]]:
    """Name -> language -> template. One of the type hides the shared one of its name, with all that this one says in other languages."""
    found: dict[bool, dict[str, dict[str, str]]] = {True: {}, False: {}}
    for path in filter(is_letter, files):
        name, language = named(path)
        found[path.startswith(f"{SHARED}/")].setdefault(name, {})[language] = files[path].decode("utf-8")
    return found[True] | found[False]
