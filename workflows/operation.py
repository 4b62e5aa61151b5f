"""Cases with children: what the sheet of a case type says of them (`operation`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.case_values import Texts


@dataclass(frozen=True)
class Figure:
    """A figure of an operation: how many of its children there are, or the sum of one of their facts."""

    name: Texts
    sum: str | None
    stages: frozenset[str]
    categories: frozenset[str]
    outcomes: frozenset[str]
    open: bool | None
    money: bool
    of: str | None
    """The figure of which this one is told as a share, in per cent."""

    def counts(self, stage: str, category: str, outcome: str | None, open_: bool) -> bool:
        """Whether a child is one of those that are meant."""
        return (
            (not self.stages or stage in self.stages)
            and (not self.categories or category in self.categories)
            and (not self.outcomes or outcome in self.outcomes)
            and (self.open is None or self.open is open_)
        )


@dataclass(frozen=True)
class Operation:
    """What a case type says of the children of its cases (`operation` of its sheet)."""

    child: str
    """Code of their type."""
    form: str
    """Form by which a child is recorded: the columns of a list."""
    step: str
    """Step of the child's procedure that a row of a list completes."""
    accepts: str
    """FEEL over the facts of the operation: whether children may be added now."""
    recorders: tuple[str, ...]
    """Roles that add children; without any, those who work on the case."""
    inherit: tuple[str, ...]
    """Facts that a child takes over at its birth."""
    unique: tuple[str, ...]
    """Fields of which two children of one operation should not share a value: told, not refused."""
    figures: Mapping[str, Figure]
    """fact of the operation -> how it is computed."""
    stages: Mapping[str, Texts]
    categories: Mapping[str, Texts]


def read_operation(said: Mapping[str, Any] | None) -> Operation | None:
    """What was written, None where nothing was."""
    if said is None:
        return None
    figures = {
        name: Figure(
            {"fr": one["fr"], "en": one["en"]},
            one["sum"],
            frozenset(one["stage"]),
            frozenset(one["category"]),
            frozenset(one["outcome"]),
            one["open"],
            one["money"],
            one["of"],
        )
        for name, one in said["figures"].items()
    }
    lists = {key: tuple(said[key]) for key in ("recorders", "inherit", "unique")}
    return Operation(**{**said, **lists, "figures": figures})
