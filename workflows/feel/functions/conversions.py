"""From one kind to another."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from ..errors import Refused
from ..kinds import number
from ..show import show
from ..syntax import parse
from ..tree import Node
from .registry import define

NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
GROUPS = (None, " ", ",", ".", "\u00a0", "\u202f")
POINTS = (None, ",", ".")


def to_number(text: str, group: str | None = None, point: str | None = None) -> Decimal:
    if group not in GROUPS or point not in POINTS or (group and group == point):
        raise Refused("séparateurs impossibles")
    text = text.replace(group, "") if group else text
    text = text.replace(point, ".") if point else text
    if not NUMBER.fullmatch(text):
        raise Refused("nombre illisible")
    return number(text)


def to_range(walk: Any, node: Node, text: str) -> Any:
    """An interval of constants only: nothing of the case can be read by a text that is computed."""
    try:
        tree = parse(text)
    except ValueError:
        raise Refused("intervalle illisible") from None
    if tree.op != "range" or not (is_literal(tree.args[0]) and is_literal(tree.args[2])):
        raise Refused("intervalle illisible")
    return walk.walk(tree, None)


def is_literal(node: Node) -> bool:
    match node.op:
        case "value":
            return True
        case "negate":
            return is_literal(node.args[0])
        case "call":
            return node.args[0].op == "name" and all(arg.op == "value" for _, arg in node.args[1])
    return False


def to_context(items: list[Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for entry in items:
        fits = type(entry) is dict and type(entry.get("key")) is str and "value" in entry
        if not fits or entry["key"] in out:
            raise Refused("entrées {key, value} attendues, sans doublon")
        out[entry["key"]] = entry["value"]
    return out


define("number(from: string, grouping separator: string?, decimal separator: string?) -> number", to_number)
define("number(from: number) -> number", lambda n: n)
define("string(from: any) -> string", lambda v: None if v is None else show(v))
define("context(entries: list) -> context", to_context)
define("range(from: string) -> range", to_range, walk=True)
