"""Schemas of the sheets: from the classes by which they are read, so that both say the same."""

from __future__ import annotations

import inspect
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from marshmallow import Schema

from workflows import sheets
from workflows.sheet_words import KEYS

REFERENCE = "#/components/schemas/"
BY_THE_READER = "child_of"
"""A key that no author writes."""
SCALAR = {"type": ["string", "number", "boolean", "null"]}


def of(sheet: type[Schema], required: tuple[str, ...] | None = None) -> dict[str, Any]:
    """The schema of a sheet. `required`: the keys that must be said, if not those of the class."""
    plugin = MarshmallowPlugin(schema_name_resolver=lambda given: (given if inspect.isclass(given) else type(given)).__name__)
    spec = APISpec(title="", version="", openapi_version="3.1.0", plugins=[plugin])
    spec.components.schema(sheet.__name__, schema=sheet)
    parts = {name: _told(name, part) for name, part in spec.to_dict()["components"]["schemas"].items()}
    top = parts.pop(sheet.__name__)
    if required is not None:
        top["required"] = list(required)
    return {**top, "definitions": parts}


def _told(name: str, part: dict[str, Any]) -> dict[str, Any]:
    """What apispec gives, in the words of draft 7, with what the class says of itself."""
    description = " ".join((inspect.getdoc(getattr(sheets, name)) or "").split("\n\n")[0].split())
    keys = {key: _described(KEYS[name][key], _plain(form)) for key, form in part["properties"].items() if key != BY_THE_READER}
    return {"description": description, **_plain(part), "properties": keys}


def _described(said: str, form: dict[str, Any]) -> dict[str, Any]:
    """A key with what it means; beside a bare reference editors would not read it."""
    return {"description": said, **({"allOf": [form]} if "$ref" in form else form)}


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
    about = {key: {"description": said, **({} if key == "value" else {"type": "string"})} for key, said in KEYS["Setting"].items()}
    told = {"type": "object", "properties": about, "required": ["value"], "additionalProperties": False}
    one = {"anyOf": [told, {**SCALAR}, {"type": "array"}]}
    named = {"type": "object", "additionalProperties": one}
    return {
        "description": "Values that an administrator may change; expressions read them as reglages.<name>.",
        "type": "object",
        "properties": {"settings": {"description": "Name of a setting -> its value, or what is said about it.", **named}},
        "additionalProperties": one,
    }


def uncovered() -> dict[str, Any]:
    """Of `tests/uncovered.yaml`."""
    reason = {"type": "string", "minLength": 1, "description": "Why no scenario passes it."}
    process = {"type": "object", "additionalProperties": reason, "description": "Elements and arrows of a process."}
    return {"description": "What no scenario passes, and why.", "type": ["object", "null"], "additionalProperties": process}
