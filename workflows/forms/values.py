"""Typed values <-> JSON, by kind and without loss: what a fact's row keeps and what the API sends.

| kind | typed | JSON |
| --- | --- | --- |
| decimal, rate | Decimal | text, "45.00" |
| money-xof, integer | int | number |
| date | date | "2026-06-15" |
| datetime | datetime, UTC | "2026-06-15T16:20:00Z" |
| partial dates, codes, texts | str | text |
| groups, tables | dict, list of dicts | object, list of objects |
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .fields import Field


def to_json(spec: Field, value: Any) -> Any:
    """The JSON of a typed value."""
    if value is None:
        return None
    if isinstance(value, Mapping):
        return {key: to_json(spec.part(key) or spec, part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(spec, item) for item in value]
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return value


def from_json(spec: Field, value: Any) -> Any:
    """The typed value of its JSON; ValueError when it is not JSON of this kind."""
    if value is None:
        return None
    if isinstance(value, list):
        return [from_json(spec, item) for item in value]
    if isinstance(value, dict):
        return {key: from_json(part, item) if (part := spec.part(key)) else item for key, item in value.items()}
    match spec.value if spec.computed else spec.kind:
        case "decimal" | "rate":
            return Decimal(value)
        case "date":
            return dt.date.fromisoformat(value)
        case "datetime":
            return dt.datetime.fromisoformat(value).astimezone(dt.UTC)
    return value
