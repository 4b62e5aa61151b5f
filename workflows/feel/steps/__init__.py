"""What each kind of node does. A step takes the running walk, its node, the scope and the node's parts; it gives a value."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import access, calls, literals, logic, loops, operators, tests

STEPS: dict[str, Callable[..., Any]] = {
    "value": literals.value,
    "any": literals.anything,
    "trouble": literals.trouble,
    "name": literals.name,
    "list": literals.listed,
    "context": literals.context,
    "range": literals.interval,
    "and": logic.conjunction,
    "or": logic.disjunction,
    "if": logic.conditional,
    "compare": operators.compared,
    "between": operators.between,
    "math": operators.calculated,
    "negate": operators.negated,
    "test": tests.open_test,
    "in": tests.belongs,
    "one of": tests.one_of,
    "none of": tests.none_of,
    "path": access.path,
    "filter": access.filtered,
    "for": loops.for_each,
    "some": loops.some,
    "every": loops.every,
    "function": calls.define,
    "call": calls.call,
    "instance": calls.instance,
}

__all__ = ["STEPS"]
