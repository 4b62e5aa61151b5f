"""What kind of value each fact has, as far as forms, tables and the case type say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ..feel.check import ANY, Type, literals
from ..feel.tables import Table
from ..forms.fields import PARTIAL as PARTIAL_KINDS
from ..forms.fields import Field

TEXT, NUMBER, WHOLE, YES_NO = Type("string"), Type("number"), Type("number", whole=True), Type("boolean")
DAY, MOMENT = Type("date"), Type("date and time")
PARTIAL = Type("range", item=DAY)
NAMES = {
    "string": TEXT, "text": TEXT, "texte": TEXT,
    "number": NUMBER, "nombre": NUMBER, "integer": WHOLE, "entier": WHOLE, "money": WHOLE, "money-xof": WHOLE, "xof": WHOLE,
    "boolean": YES_NO, "bool": YES_NO, "oui/non": YES_NO,
    "date": DAY, "date and time": MOMENT, "datetime": MOMENT, "moment": MOMENT, "dateheure": MOMENT, "time": Type("time"),
    "partial-date": PARTIAL, "duration": Type("days and time duration"), "list": Type("list", item=ANY), "liste": Type("list", item=ANY),
    "context": Type("context"), "any": ANY, "country": TEXT, "person": ANY, "user": ANY, "case": ANY, "structure": ANY, "document": ANY,
}  # fmt: skip
TEXTS = {"text", "longtext", "currency", "country", "phone", "structure", "post", "station"}
WHOLES = {"integer", "money-xof"}


@lru_cache(maxsize=4096)
def maybe(kind: Type) -> Type:
    """The same, when it may be missing. A list is never missing: it is empty."""
    return kind if kind.kind == "list" else replace(kind, optional=True)


@lru_cache(maxsize=4096)
def sure(kind: Type) -> Type:
    return replace(kind, optional=False)


def of_field(field: Field) -> Type:
    """What an expression sees of a question; it may be missing unless the form asks for it always."""
    kind = _plain(field)
    return kind if field.required and field.hide is None else maybe(kind)


def of_fact(field: Field) -> Type:
    """What an expression of a process or of a table sees of a question once it is answered: a date that may be partial is only its text
    there, and a range of days in forms alone."""
    seen = of_field(field)
    return replace(seen, kind=TEXT.kind, item=None) if field.kind in PARTIAL_KINDS else seen


def _plain(field: Field) -> Type:
    kind = field.kind
    if kind == "computed":
        return NAMES.get({"integer": "number"}.get(field.value or "", field.value or ""), ANY)
    if kind in TEXTS:
        return TEXT
    if kind in WHOLES:
        return WHOLE
    if kind in ("decimal", "rate"):
        return NUMBER
    if kind in ("date", "datetime", "boolean"):
        return {"date": DAY, "datetime": MOMENT, "boolean": YES_NO}[kind]
    if kind in PARTIAL_KINDS:
        return PARTIAL
    codes = tuple(option.value for option in field.options)
    if kind == "choice":
        return Type("string", values=codes)
    if kind == "choices":
        return Type("list", item=Type("string", values=codes))
    if kind == "table":
        return Type("list", item=_record(field))
    if kind == "documents":
        return Type("list", item=ANY)
    if kind in ("money-foreign", "signature", "grid", "place-ml"):
        return _record(field)
    return ANY  # records of registers: persons, cases, users, ...


def _record(field: Field) -> Type:
    return Type("context", fields=tuple((part.key, maybe(_plain(part))) for part in field.parts))


def named(written: Any) -> Type | None:
    """The kind that case_type.yaml gives to a fact: a word, a list of codes, or {type: ..., values: [...]}. None when it is unknown."""
    if isinstance(written, str):
        if written.startswith(("list of ", "liste de ")):
            item = named(written.split(" ", 2)[2])
            return Type("list", item=item) if item else None
        return NAMES.get(written)
    if isinstance(written, list) and all(isinstance(code, str) for code in written):
        return Type("string", values=tuple(written))
    if isinstance(written, Mapping):
        kind = named(written.get("type", written.get("kind", "any")))
        codes = written.get("values", written.get("choices"))
        if kind and isinstance(codes, (list, Mapping)):
            return replace(kind, values=tuple(map(str, codes)))
        return kind
    return None


def of_value(value: Any) -> Type:
    """The kind of a setting, by its value."""
    if isinstance(value, bool):
        return YES_NO
    if isinstance(value, (int, float)):
        return NUMBER
    if isinstance(value, list):
        return Type("list", item=of_value(value[0]) if value else ANY)
    if isinstance(value, Mapping):
        return Type("context", fields=tuple((str(k), of_value(v)) for k, v in value.items()))
    return TEXT if isinstance(value, str) else ANY


def of_decision(decision: Any) -> Type:
    """The kind of a table's result: one output is the value, several make a context, COLLECT gives a list."""
    table = decision.logic
    if not isinstance(table, Table):
        return ANY
    if table.aggregation:
        return maybe(NUMBER)
    outputs = [(o.name, _output(table, n)) for n, o in enumerate(table.outputs)]
    whole = outputs[0][1] if len(outputs) == 1 else Type("context", True, fields=tuple(outputs))
    if table.policy in ("RULE ORDER", "OUTPUT ORDER", "COLLECT"):
        return Type("list", item=sure(whole))
    return whole


def _output(table: Table, number: int) -> Type:
    """An output column: its declared kind, and its codes when every cell is a plain text."""
    output = table.outputs[number]
    kind = {"dateTime": MOMENT, "string": TEXT, "number": NUMBER, "boolean": YES_NO, "date": DAY}.get(output.type or "", ANY)
    if kind is not TEXT:
        return maybe(kind)
    cells = [rule.outputs[number] for rule in table.rules if number < len(rule.outputs)] + [output.default or ""]
    codes = [literals(cell) for cell in cells if cell.strip() not in ("", "-")]
    plain = all(len(found) == 1 and isinstance(found[0], str) for found in codes)
    return Type("string", True, values=tuple(dict.fromkeys(found[0] for found in codes)) if plain else ())
