"""What depends on other answers: which questions are asked, which need an answer, which rules hold. Works on typed values."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ..feel import lower
from .fields import Field
from .numerals import EXAMPLES
from .schema import Problem
from .scope import FeelError, Scope, names_in

Supply = Callable[[Field, Mapping[str, Any]], Any]  # (computed question, names -> values) -> what its table or service says, or None

log = logging.getLogger(__name__)
DATES = {"date": "15 6 2026", "datetime": "15 6 2026 16:20", "partial-date": "1985", "partial-date-time": "2026"}


def is_true(scope: Scope, spec: Field, source: str, when_broken: bool) -> bool:
    """A condition. Null is not true; a condition that cannot be told is logged and taken as `when_broken`."""
    try:
        return scope.evaluate(source) is True
    except FeelError as error:
        log.warning("form condition of %s cannot be told: %s", spec.context, error)
        return when_broken


def compute(scope: Scope, fields: Iterable[Field], supply: Supply | None = None) -> dict[str, Any]:
    """Computed questions in the order of the form; a later one may use an earlier one. Values that cannot be told are null."""
    out = {}
    for spec in fields:
        if spec.computed and (spec.formula is not None or supply is not None):
            scope.own[spec.key] = out[spec.key] = result(scope, spec, supply)
    return out


def result(scope: Scope, spec: Field, supply: Supply | None) -> Any:
    """The value of one computed question: its formula, else what a table or a service supplies, else the fact of that name."""
    try:
        if spec.formula is not None:
            return lower(scope.evaluate(spec.formula))
        found = supply(spec, scope) if supply else None
    except FeelError as error:
        log.warning("computed value of %s cannot be told: %s", spec.context, error)
        return None
    return scope.facts.get(spec.key) if found is None else found


def settle(scope: Scope, fields: tuple[Field, ...], values: Mapping[str, Any], supply: Supply | None = None) -> set[str]:
    """The hidden questions. Hiding one empties it, which may hide others: repeated until nothing changes.

    Leaves in `scope.own` the answers of the questions that are asked, and the computed values.
    """
    hidden: set[str] = set()
    scope.own = {spec.key: values.get(spec.key) for spec in fields if not spec.computed}
    for _ in range(len(fields) + 1):
        compute(scope, [spec for spec in fields if spec.key not in hidden], supply)
        hidden |= {spec.key for spec in fields if spec.hide and spec.key not in hidden and is_true(scope, spec, spec.hide, False)}
        emptied = {key: None for key in hidden if scope.own.get(key) not in (None, [])}
        if not emptied:
            break
        scope.own.update(emptied)
    return hidden


def missing(scope: Scope, spec: Field, value: Any, none_said: bool) -> Problem | None:
    """A required answer that is not there. `none_said`: the person said « aucune »."""
    empty = value is None or (value == [] and not (spec.none_allowed and none_said))
    if not empty:
        return None
    needed = spec.required or (spec.required_when is not None and is_true(scope, spec, spec.required_when, False))
    return required(spec) if needed else None


def required(spec: Field) -> Problem:
    """How to ask for an answer, by kind."""
    match spec.kind:
        case "boolean" if spec.widget == "checkbox":
            return Problem("required_checked", spec)
        case "choice" | "choices" | "boolean" | "country":
            return Problem("required_choice", spec)
        case "document" | "documents":
            return Problem("required_document", spec)
        case "table":
            return Problem("required_rows_or_none" if spec.none_allowed else "required_rows", spec)
        case kind if kind in DATES:
            return Problem("required_date", spec, example=DATES[kind])
        case kind if kind in EXAMPLES:
            return Problem("required_number", spec, example=EXAMPLES[kind])
    return Problem("required", spec)


def counted(spec: Field, value: Any) -> Problem | None:
    """Number of rows or files within its limits."""
    limits = spec.limits
    if not isinstance(value, list) or (value == [] and (spec.none_allowed or not spec.required)):
        return None
    if limits.min_items is not None and len(value) < limits.min_items:
        return Problem("items" if limits.items_message else "min_items", spec, min=limits.min_items)
    if limits.max_items is not None and len(value) > limits.max_items:
        return Problem("items" if limits.items_message else "max_items", spec, max=limits.max_items)
    return None


def broken(scope: Scope, spec: Field, refused: set[str]) -> Problem | None:
    """A rule that does not hold. A rule that needs an answer which is itself refused waits until that one is right."""
    if spec.rule is None or names_in(spec.rule)[0] & refused:
        return None
    try:
        return None if scope.evaluate(spec.rule) is True else Problem("rule", spec)
    except FeelError as error:
        log.warning("rule of %s cannot be told: %s", spec.context, error)
        return Problem("rule_failed", spec)
