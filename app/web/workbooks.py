"""A table as an XLSX workbook: moments on the reader's clock, numbers as numbers, texts as texts whatever they begin with."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from app.web import dates
from app.web.language import zone


def written(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """The file, with its headings held in sight."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.freeze_panes = "A2"
    for row in (heads, *rows):
        sheet.append([_cell(sheet, value) for value in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _cell(sheet: Any, value: Any) -> WriteOnlyCell:
    if isinstance(value, datetime):
        return WriteOnlyCell(sheet, dates.local(value, zone()).replace(tzinfo=None, second=0, microsecond=0))
    if not isinstance(value, str):
        return WriteOnlyCell(sheet, value)
    cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"  # a text, whatever it begins with
    return cell
