"""The schema of scenario files, from their vocabulary."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from app.scenarios.player import VERBS
from workflows.scenarios import vocabulary, words
from workflows.scenarios.shapes import Either, Keys, Line, Named, One, Passage, Several, Shape

Schema = dict[str, Any]
HOLE = {"type": "string", "pattern": "^\\$"}
"""A value that the line of a passage leaves open."""
SPAN = "^\\+?\\s*(\\d+\\s*(d|h|min)\\s*)+$"
MOMENT = "^\\d{4}-\\d{2}-\\d{2}"
SCALAR = {"type": ["string", "number", "boolean"]}
KINDS: Mapping[str, Schema] = {
    "any": {},
    "text": SCALAR,
    "number": {"type": "number"},
    "flag": {"type": "boolean"},
    "moment": {"anyOf": [{"type": "string", "pattern": MOMENT}, {"type": "null"}]},
    "day": {"type": "string", "pattern": MOMENT + "$"},
    "at": {"type": "string", "pattern": f"{MOMENT}|{SPAN.replace('?', '', 1)}"},
    "span": {"type": "string", "pattern": SPAN},
    "priority": {"enum": ["P1", "P2", "P3", "P4"]},
    "confidentiality": {"enum": ["C1", "C2", "C3", "C4"]},
    "sight": {"enum": list(vocabulary.SIGHTS)},
}
"""Kind of a single value -> its form; any other is the name of something, a text."""
DOC = "docs/scenarios.md"


def of_files() -> Schema:
    """One schema for both: a scenario alone, and several variants of a beginning."""
    whole, varied = vocabulary.FILE, vocabulary.FILE_WITH_VARIANTS
    return {
        "description": f"A scenario, or variants of one: {DOC}.",
        **_keys({**varied.known, **whole.known, "given": Keys(vocabulary.GIVEN.known)}, (), "file"),
        "anyOf": [{"required": list(whole.required)}, {"required": list(varied.required)}],
        "definitions": {
            "line": _line(),
            "passage": _keys(vocabulary.PASSAGE.known, vocabulary.PASSAGE.required, "passage"),
            "expect": _keys(vocabulary.EXPECT.known, (), "expect"),
        },
    }


def _line() -> Schema:
    """A line: at most one word, what must be said beside it, or a passage."""
    verbs = {name: {"description": _said_of(VERBS[name]), **_of(word.holds, name)} for name, word in vocabulary.WORDS.items()}
    besides = _parts({**vocabulary.BESIDES, **vocabulary.PASSAGE_LINE.known}, "line")
    first = (*verbs, "passage")
    return {
        "type": "object",
        "properties": {**verbs, **besides},
        "additionalProperties": False,
        "dependencies": {name: list(word.beside) for name, word in vocabulary.WORDS.items() if word.beside},
        "oneOf": [
            *({"required": [name]} for name in first),
            {
                "not": {"anyOf": [{"required": [name]} for name in first]},
                "anyOf": [{"required": [name]} for name in vocabulary.ALONE],
            },
        ],
    }


def _of(shape: Shape, name: str) -> Schema:
    """The form of what `name` holds."""
    if shape is vocabulary.EXPECT:
        return _same("expect")
    match shape:
        case One(kind):
            return _single(kind)
        case Several(of, alone):
            return {"anyOf": [{"type": "array", "items": _of(of, name)}, _of(of, name) if alone else HOLE]}
        case Named(of):
            return {"anyOf": [{"type": "object", "additionalProperties": _of(of, name)}, HOLE]}
        case Keys(known, required, empty):
            return {"anyOf": [_keys(known, required, name), {"type": "null"} if empty else HOLE]}
        case Either(forms):
            return {"anyOf": [_of(form, name) for form in forms]}
        case Line():
            return _same("line")
        case Passage():
            return _same("passage")
    raise TypeError(shape)


def _same(definition: str) -> Schema:
    """What stands under the definitions; beside a bare reference editors would not read a description."""
    return {"allOf": [{"$ref": f"#/definitions/{definition}"}]}


def _keys(known: Mapping[str, Shape], required: tuple[str, ...], name: str) -> Schema:
    told: Schema = {"type": "object", "properties": _parts(known, name), "additionalProperties": False}
    return {**told, "required": list(required)} if required else told


def _parts(known: Mapping[str, Shape], name: str) -> Schema:
    """Keys that `name` holds, with what each means."""
    return {key: {"description": words.KEYS[name][key], **_of(shape, key)} for key, shape in known.items()}


def _said_of(one: Any) -> str:
    """How a word is written, as the function that does it says."""
    return " ".join((inspect.getdoc(one) or "").split())


def _single(kind: str) -> Schema:
    form = KINDS.get(kind, {"type": "string"})
    return form if form in ({}, SCALAR, {"type": "string"}) else {"anyOf": [form, HOLE]}
