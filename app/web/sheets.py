"""Tables as a spreadsheet reads them, CSV or XLSX: moments on the reader's clock, numbers as numbers, no text that would be a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask import Response

from app.web import dates
from app.web.language import zone

FORMS = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A text of a CSV cell that begins like this is a formula for some spreadsheet, or hides one."""


def answer(name: str, heads: Sequence[str], rows: Iterable[Sequence[Any]], form: str) -> Response:
    """The table as a file to keep, `name` without its suffix."""
    content = (_xlsx if form == "xlsx" else _csv)(heads, rows)
    found = Response(content, mimetype=FORMS[form])
    found.headers.set("Content-Disposition", "attachment", filename=f"{name}.{form}")
    return found


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    table = csv.writer(text, delimiter=";")
    for row in (heads, *rows):
        table.writerow([plain(value) for value in row])
    return ("\ufeff" + text.getvalue()).encode()


def plain(value: Any) -> Any:
    """A value of a CSV file: ISO moments; an apostrophe before what would be a formula."""
    if isinstance(value, datetime):
        return dates.local(value, zone()).strftime("%Y-%m-%d %H:%M")
    return f"'{value}" if isinstance(value, str) and value.lstrip(" \u00a0\u202f").startswith(RISKY) else value


def _xlsx(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    # Imported where it is used: what writes workbooks takes half a second to read, and few processes ever write one.
    from app.web import workbooks

    return workbooks.written(heads, rows)
