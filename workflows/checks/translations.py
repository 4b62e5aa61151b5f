"""Translations: every French text that people read has its English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from babel.messages.pofile import PoFileError

from ..feel.tables import Table
from ..forms import Field
from ..translations import texts as translated
from ..xmlfile import local_name
from .bundle import SHARED, Bundle
from .document import B
from .finding import Finding, Rule, Text

PO = "translations/en.po"
WORDS = re.compile(r"[^\W\d_]{2,}(?![^\[]*\])")
"""A note that has some: « [P-24] » alone names a source."""

UNREADABLE = Rule(
    "translation-unreadable",
    Text("Le fichier de traductions ne se lit pas : {detail}.", "The file of translations cannot be read: {detail}."),
    Text("Le corriger avec un éditeur de fichiers .po.", "Correct it with an editor of .po files."),
)
MISSING = Rule(
    "translation-missing",
    Text("« {text} » ({where}) n'a pas d'anglais.", "“{text}” ({where}) has no English."),
    Text("L'ajouter à " + PO + ".", "Add it to " + PO + "."),
)


def check(bundle: Bundle) -> Iterator[Finding]:
    own, shared = bundle.files.get(PO), bundle.files.get(SHARED + PO)
    try:
        known = _entries(own)
    except (PoFileError, ValueError) as error:
        yield UNREADABLE.at(PO, "", getattr(error, "lineno", 0) or 0, detail=error)
        return
    with suppress(PoFileError, ValueError):  # said when the shared folder is checked
        known |= _entries(shared)
    said = set()
    for file, where, text in texts(bundle):
        if text not in known and (file, text) not in said:
            said.add((file, text))
            yield MISSING.at(
                file, where, _line(bundle.files[file], where, text), text=text if len(text) < 80 else text[:77] + "…", where=where
            )


def _line(content: bytes, where: str, text: str) -> int:
    """Where a text stands in its file: an element by its id, else the first place of the text; 0 when it is written otherwise."""
    for mark in (f'id="{where}"', f'"{text}"'):
        at = content.find(mark.encode())
        if at >= 0:
            return content[:at].count(b"\n") + 1
    return 0


def _entries(content: bytes | None) -> set[str]:
    """French texts that have an English."""
    return {french for (_, french), _ in translated(content)} if content is not None else set()


def texts(bundle: Bundle) -> Iterator[tuple[str, str, str]]:
    """(file, place, French text) of everything of the folder that people read."""
    for document in bundle.documents:
        for element in document.root.iter(f"{B}*"):
            name = element.get("name")
            if name and local_name(element) not in ("message", "participant"):
                yield document.file, element.get("id") or "", name
    for ident, (file, decision) in bundle.decisions.items():
        if not bundle.is_shared(file) and decision.name != ident:
            yield file, ident, decision.name
        if not bundle.is_shared(file) and isinstance(decision.logic, Table):
            yield from ((file, ident, column.title) for column in decision.logic.inputs if column.title != column.expression)
            yield from ((file, rule.id, rule.note) for rule in decision.logic.rules if WORDS.search(rule.note))
    for ident, form in bundle.forms.items():
        file = bundle.form_files[ident]
        if bundle.is_shared(file):
            continue
        yield file, form.id, form.title
        for field in form.fields:
            for text in _field(field):
                yield file, field.context, text


def _field(field: Field) -> Iterator[str]:
    yield from filter(None, (field.label, field.hint, field.rule_message, field.limits.items_message))
    yield from (option.label for option in field.options)
    for part in field.parts:
        yield from _field(part)
