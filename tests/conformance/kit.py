"""The cases of the DMN technology compatibility kit: what each asks, with which inputs, and what it expects."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lxml import etree

from workflows.feel.values import Months, read_date, read_duration, read_moment, read_time

CORE = {"literalExpression", "decisionTable"}
OTHER = {
    "businessKnowledgeModel", "decisionService", "import", "context", "invocation", "relation", "functionDefinition",
    "conditional", "for", "some", "every", "filter", "list",
}  # fmt: skip
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"


@dataclass(frozen=True)
class Question:
    """One expected result of the kit. `expected` is None where null, or an error, is expected."""

    folder: str
    test: str
    decision: str
    inputs: dict[str, Any]
    expected: Any

    @property
    def id(self) -> str:
        return f"{self.folder} {self.test} {self.decision}"


class Unreadable:
    """An expected value that this system cannot hold (a year after 9999): equal to nothing."""

    def __init__(self, text: str) -> None:
        self.text = text


def folders(kit: Path) -> list[Path]:
    return sorted(path.parent for path in kit.glob("compliance-level-*/*/*.dmn"))


def model_file(folder: Path) -> Path:
    return folder / f"{folder.name}.dmn"


def is_core(folder: Path) -> bool:
    """Only literal expressions and decision tables, as in the files of this project."""
    root = etree.parse(model_file(folder)).getroot()
    return not any(etree.QName(node).localname in OTHER for node in root.iter(etree.Element))


def questions(folder: Path) -> Iterator[Question]:
    for path in sorted(folder.glob("*-test-*.xml")):
        root = etree.parse(path).getroot()
        for case in root.iterfind("{*}testCase"):
            inputs = {node.get("name"): value(node) for node in case.iterfind("{*}inputNode")}
            for result in case.iterfind("{*}resultNode"):
                expected = result.find("{*}expected")
                wanted = None if expected is None or result.get("errorResult") == "true" else value(expected)
                yield Question(folder.name, case.get("id") or "", result.get("name") or "", inputs, wanted)


def value(node: etree._Element) -> Any:
    """A node of a test file: a value, a list of items, or components that make a context."""
    if node.get(NIL) == "true":
        return None
    listed = node.find("{*}list")
    if listed is not None:
        return None if listed.get(NIL) == "true" else [value(item) for item in listed.iterfind("{*}item")]
    parts = node.findall("{*}component")
    if parts:
        return {part.get("name"): value(part) for part in parts}
    plain = node.find("{*}value")
    if plain is None:
        return None
    return None if plain.get(NIL) == "true" else scalar(plain.text or "", (plain.get(TYPE) or "string").rpartition(":")[2])


def scalar(text: str, kind: str) -> Any:
    try:
        return READERS[kind](text)
    except (ValueError, ArithmeticError, OverflowError, KeyError):
        return Unreadable(text)


def strict(read: Any) -> Any:
    def reader(text: str) -> Any:
        found = read(text)
        if found is None:
            raise ValueError
        return found

    return reader


READERS = {
    "string": str,
    "boolean": lambda text: {"true": True, "false": False, "1": True, "0": False}[text.strip()],
    "decimal": Decimal, "double": Decimal, "integer": Decimal, "int": Decimal, "long": Decimal, "float": Decimal,
    "date": strict(read_date), "time": strict(read_time), "dateTime": strict(read_moment), "duration": strict(read_duration),
}  # fmt: skip


def same(got: Any, expected: Any) -> bool:
    """As the kit compares: numbers within one part in 10^8, moments by value and offset, `P0M` like `PT0S`, lists in order."""
    if isinstance(expected, bool) or isinstance(got, bool):
        return got is expected
    if isinstance(expected, Decimal) and isinstance(got, Decimal):
        return abs(got - expected) <= abs(expected) / 10**8
    if isinstance(expected, list):
        return isinstance(got, list) and len(got) == len(expected) and all(map(same, got, expected))
    if isinstance(expected, dict):
        return isinstance(got, dict) and got.keys() == expected.keys() and all(same(got[k], v) for k, v in expected.items())
    if isinstance(expected, dt.datetime | dt.time):
        return type(got) is type(expected) and got.replace(tzinfo=None) == expected.replace(tzinfo=None) and offset(got) == offset(expected)
    if isinstance(expected, Months | dt.timedelta) and not length(expected):
        return isinstance(got, Months | dt.timedelta) and not length(got)
    return type(got) is type(expected) and got == expected


def offset(moment: dt.datetime | dt.time) -> Any:
    zone = getattr(moment.tzinfo, "key", None)
    return zone if moment.utcoffset() is None and zone else moment.utcoffset()


def length(duration: Months | dt.timedelta) -> Any:
    return duration.n if isinstance(duration, Months) else duration
