"""What a browser posts -> the raw answers of a form, and back which button was pressed. Nothing typed is lost, nothing is judged here.

Names of inputs: `champ`, `groupe.partie`, `tableau-0.colonne`; a date adds `.jour`, `.mois`, `.annee`, `.heure`; a file `.fichier`;
a search its text `.texte` and the text that the shown candidates answer `.demande`; an explicit « aucune » `.aucune`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import FileStorage, MultiDict

from workflows.forms import Field, FormDefinition
from workflows.forms.fields import GROUPS, PARTIAL, REFERENCES
from workflows.forms.readers import MAX_LIST

DATE_PARTS = ("jour", "mois", "annee")
BUTTONS = ("ajouter", "retirer", "chercher", "creer")
UNKNOWN = ":inconnu"
OURS = frozenset({"csrf_token", *BUTTONS})  # names that belong to the page, not to the form


@dataclass(frozen=True)
class Submitted:
    """Answers as they were typed, and the button of the form itself that was pressed: (ajouter | retirer | chercher | creer, path)."""

    raw: dict[str, Any]
    action: str | None = None
    path: str = ""
    unknown: bool = False  # « Non identifié »: the record to create is that of somebody whose name nobody knows


def read(form: FormDefinition, data: MultiDict[str, str], ours: frozenset[str] = frozenset()) -> Submitted:
    """The raw answers among posted data. `ours`: further names that belong to the page (its own buttons, idempotency key)."""
    taker = Taker(data)
    raw = taker.fields(form.fields, "")
    for name in data:
        if name not in taker.used and name not in OURS and name not in ours:
            raw.setdefault(name, data[name])  # not declared: kept, so that validation refuses it by its name
    action = next((button for button in BUTTONS if data.get(button)), None)
    path = data[action] if action else ""
    if action == "creer":
        return Submitted(raw, action, path.removesuffix(UNKNOWN), path.endswith(UNKNOWN))
    return Submitted(raw, action, path)


class Taker:
    """Takes the answers of fields out of posted data and remembers the names it has used."""

    def __init__(self, data: MultiDict[str, str]):
        self.data = data
        self.used: set[str] = set()

    def one(self, name: str) -> str | None:
        self.used.add(name)
        return self.data.get(name)

    def all(self, name: str) -> list[str]:
        self.used.add(name)
        return self.data.getlist(name)

    def fields(self, specs: tuple[Field, ...], prefix: str) -> dict[str, Any]:
        out = {}
        for spec in specs:
            if spec.readonly:
                continue
            value = self.field(spec, prefix + spec.key)
            if value is not None:
                out[spec.key] = value
        return out

    def field(self, spec: Field, name: str) -> Any:
        if spec.kind == "table":
            return self.rows(spec, name)
        if spec.kind in GROUPS:
            return self.fields(spec.parts, f"{name}.") or None
        if spec.kind in ("date", "datetime") or spec.kind in PARTIAL:
            return self.moment(spec, name)
        if spec.kind in REFERENCES:
            return self.reference(name)
        if spec.kind in ("choices", "documents"):
            return [value for value in self.all(name) if value] or None
        return self.one(name)

    def moment(self, spec: Field, name: str) -> dict[str, str] | str | None:
        """The parts of a date; a date written in one field is taken too."""
        parts = (*DATE_PARTS, "heure") if spec.kind in ("datetime", "partial-date-time") else DATE_PARTS
        found = {part: value for part in parts if (value := self.one(f"{name}.{part}")) is not None}
        return found or self.one(name)

    def reference(self, name: str) -> str | None:
        """The chosen code; a text typed since the candidates were shown speaks louder than an older choice."""
        code, text, asked = (self.one(name), self.one(f"{name}.texte"), self.one(f"{name}.demande"))
        if text and text.strip() and (not code or text != (asked or "")):
            return text
        return code or text

    def rows(self, spec: Field, name: str) -> list[Any] | None:
        """The rows in their order; None when there is none, [] when « aucune » is ticked."""
        pattern = re.compile(re.escape(name) + r"-([0-9]{1,3})\.")
        indices = sorted({int(match[1]) for key in self.data if (match := pattern.match(key))})
        rows = [self.fields(spec.parts, f"{name}-{index}.") for index in indices if index < MAX_LIST]
        none_said = self.one(f"{name}.aucune") is not None
        return rows or ([] if none_said else None)


# ---------------------------------------------------------------- the buttons inside a form
STEP = re.compile(r"([A-Za-z_][A-Za-z_0-9]*)(?:-([0-9]{1,3}))?")


def steps_of(path: str) -> list[str | int] | None:
    """`tableau-0.colonne` -> ["tableau", 0, "colonne"]; None when it is no path."""
    out: list[str | int] = []
    for part in path.split("."):
        match = STEP.fullmatch(part)
        if match is None:
            return None
        out.append(match[1])
        if match[2] is not None:
            out.append(int(match[2]))
    return out


def name_of(path: str) -> str:
    """The path of an error, `tableau.0.colonne` -> the name of its input, `tableau-0.colonne`."""
    return re.sub(r"\.([0-9]+)(?=\.|$)", r"-\1", path)


def spec_at(form: FormDefinition, path: str) -> Field | None:
    """The field that a path leads to."""
    steps = steps_of(path)
    return form.field(".".join(str(step) for step in steps)) if steps else None


def press(form: FormDefinition, submitted: Submitted) -> dict[str, Any]:
    """The raw answers after « ajouter » or « retirer »; unchanged for other buttons and for paths that lead nowhere."""
    raw, steps = submitted.raw, steps_of(submitted.path.partition(":")[0])
    if submitted.action not in ("ajouter", "retirer") or not steps:
        return raw
    spec = spec_at(form, submitted.path.partition(":")[0])
    if spec is None:
        return raw
    if submitted.action == "ajouter":
        return changed(raw, steps, add_row) if spec.kind == "table" else raw
    if spec.kind == "table" and isinstance(steps[-1], int):
        return changed(raw, steps[:-1], lambda rows: without(rows, steps[-1]))
    code = submitted.path.partition(":")[2]
    return changed(raw, steps, lambda value: take_out(value, code))


def changed(raw: Any, steps: list[str | int], act: Any) -> Any:
    """A copy of nested answers with `act` done on the value that `steps` lead to."""
    if not steps:
        return act(raw)
    step = steps[0]
    if isinstance(step, int):
        rows = list(raw) if isinstance(raw, list) else []
        if step < len(rows):
            rows[step] = changed(rows[step], steps[1:], act)
        return rows
    group = dict(raw) if isinstance(raw, Mapping) else {}
    group[step] = changed(group.get(step), steps[1:], act)
    return group


def add_row(rows: Any) -> list[Any]:
    """One empty row more, as long as a table may have more."""
    return [*(rows if isinstance(rows, list) else []), {}][:MAX_LIST]


def without(rows: Any, index: str | int) -> list[Any]:
    return [row for number, row in enumerate(rows) if number != index] if isinstance(rows, list) else []


def take_out(value: Any, code: str) -> Any:
    """A chosen record or a file taken out of an answer."""
    if isinstance(value, list):
        return [item for item in value if item != code]
    return None


# ---------------------------------------------------------------- files
def uploads(form: FormDefinition, files: MultiDict[str, FileStorage]) -> Iterator[tuple[str, FileStorage]]:
    """(path of its field, file) of every file that was chosen; files of other names are ignored."""
    for name in files:
        path = name.removesuffix(".fichier")
        spec = spec_at(form, path)
        if path == name or spec is None or spec.kind not in ("document", "documents"):
            continue
        for file in files.getlist(name):
            if file.filename:
                yield path, file


def attach(form: FormDefinition, raw: Mapping[str, Any], path: str, code: str) -> dict[str, Any]:
    """The answers with one more document, by its code; a field of one document holds the last."""
    spec, steps = spec_at(form, path), steps_of(path)
    if spec is None or steps is None:
        return dict(raw)
    if spec.kind == "document":
        return changed(raw, steps, lambda value: code)
    return changed(raw, steps, lambda value: [*(value if isinstance(value, list) else []), code])
