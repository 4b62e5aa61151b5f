"""The values at which the cells of a column change their answers: one for each way in which they can answer."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from ..errors import FeelError
from ..kinds import kind
from ..syntax import parse
from ..table import BLANK, Input
from ..tree import Node
from ..walk import Host, Walk
from .types import Type

OTHER = "\u2026"  # a text that no cell names
CONSTANT_NAMES = ("?", "date", "duration", "date and time", "time", "not", "-")
SOME_DAY = dt.date(2026, 1, 1)
ONE_DAY = dt.timedelta(days=1)


def literals(cell: str) -> list[Any]:
    """The constants written in a cell."""
    if cell.strip() in BLANK:
        return []
    try:
        return [node.args[0] for node in parse(cell, "cell").every() if node.op == "value"]
    except FeelError:
        return []


def trial_values(host: Host, cells: Iterable[str], column: Input, declared: Type) -> list[Any] | None:
    """None when the cells depend on other data: then nothing can be told."""
    consts: list[Any] = []
    for cell in [*cells, column.allowed or "-"]:
        if cell.strip() in BLANK:
            continue
        for node in parse(cell, "cell").every():
            read = constant(host, cell, node)
            if read is None:
                return None
            consts += read
    out = spread(host, [c for c in consts if c is not None], column, declared)
    return None if out is None else out + ([None] if declared.optional else [])


def constant(host: Host, cell: str, node: Node) -> list[Any] | None:
    """The constant that a node is, if any; None when it reads other data."""
    match node.op:
        case "name" if node.args[0] not in CONSTANT_NAMES:
            return None
        case "value":
            return [node.args[0]]
        case "call":
            if any(arg.op != "value" for _, arg in node.args[1]):
                return None
            return [Walk(host, cell, {}).run(node)]
        case "negate" if node.args[0].op == "value":
            return [-node.args[0].args[0]]
    return []


def spread(host: Host, consts: list[Any], column: Input, declared: Type) -> list[Any] | None:
    kinds = {kind(c) for c in consts} | ({declared.kind} if declared.kind != "any" else set())
    if "date" in kinds:  # their texts are constants too
        kinds.discard("string")
        consts = [c for c in consts if kind(c) == "date"]
    if kinds <= {"boolean"}:
        return [True, False]
    if kinds <= {"string"}:
        allowed = [v for v in literals(column.allowed) if type(v) is str] if column.allowed else []
        return list(dict.fromkeys(declared.values or allowed or [*consts, OTHER]))
    if kinds == {"number"}:
        return around_numbers(host, consts, column, declared.whole)
    if kinds == {"date"}:
        days = sorted(set(consts)) or [SOME_DAY]
        return sorted({x for day in days for x in (day - ONE_DAY, day, day + ONE_DAY)})
    return None


def around_numbers(host: Host, consts: list[Decimal], column: Input, whole: bool) -> list[Any]:
    """Each limit, a value between it and the next, one below all and one above all, as far as the column's head allows."""
    points = sorted(set(consts)) or [Decimal(0)]
    out = [points[0] - 1]
    for low, high in itertools.pairwise(points):
        middle = (low + high) // 2 if whole else (low + high) / 2
        out += [low, middle] if low < middle < high else [low]
    out += [points[-1], points[-1] + 1]
    if column.allowed:
        return [v for v in out if host.test(column.allowed, v, {}, strict=False) is True] or out
    return out
