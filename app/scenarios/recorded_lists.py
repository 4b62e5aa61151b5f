"""Children that a list brought into an operation: the lines that import it again, row by row with invented persons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.operations import ChildRow
from app.scenarios import reading
from app.services.operations.tables import KEY, SEPARATOR
from workflows.forms import Field, FormDefinition
from workflows.scenarios.vocabulary import FIRST

if TYPE_CHECKING:
    from app.scenarios.recorded import Recorded

Line = dict[str, Any]
Cells = dict[str, Any]


def row_of(session: Session, case: Case) -> ChildRow | None:
    """The row of a list that became a case."""
    return session.scalars(select(ChildRow).where(ChildRow.case_id == case.id).order_by(ChildRow.id).limit(1)).first()


def cells(form: FormDefinition, said: Mapping[str, Any]) -> Cells:
    """Answers of a scenario as the columns of a row."""
    found: Cells = {}
    for field in form.fields:
        if field.key in said:
            found |= _columns(field, said[field.key])
    return {column: cell for column, cell in found.items() if cell not in (None, "")}


def _columns(field: Field, value: Any) -> Cells:
    if field.kind == "table":
        rows = value or []
        return {f"{field.key}.{part.key}": SEPARATOR.join(_text(row.get(part.key)) for row in rows) for part in field.parts}
    if field.parts and isinstance(value, Mapping):
        return {f"{field.key}.{part.key}": value.get(part.key) for part in field.parts}
    return {field.key: SEPARATOR.join(map(_text, value)) if isinstance(value, list) else value}


def _text(value: Any) -> str:
    """A cell inside a cell, as people write it."""
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
    return str(value)


def lines(all_walked: Iterable[Recorded]) -> Iterator[tuple[int, Line]]:
    """(after how many entries, line) of each handful of rows that was written at once, in the operation that it was for."""
    written: dict[tuple[int, dt.datetime], list[Recorded]] = {}
    for walked in all_walked:
        if walked.row is not None:
            written.setdefault((walked.row.list_id, walked.entries[0].at), []).append(walked)
    key = count(1)
    for handful in written.values():
        first = handful[0]
        parent = first.names.cases[first.member.cause]
        rows = [{KEY: str(next(key)), **walked.cells} for walked in handful]
        about = {"case": parent} if parent != FIRST else {}
        said = {**first.by(first.entries[0]), "as": [walked.member.name for walked in handful], "at": reading.written(first.entries[0].at)}
        yield first.written[0], {"list": rows, **about, **said}
