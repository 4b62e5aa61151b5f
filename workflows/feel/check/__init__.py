"""What can be said of an expression or a table before any case runs: unknown names, wrong kinds, choices that do not exist, answers
that may stay empty; rows that never fire, rows that fire together, situations without a row."""

from .expressions import Checker
from .tables import literals, table
from .types import ANY, Finding, Type

__all__ = ["ANY", "Checker", "Finding", "Type", "literals", "table"]
