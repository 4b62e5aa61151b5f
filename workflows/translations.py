"""The English of a case type: gettext files beside its French texts."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from functools import lru_cache

from babel.messages.pofile import PoFileError, read_po

from workflows.errors import BadDefinition

FRENCH, ENGLISH = "fr", "en"
KEPT = 64
"""Files that are kept read."""
Catalogue = Mapping[tuple[str | None, str], str]
"""(context, French) -> English."""


def read_english(files: Mapping[str, bytes], paths: Iterable[str]) -> dict[tuple[str | None, str], str]:
    """The texts of these .po files, the first that says something winning; without context too, as a help where the context is unknown."""
    found: dict[tuple[str | None, str], str] = {}
    for path in paths:
        if path not in files:
            continue
        try:
            told = texts(files[path])
        except (PoFileError, ValueError) as error:
            raise BadDefinition(f"{path} : ce fichier de traductions ne se lit pas ; {error}") from None
        for said, english in told:
            found.setdefault(said, english)
    for (_, french), english in list(found.items()):
        found.setdefault((None, french), english)
    return found


@lru_cache(KEPT)
def texts(data: bytes) -> tuple[tuple[tuple[str | None, str], str], ...]:
    """((context, French), English) of a file; the shared one is read once for all case types. PoFileError, ValueError: unreadable."""
    catalog = read_po(io.BytesIO(data), locale=ENGLISH, abort_invalid=True)
    told = [message for message in catalog if message.id and isinstance(message.id, str) and message.string and not message.fuzzy]
    return tuple(((message.context, str(message.id)), str(message.string)) for message in told)


def translate(catalogue: Catalogue, french: str, language: str, context: str | None = None) -> str:
    """The text in a language; the French one where no translation is known."""
    if language == FRENCH:
        return french
    return catalogue.get((context, french)) or catalogue.get((None, french)) or french
