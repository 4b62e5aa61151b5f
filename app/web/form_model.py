"""What a template needs to draw a form: plain data, already in the reader's language. `form_view.py` builds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from workflows.feel import Host
from workflows.forms import Field
from workflows.forms.messages import Translate, untranslated
from workflows.forms.readers import Resolve, nobody
from workflows.forms.rules import Supply


class Candidate(NamedTuple):
    """A record that may be chosen: its code, its name, and what tells it from another of that name."""

    code: str
    label: str
    detail: str = ""
    href: str = ""


class Registers(Protocol):
    """The registers as a page sees them; the services stand behind it."""

    def options(self, spec: Field) -> Sequence[Candidate] | None:
        """Every record that may be chosen, when they are few; None for a register that is searched."""

    def search(self, spec: Field, text: str) -> Sequence[Candidate]:
        """Records that answer to a code or a name, best first."""

    def label(self, kind: str, code: str) -> Candidate | None:
        """The record of a code as the reader may see it."""

    def creates(self, spec: Field) -> bool:
        """May a record be created from this field?"""


class NoRegisters:
    """No register at hand: codes are shown as they are."""

    def options(self, spec: Field) -> Sequence[Candidate] | None:
        return None

    def search(self, spec: Field, text: str) -> Sequence[Candidate]:
        return ()

    def label(self, kind: str, code: str) -> Candidate | None:
        return None

    def creates(self, spec: Field) -> bool:
        return False


@dataclass(frozen=True)
class FormContext:
    """Everything outside the form that drawing it needs; the first eight are those of `FormDefinition.validate`.

    `proposals`: {field: value} that a decision table or a service proposes, said as a hint, never chosen in advance.
    `supply`: values of computed questions that a table or a service gives, as for `validate`.
    """

    facts: Mapping[str, Any]
    host: Host
    now: datetime
    zone: str = "Africa/Bamako"
    resolve: Resolve = nobody
    lists: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    kinds: Mapping[str, Field] = field(default_factory=dict)
    lang: str = "fr"
    translate: Translate = untranslated
    registers: Registers = field(default_factory=NoRegisters)
    proposals: Mapping[str, Any] = field(default_factory=dict)
    supply: Supply | None = None
    say: Callable[..., str] = lambda text, **values: text % values

    def validation(self) -> dict[str, Any]:
        """The keyword arguments of `FormDefinition.validate`."""
        return {
            "zone": self.zone,
            "resolve": self.resolve,
            "lists": self.lists,
            "kinds": self.kinds,
            "lang": self.lang,
            "translate": self.translate,
            "supply": self.supply,
        }


@dataclass(frozen=True)
class Choice:
    """One radio, box or option. `shows`: numbers of the conditions that it makes true."""

    value: str
    label: str
    checked: bool = False
    detail: str = ""
    shows: str = ""


@dataclass(frozen=True)
class Part:
    """One input of a date."""

    name: str
    id: str
    label: str
    width: str
    value: str
    invalid: bool = False


@dataclass(frozen=True)
class Row:
    """One row of a table: its number for people, and its cells."""

    number: int
    path: str
    cells: tuple[FieldView, ...]


@dataclass(frozen=True)
class FieldView:
    """One question as it is drawn. `control` is the macro; `parts` are inputs of a date or fields of a group."""

    name: str
    id: str
    control: str
    label: str
    hint: str = ""
    error: str = ""
    optional: bool = False
    value: str = ""
    suffix: str = ""
    width: str = "w-half"
    input_mode: str = ""
    input_type: str = "text"
    choices: tuple[Choice, ...] = ()
    parts: tuple[Any, ...] = ()
    rows: tuple[Row, ...] = ()
    columns: tuple[tuple[str, bool], ...] = ()
    stacked: bool = False
    none_label: str = ""
    none_said: bool = False
    multiple: bool = False
    accept: str = ""
    chosen: Candidate | None = None
    candidates: tuple[Candidate, ...] | None = None
    creates: bool = False
    unknown: bool = False
    files: tuple[Candidate, ...] = ()
    max_length: int | None = None
    condition: str = ""
    shown_by: int | None = None
    focus: str = ""

    @property
    def described(self) -> str:
        """The ids of hint and error, for `aria-describedby`."""
        return " ".join(f"{self.id}-{end}" for end, there in (("aide", self.hint), ("erreur", self.error)) if there)


@dataclass(frozen=True)
class FormView:
    """A form as it is drawn: its title, its questions, what is to correct as [(id to go to, sentence)]."""

    title: str
    fields: tuple[FieldView, ...]
    summary: tuple[tuple[str, str], ...]

    @property
    def groups(self) -> list[tuple[int | None, list[FieldView]]]:
        """Questions that follow each other and are shown by the same answer, together."""
        out: list[tuple[int | None, list[FieldView]]] = []
        for one in self.fields:
            if out and out[-1][0] == one.shown_by:
                out[-1][1].append(one)
            else:
                out.append((one.shown_by, [one]))
        return out

    @property
    def has_files(self) -> bool:
        """Must the browser send this form as multipart?"""
        return any(holds_files(one) for one in self.fields)


def holds_files(one: FieldView) -> bool:
    inner = [*one.parts, *(cell for row in one.rows for cell in row.cells)]
    return one.control == "files" or any(isinstance(part, FieldView) and holds_files(part) for part in inner)
