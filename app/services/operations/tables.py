"""A file of rows (XLSX or CSV) as answers of a form: the heading names its fields, by key or by label; values as people write them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

from app.services.errors import Invalid
from app.services.name_folding import plain
from workflows.forms import Field, FormDefinition

MOST_ROWS, MOST_BYTES, LONGEST = 5_000, 10_000_000, 5_000
MEDIA = ("text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
KEY = "cle"
PERSON = ("nom", "prenoms", "sexe", "ne_en")
"""Columns beside the form: the key of the row, and who somebody without a record is."""
YES, NO = frozenset({"oui", "o", "vrai", "true", "1", "yes", "x"}), frozenset({"non", "n", "faux", "false", "0", "no"})
SEPARATOR = ";"


def read(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """(line, column -> text) of every row that is not empty. Invalid."""
    if len(content) > MOST_BYTES:
        raise Invalid({"fichier": "list_unreadable"})
    try:
        rows = _workbook(content) if content[:2] == b"PK" else _text(content)
    except (UnicodeDecodeError, csv.Error, KeyError, ValueError, OSError, zipfile.BadZipFile):
        raise Invalid({"fichier": "list_unreadable"}) from None
    heading = [name.strip() for name in rows[0]] if rows else []
    found = [
        (line, {name: cell.strip()[:LONGEST] for name, cell in zip(heading, row, strict=False) if name})
        for line, row in enumerate(rows[1:], 2)
        if any(cell.strip() for cell in row)
    ]
    return checked(found)


def checked(rows: list[tuple[int, dict[str, str]]]) -> list[tuple[int, dict[str, str]]]:
    """The rows, unless there are none or too many. Invalid."""
    if not rows:
        raise Invalid({"fichier": "list_empty"})
    if len(rows) > MOST_ROWS:
        raise Invalid({"fichier": "list_too_long"}, code="list_too_long")
    return rows


def _text(content: bytes) -> list[list[str]]:
    text = content.decode("utf-8-sig")
    first = text.split("\n", 1)[0]
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=max(";,\t", key=first.count)))


def _workbook(content: bytes) -> list[list[str]]:
    # Imported where it is used: most processes never read a workbook, and it takes half a second.
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).active
    except InvalidFileException as error:
        raise ValueError(str(error)) from None
    if sheet is None:
        return []
    rows = sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 2, max_col=100)
    return [[_cell(value) for value in row] for row in rows]


def _cell(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat()
    return str(value)


# ------------------------------------------------------------------ columns
def columns(form: FormDefinition) -> list[tuple[str, Field]]:
    """(column, field) of everything that a row may say: files and computed values aside; parts of a table as « table.part »."""
    found = []
    for field in form.fields:
        if field.computed or field.kind in ("document", "documents"):
            continue
        if field.parts:
            found += [(f"{field.key}.{part.key}", part) for part in field.parts if part.kind not in ("document", "documents")]
        else:
            found.append((field.key, field))
    return found


def known_columns(form: FormDefinition, written: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """(column as written -> column as meant, those that mean nothing)."""
    meant = {_folded(name): name for name, _ in columns(form)} | {_folded(name): name for name in (KEY, *PERSON)}
    labels = {_folded(field.label): name for name, field in columns(form) if "." not in name}
    found, unknown = {}, []
    for name in written:
        key = _folded(name)
        target = meant.get(key) or labels.get(key)
        if target:
            found[name] = target
        else:
            unknown.append(name)
    return found, unknown


def _folded(text: str) -> str:
    return " ".join(plain(text.replace(".", " dot ").replace("_", " ")))


def answers(form: FormDefinition, row: Mapping[str, str]) -> dict[str, Any]:
    """What a row says, in the shape in which the form is sent. Empty cells are no answers."""
    found: dict[str, Any] = {}
    for field in form.fields:
        value = _composite(field, row) if field.parts else _value(field, row.get(field.key, ""))
        if value not in (None, "", [], {}):
            found[field.key] = value
    return found


def _composite(field: Field, row: Mapping[str, str]) -> Any:
    cells = {part.key: row.get(f"{field.key}.{part.key}", "") for part in field.parts}
    if not any(cells.values()):
        return None
    if field.kind != "table":
        return {part.key: _value(part, cells[part.key]) for part in field.parts if cells[part.key]}
    split = {key: [one.strip() for one in cell.split(SEPARATOR)] for key, cell in cells.items() if cell}
    most = max(len(values) for values in split.values())
    parts = {part.key: part for part in field.parts}
    return [{key: _value(parts[key], values[n]) for key, values in split.items() if n < len(values) and values[n]} for n in range(most)]


def _value(field: Field, text: str) -> Any:
    text = text.strip()
    if not text:
        return None
    if field.kind == "boolean":
        word = text.lower()
        return True if word in YES else False if word in NO else text
    if field.kind in ("integer", "money-xof"):
        return text.replace(" ", "").replace("\u202f", "").replace("\xa0", "")
    if field.kind == "choices":
        return [_choice(field, one.strip()) for one in text.split(SEPARATOR) if one.strip()]
    return _choice(field, text) if field.options else text


def _choice(field: Field, text: str) -> str:
    for option in field.options:
        if text == option.value or text.lower() == option.label.lower():
            return option.value
    return text
