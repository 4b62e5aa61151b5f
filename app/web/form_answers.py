"""Answered forms for reading: label and value in the reader's language, choices by their label, sums grouped, dates in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.web import dates
from app.web import form_written as written
from app.web.form_model import Candidate, FormContext
from workflows.forms import Field, FormDefinition
from workflows.forms.fields import GROUPS, PARTIAL, REFERENCES
from workflows.forms.world import countries

MONTH = 15  # a day inside any month, to write the month alone


@dataclass(frozen=True)
class AnswerView:
    """One answered question: `text`, or `records` (with links), or a table as `columns` and `rows` of texts."""

    label: str
    text: str = ""
    records: tuple[Candidate, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    parts: tuple[tuple[str, str], ...] = ()
    money: bool = False


def answers(form: FormDefinition, values: Mapping[str, Any], context: FormContext, empty: bool = False) -> list[AnswerView]:
    """The answers of a form, typed as `Validation.values` gives them; questions without an answer are left out unless `empty`."""
    return [answer(spec, values.get(spec.key), context) for spec in form.fields if empty or values.get(spec.key) not in (None, [], "")]


def answer(spec: Field, value: Any, context: FormContext) -> AnswerView:
    """One answer for reading."""
    label = context.translate(spec.label, spec.context)
    if spec.kind == "table" and isinstance(value, list):
        columns = tuple(context.translate(part.label, part.context) for part in spec.parts)
        rows = tuple(tuple(shown(part, cell(row, part), context) for part in spec.parts) for row in value)
        return AnswerView(label, columns=columns, rows=rows)
    if spec.kind in GROUPS and isinstance(value, Mapping):
        parts = [(context.translate(part.label, part.context), shown(part, value.get(part.key), context)) for part in spec.parts]
        return AnswerView(label, parts=tuple((name, text) for name, text in parts if text))
    if spec.kind in REFERENCES or spec.kind in ("document", "documents"):
        codes = [code for code in (value if isinstance(value, list) else [value]) if isinstance(code, str) and code]
        kind = "document" if spec.kind == "documents" else spec.kind
        return AnswerView(label, records=tuple(context.registers.label(kind, code) or Candidate(code, code) for code in codes))
    return AnswerView(label, shown(spec, value, context), money="money-xof" in (spec.kind, spec.value))


def cell(row: Any, part: Field) -> Any:
    return row.get(part.key) if isinstance(row, Mapping) else None


def shown(spec: Field, value: Any, context: FormContext) -> str:
    """A value in words, on one line."""
    if value is None or value == "" or value == []:
        return ""
    kind = (spec.value or spec.kind) if spec.computed else spec.kind
    if isinstance(value, (list, tuple)):
        return ", ".join(shown(spec, item, context) for item in value)
    if isinstance(value, bool):
        return context.translate("Oui" if value else "Non", "kind.boolean")
    if isinstance(value, Mapping):
        return ", ".join(text for text in (plain(item, context) for item in value.values()) if text)
    if kind in PARTIAL:
        return partial(str(value), context)
    if kind == "money-xof" and isinstance(value, int):
        return f"{written.number(value, context.lang)}\u00a0FCFA"
    if kind == "country":
        return countries(context.lang).get(value, str(value))
    if spec.options or spec.option_list:
        return option(spec, str(value), context)
    if kind in REFERENCES or kind in ("document", "documents"):
        found = context.registers.label("document" if kind == "documents" else kind, str(value))
        return found.label if found else str(value)
    return plain(value, context)


def plain(value: Any, context: FormContext) -> str:
    """A value whose kind says nothing more."""
    if isinstance(value, dt.datetime):
        here = dates.local(value, context.zone)
        return f"{dates.long_date(here.date(), context.lang)}, {dates.clock(here, context.lang)}"
    if isinstance(value, dt.date):
        return dates.long_date(value, context.lang)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return written.number(value, context.lang)
    return written.text_of(value)


def option(spec: Field, value: str, context: FormContext) -> str:
    """The label of a code; the code itself when the form no longer has it."""
    if spec.option_list:
        return dict(context.lists.get(spec.option_list, ())).get(value, value)
    return next((context.translate(one.label, spec.context) for one in spec.options if one.value == value), value)


def partial(text: str, context: FormContext) -> str:
    """« 1985 », « juin 1985 », « samedi 15 juin 1985 », with its hour when it has one."""
    day, _, hour = text.partition("T")
    try:
        parts = [int(part) for part in day.split("-")]
        words = dates.long_date(dt.date(*parts, *(1, MONTH)[len(parts) - 1 :]), context.lang)
    except (ValueError, TypeError, OverflowError):
        return text  # not a date of ours: an answer to an older form, shown as it is
    if len(parts) == 3:
        return f"{words}, {hour[:5]}" if hour else words
    return words.split(f"{MONTH} ", 1)[1] if len(parts) == 2 else str(parts[0])
