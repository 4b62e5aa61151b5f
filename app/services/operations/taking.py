"""What an operation takes: whether cases may become its children now, and what it hands on to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from app.db import facts as fact_rows
from app.db.transaction import Unit
from workflows.catalog import CaseType
from workflows.facts import unpack
from workflows.feel import FeelError
from workflows.operation import Operation


def accepts(case_type: CaseType, facts: Mapping[str, Any], unit: Unit) -> bool:
    """Whether the operation takes children now, by the expression of its sheet."""
    assert case_type.operation is not None
    seen = case_type.definition.view({"": dict(facts)}, ())
    try:
        return case_type.definition.evaluate(case_type.operation.accepts, seen, unit.now) is True
    except FeelError:
        return False


def facts_of(unit: Unit, case_id: int) -> dict[str, Any]:
    """What is known of an operation itself, by name."""
    return {name: unpack(orjson.loads(value)) for _, name, value in fact_rows.of_scopes(unit.connection, case_id, ())}


def inherited(operation: Operation, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that a child takes over."""
    return {name: facts[name] for name in operation.inherit if facts.get(name) is not None}
