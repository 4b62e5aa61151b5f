"""Single values of a scenario file: their form, and what to say of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from yaml import Node, ScalarNode

from ..feel.hints import nearest
from . import scenario_rules as rules
from .finding import Text

SPAN = re.compile(r"\+?\s*(\d+\s*(d|h|min)\s*)+")
NULL, NUMBERS, FLAG = "null", ("int", "float"), "bool"


def near(name: str, known: tuple[str, ...]) -> Text:
    """What was perhaps meant."""
    found = nearest(name, known)
    return rules.NEAR.format(near=found) if found else rules.NOTHING_NEAR


def capital(what: Text) -> Text:
    """As it begins a sentence."""
    return Text(what.fr[0].upper() + what.fr[1:], what.en[0].upper() + what.en[1:])


def line_of(node: Node) -> int:
    """Where it is written."""
    return node.start_mark.line + 1


def tag(node: Node) -> str:
    """What YAML takes a value for: str, int, float, bool, null, timestamp."""
    return str(node.tag).rpartition(":")[2]


def _moment(node: ScalarNode) -> bool:
    try:
        dt.datetime.fromisoformat(node.value)
    except ValueError:
        return tag(node) in ("timestamp", NULL)
    return True


def _day(node: ScalarNode) -> bool:
    try:
        dt.date.fromisoformat(node.value)
    except ValueError:
        return False
    return True


CHECKS: dict[str, Callable[[ScalarNode], bool]] = {
    "text": lambda node: tag(node) != NULL,
    "number": lambda node: tag(node) in NUMBERS,
    "flag": lambda node: tag(node) == FLAG,
    "moment": _moment,
    "at": lambda node: bool(SPAN.fullmatch(node.value)) if node.value.startswith("+") else _moment(node),
    "span": lambda node: bool(SPAN.fullmatch(node.value)),
    "day": _day,
    "type": lambda node: tag(node) != NULL,
}
"""Kind of a single value that names nothing -> whether it is one."""
