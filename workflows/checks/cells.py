"""Cells of a decision table that compare with a value of another kind than their column."""

from __future__ import annotations

from collections.abc import Iterator

from ..feel.check import literals
from ..feel.kinds import FRENCH, kind
from ..feel.tables import Table
from .english import kind_said
from .finding import Text
from .names import Types, infer

MOST = 60_000  # no table is tried with more
PLAIN = frozenset({"number", "string", "boolean"})


def clashes(table: Table, known: Types) -> Iterator[tuple[int, Text]]:
    """(number of the row, what is wrong): such a cell never holds."""
    for column, given in enumerate(table.inputs):
        wanted = infer(given.expression, known).kind
        for number, rule in enumerate(table.rules, 1):
            cell = rule.cells[column]
            kinds = {kind(one) for one in literals(cell)} - {"null"} if "(" not in cell else set()
            if wanted in PLAIN and kinds and kinds <= PLAIN and wanted not in kinds:
                other = min(kinds)
                yield (
                    number,
                    Text(
                        f"ligne {number}, « {given.title} » : {FRENCH[wanted]} et {FRENCH[other]} ne se comparent pas",
                        f"row {number}, « {given.title} »: {kind_said(wanted).en} and {kind_said(other).en} cannot be compared",
                    ),
                )


def trials(table: Table) -> int:
    """About how many combinations of values the check of gaps and overlaps tries."""
    size = 1
    for column in range(len(table.inputs)):
        size = min(MOST, size * (2 * len({rule.cells[column] for rule in table.rules}) + 2))
    return size
