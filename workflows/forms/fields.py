"""What a form asks: one `Field` a question, with its kind, its limits and its conditions. Plain data, frozen; nothing is evaluated here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

LISTS = frozenset({"choices", "documents", "table"})  # their empty answer is [], never null
REFERENCES = frozenset(
    {"person", "user", "structure", "post", "station", "budget-line", "case", "person-or-structure", "place-ml-or-country"}
)
GROUPS = frozenset({"place-ml", "money-foreign", "signature", "grid"})
PARTIAL = frozenset({"partial-date", "partial-date-time"})
KINDS = (
    frozenset(
        {"text", "longtext", "integer", "decimal", "money-xof", "rate", "currency", "date", "datetime", "boolean", "choice"}
        | {"country", "phone", "document", "computed"}
    )
    | LISTS
    | REFERENCES
    | GROUPS
    | PARTIAL
)


@dataclass(frozen=True)
class Option:
    """One answer of a choice: the code that is stored, the French label that is shown."""

    value: str
    label: str


@dataclass(frozen=True)
class Limits:
    """Bounds of an answer; None where there is none. `digits` is the number of decimals."""

    min: int | None = None
    max: int | None = None
    digits: int = 0
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    pattern_message: str = ""
    min_items: int | None = None
    max_items: int | None = None
    items_message: str = ""


@dataclass(frozen=True)
class Field:
    """A question of a form, a column of a table or a part of a group.

    Texts that are FEEL (`hide`, `required_when`, `rule`, `default`, `effect_when`, a formula) are kept without their « = ».
    `context` is the gettext context of its texts; `notes` holds the declared kinds that only services and screens use
    (`proposed_by`, `unique`, `remind`, `role`, `signers`, ...).
    """

    key: str
    kind: str
    label: str
    context: str
    hint: str = ""
    widget: str = "textfield"
    required: bool = False
    required_when: str | None = None
    hide: str | None = None
    rule: str | None = None
    rule_message: str = ""
    limits: Limits = field(default_factory=Limits)
    options: tuple[Option, ...] = ()
    option_list: str | None = None
    parts: tuple[Field, ...] = ()
    none_allowed: bool = False
    default: str | None = None
    effect: str | None = None
    effect_when: str | None = None
    readonly: bool = False
    formula: str | None = None
    decision: str | None = None
    system: str | None = None
    value: str | None = None
    notes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def computed(self) -> bool:
        """Never typed: its value comes from a formula, a decision table or a service."""
        return self.kind == "computed"

    @property
    def many(self) -> bool:
        return self.kind in LISTS

    @property
    def empty(self) -> list | None:
        """What an expression sees when there is no answer."""
        return [] if self.many else None

    def part(self, key: str) -> Field | None:
        return next((part for part in self.parts if part.key == key), None)

    def expressions(self) -> Iterator[tuple[str, str]]:
        """(property, FEEL) of every expression of this field, for the static checks."""
        for name in ("hide", "required_when", "rule", "default", "effect_when", "formula"):
            source = getattr(self, name)
            if source is not None:
                yield name, source
