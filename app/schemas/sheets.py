"""Schemas of the sheets: from the classes by which they are read, so that both say the same."""

from __future__ import annotations

import inspect
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from workflows import sheets

REFERENCE = "#/components/schemas/"
SCALAR = {"type": ["string", "number", "boolean", "null"]}


def of(sheet: type[Schema], required: tuple[str, ...] | None = None) -> dict[str, Any]:
    """The schema of a sheet. `required`: the keys that must be said, if not those of the class."""
    plugin = MarshmallowPlugin(schema_name_resolver=lambda given: (given if inspect.isclass(given) else type(given)).__name__)
    spec = APISpec(title="", version="", openapi_version="3.1.0", plugins=[plugin])
    spec.components.schema(sheet.__name__, schema=sheet)
    parts = {name: _told(name, part) for name, part in spec.to_dict()["components"]["schemas"].items()}
    top = parts.pop(sheet.__name__)
    top["properties"].pop("child_of", None)  # set by the reader, never by an author
    if required is not None:
        top["required"] = list(required)
    return {**top, "definitions": parts}


def _told(name: str, part: dict[str, Any]) -> dict[str, Any]:
    """What apispec gives, in the words of draft 7, with what the class says of itself."""
    description = " ".join((inspect.getdoc(getattr(sheets, name)) or "").split("\n\n")[0].split())
    return {"description": description, **_plain(part)}


def _plain(part: Any) -> Any:
    if isinstance(part, list):
        return [_plain(one) for one in part]
    if not isinstance(part, dict):
        return part
    found = {key: _plain(value) for key, value in part.items()}
    if isinstance(found.get("$ref"), str):
        found["$ref"] = found["$ref"].replace(REFERENCE, "#/definitions/")
    if isinstance(found.get("pattern"), str):  # a pattern of Python's match, as one of JavaScript's search
        found["pattern"] = "^" + found["pattern"].replace(r"\Z", "$")
    return found


def settings() -> dict[str, Any]:
    """Of `settings.yaml`: a value alone, or what is said about it."""
    about = {"value": {}, "unit": {"type": "string"}, "fr": {"type": "string"}, "en": {"type": "string"}, "source": {"type": "string"}}
    told = {"type": "object", "properties": about, "required": ["value"], "additionalProperties": False}
    one = {"anyOf": [told, {**SCALAR}, {"type": "array"}]}
    named = {"type": "object", "additionalProperties": one}
    return {
        "description": "Values that an administrator may change; expressions read them as reglages.<name>.",
        "type": "object",
        "properties": {"settings": named},
        "additionalProperties": one,
    }


def uncovered() -> dict[str, Any]:
    """Of `tests/uncovered.yaml`."""
    reason = {"type": "string", "minLength": 1, "description": "Why no scenario passes it."}
    process = {"type": "object", "additionalProperties": reason, "description": "Elements and arrows of a process."}
    return {"description": "What no scenario passes, and why.", "type": ["object", "null"], "additionalProperties": process}
