"""Raw answers and their errors -> what a page draws. Everything typed comes back, also what could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.web import form_conditions as conditions
from app.web import form_written as written
from app.web.form_answers import shown
from app.web.form_data import name_of
from app.web.form_model import Candidate, Choice, FieldView, FormContext, FormView, Part, Row
from workflows.forms import Field, FormDefinition, Message
from workflows.forms.fields import GROUPS, PARTIAL, REFERENCES
from workflows.forms.readers import CODE, NEEDED
from workflows.forms.world import countries

Errors = Mapping[str, Sequence[Message]]
YES_NO = (("true", "Oui"), ("false", "Non"))
WIDTHS = {"integer": "w-8", "decimal": "w-money", "rate": "w-8", "currency": "w-4", "money-xof": "w-money", "phone": "w-tel w-half"}
NARROW_KINDS = frozenset({"text", "integer", "decimal", "money-xof", "rate", "currency", "phone", "boolean", "choice"})
MOST_COLUMNS = 5
ACCEPT = ".pdf,.jpg,.jpeg,.png"


def view(form: FormDefinition, raw: Mapping[str, Any], context: FormContext, errors: Errors | None = None) -> FormView:
    """The form as it is drawn with these raw answers. `errors` as `Validation.errors` gives them, none on a first showing."""
    return Builder(form, raw, context, errors or {}).form_view()


class Builder:
    """Builds the views of one form."""

    def __init__(self, form: FormDefinition, raw: Mapping[str, Any], context: FormContext, errors: Errors):
        self.form, self.raw, self.context, self.errors = form, raw, context, errors
        known = form.validate(raw, context.facts, context.host, context.now, **context.validation())
        self.computed = {**context.facts, **known.computed}
        self.hidden = known.hidden
        scope = form.scope(context.facts, context.host, context.now, context.zone, context.resolve, context.kinds)
        scope.own = known.answers
        self.conditions = {spec.key: conditions.condition_of(form, spec, scope) for spec in form.fields}
        self.numbers = conditions.number(self.conditions)

    # -- the form
    def form_view(self) -> FormView:
        asked = [spec for spec in self.form.fields if not self.never_asked(spec)]
        fields = tuple(self.field(spec, self.raw.get(spec.key), spec.key) for spec in asked)
        return FormView(self.text(self.form.title, self.form.context), fields, tuple(self.summary(fields)))

    def never_asked(self, spec: Field) -> bool:
        """Hidden, and no answer on this page can change that."""
        return spec.key in self.hidden and self.conditions[spec.key] is None

    def summary(self, fields: tuple[FieldView, ...]) -> list[tuple[str, str]]:
        """[(id to go to, sentence)] in the order of the page."""
        places = {one.name: one.focus for one in walk(fields)}
        out = []
        for path, messages in self.errors.items():
            for message in messages:
                out.append((places.get(name_of(path), ""), self.where(path) + message.text))
        return out

    def where(self, path: str) -> str:
        """« Financeurs, ligne 2 : » before the sentence about a cell, « Lieu : » before that about a part."""
        steps = path.split(".")
        spec = self.form.kinds.get(steps[0])
        if spec is None or len(steps) == 1:
            return ""
        label = self.label(spec)
        if steps[1].isdigit():
            return self.say("%(label)s, ligne %(number)s : ", label=label, number=int(steps[1]) + 1)
        return self.say("%(label)s : ", label=label)

    # -- words
    def text(self, text: str, context: str) -> str:
        return self.context.translate(text, context) if text else ""

    def say(self, text: str, **values: Any) -> str:
        return self.context.say(text, **values)

    def label(self, spec: Field) -> str:
        return self.text(spec.label, spec.context)

    def option_label(self, spec: Field, value: str) -> str:
        return next((label for code, label in self.options(spec) if code == value), value)

    def options(self, spec: Field) -> list[tuple[str, str]]:
        """(code, label) of what may be chosen."""
        if spec.kind == "boolean":
            return [(code, self.text(label, "kind.boolean")) for code, label in YES_NO]
        if spec.kind == "country":
            return list(countries(self.context.lang).items())
        if spec.option_list is not None:
            return list(self.context.lists.get(spec.option_list, ()))
        return [(option.value, self.text(option.label, spec.context)) for option in spec.options]

    def hint(self, spec: Field) -> str:
        """The form's own hint, then what a table or a service proposes, then what the answer depends on."""
        parts = [self.text(spec.hint, spec.context)]
        if spec.key in self.context.proposals and self.context.proposals[spec.key] is not None:
            parts.append(self.say("Proposé : %(value)s.", value=self.proposed(spec)))
        if spec.required_when and not spec.hint:
            others = [name for name in self.form.names if name != spec.key and name in conditions.names_in(spec.required_when)[0]]
            if others:
                names = ", ".join(f"« {self.label(self.form.kinds[name])} »" for name in others)
                parts.append(self.say("Obligatoire selon la réponse à %(fields)s.", fields=names))
        return " ".join(part for part in parts if part)

    def proposed(self, spec: Field) -> str:
        value = self.context.proposals[spec.key]
        return self.option_label(spec, value) if isinstance(value, str) else written.number(value, self.context.lang)

    # -- one question
    def field(self, spec: Field, value: Any, path: str) -> FieldView:
        """The view of a question, a part or a cell; `path` as errors name it."""
        name = name_of(path)
        first = next(iter(self.errors.get(path, ())), None)
        condition = self.conditions.get(path)
        shown_by = self.numbers.get((condition.by, condition.values)) if condition else None
        common = {
            "name": name,
            "id": "f-" + name.replace(".", "-"),
            "label": self.label(spec),
            "hint": self.hint(spec),
            "error": first.text if first else "",
            "optional": not (spec.required or spec.required_when or spec.computed or spec.readonly),
            "condition": conditions.words(condition, self.label_of, self.option_of, self.say) if condition else "",
            "shown_by": shown_by,
            "width": WIDTHS.get(spec.kind, "w-half"),
            "focus": "f-" + name.replace(".", "-"),
        }
        return FieldView(**{**common, **self.control(spec, value, path, common, first)})

    def label_of(self, name: str) -> str:
        return self.label(self.form.kinds[name])

    def option_of(self, name: str, value: str) -> str:
        return self.option_label(self.form.kinds[name], value)

    def control(self, spec: Field, value: Any, path: str, common: Mapping[str, Any], error: Message | None) -> dict[str, Any]:
        """What is particular to the kind."""
        if spec.computed or spec.readonly:
            return {"control": "computed", "value": self.computed_text(spec, path)}
        if spec.kind == "table":
            return self.table(spec, value, path)
        if spec.kind in GROUPS:
            inner = value if isinstance(value, Mapping) else {}
            parts = tuple(self.part(spec, part, inner, path) for part in spec.parts if not part.readonly)
            return {"control": "group", "parts": parts, "focus": parts[0].focus if parts else ""}
        if spec.kind in ("date", "datetime") or spec.kind in PARTIAL:
            return self.date(spec, value, common, error)
        if spec.kind in REFERENCES:
            return self.reference(spec, value)
        if spec.kind in ("document", "documents"):
            return self.files(spec, value)
        if spec.kind in ("boolean", "choice", "choices", "country"):
            return self.choices(spec, value)
        return self.line(spec, value)

    def part(self, group: Field, spec: Field, values: Mapping[str, Any], path: str) -> FieldView:
        """A part of a group. In a group that may stay empty, only what stays optional once it is begun says so."""
        one = self.field(spec, values.get(spec.key), f"{path}.{spec.key}")
        return replace(one, optional=False) if spec.key in NEEDED.get(group.kind, ()) else one

    def line(self, spec: Field, value: Any) -> dict[str, Any]:
        """A line or a paragraph of text, a number."""
        if spec.kind == "longtext":
            return {"control": "longtext", "value": written.text_of(value)}
        numeric = spec.kind in ("integer", "decimal", "money-xof", "rate")
        return {
            "control": "line",
            "value": written.typed_number(value, self.context.lang) if numeric else written.text_of(value),
            "suffix": "FCFA" if spec.kind == "money-xof" else "",
            "input_mode": "numeric" if spec.kind in ("integer", "money-xof") else "decimal" if numeric else "",
            "input_type": "tel" if spec.kind == "phone" else "text",
        }

    def choices(self, spec: Field, value: Any) -> dict[str, Any]:
        """Radios, boxes or a list; nothing is chosen that the person did not choose."""
        chosen = {written.text_of(item) for item in value} if isinstance(value, list) else {written.text_of(value)}
        if spec.kind == "boolean" and spec.widget == "checkbox":
            return {"control": "checkbox", "choices": (Choice("true", self.label(spec), "true" in chosen, shows=self.shows(spec, "true")),)}
        options = tuple(Choice(code, label, code in chosen, shows=self.shows(spec, code)) for code, label in self.options(spec))
        options += strangers(options, chosen)
        if spec.kind == "choices":
            return {"control": "checks", "choices": options}
        radios = spec.kind == "boolean" or (spec.kind == "choice" and spec.widget == "radio")
        return {"control": "radios" if radios else "select", "choices": options}

    def shows(self, spec: Field, code: str) -> str:
        """The numbers of the conditions that this answer makes true."""
        return " ".join(str(n) for (by, values), n in self.numbers.items() if by == spec.key and code in values)

    def date(self, spec: Field, value: Any, common: Mapping[str, Any], error: Message | None) -> dict[str, Any]:
        """A date in its three inputs, a moment with its hour."""
        found = written.date_parts(spec, value, self.context.zone)
        names = [("jour", self.say("Jour"), "w-2"), ("mois", self.say("Mois"), "w-2"), ("annee", self.say("Année"), "w-4")]
        if spec.kind in ("datetime", "partial-date-time"):
            names.append(("heure", self.say("Heure"), "w-4"))
        bad = bad_parts(error, spec, found)
        parts = tuple(
            Part(f"{common['name']}.{key}", f"{common['id']}-{key}", label, width, found[key], key in bad) for key, label, width in names
        )
        return {"control": "date", "parts": parts, "focus": next((part.id for part in parts if part.invalid), parts[0].id)}

    def reference(self, spec: Field, value: Any) -> dict[str, Any]:
        """A record: chosen from a short list, or searched by code or name; the candidates are shown as radios."""
        text, registers = written.text_of(value).strip(), self.context.registers
        few = registers.options(spec)
        if few is not None:
            choices = tuple(Choice(one.code, joined(one), one.code == text) for one in few)
            choices += strangers(choices, {text})
            return {"control": "select", "choices": choices}
        exists = CODE.fullmatch(text) is not None and self.context.resolve(spec.kind, text) is not None
        return {
            "control": "reference",
            "value": text,
            "chosen": (registers.label(spec.kind, text) or Candidate(text, text)) if exists else None,
            "candidates": tuple(registers.search(spec, text)) if text and not exists else None,
            "creates": registers.creates(spec),
            "unknown": spec.notes.get("allow_unknown") == "true",
        }

    def files(self, spec: Field, value: Any) -> dict[str, Any]:
        """Documents already received, and the input for another."""
        codes = value if isinstance(value, list) else [value] if value else []
        known = [(code, self.context.registers.label("document", code)) for code in codes if isinstance(code, str)]
        files = tuple(label or Candidate(code, code) for code, label in known)
        return {"control": "files", "files": files, "multiple": spec.kind == "documents", "accept": ACCEPT}

    def table(self, spec: Field, value: Any, path: str) -> dict[str, Any]:
        """The rows of a table: one empty row is there when at least one is asked."""
        rows = list(value) if isinstance(value, list) else []
        said_none = value == []
        if not rows and spec.required and not spec.none_allowed:
            rows = [{}]
        columns = [part for part in spec.parts if not part.readonly]
        made = tuple(self.row(columns, raw, index, path) for index, raw in enumerate(rows))
        stacked = len(columns) > MOST_COLUMNS or not all(part.kind in NARROW_KINDS for part in columns)
        return {
            "control": "table",
            "rows": made,
            "columns": tuple((self.label(part), not part.required and part.widget != "checkbox") for part in columns),
            "stacked": stacked,
            "none_said": said_none,
            "none_label": self.say("Aucune") if spec.none_allowed else "",
            "focus": made[0].cells[0].focus if made else f"f-{name_of(path).replace('.', '-')}-ajouter",
        }

    def row(self, columns: list[Field], raw: Any, index: int, path: str) -> Row:
        inner = raw if isinstance(raw, Mapping) else {}
        cells = tuple(self.field(part, inner.get(part.key), f"{path}.{index}.{part.key}") for part in columns)
        return Row(index + 1, f"{name_of(path)}-{index}", cells)

    def computed_text(self, spec: Field, path: str) -> str:
        """A value that the system computes, as it is now; empty when it is not known yet."""
        return shown(spec, self.computed.get(spec.key) if "." not in path else None, self.context)


def strangers(choices: Sequence[Choice], chosen: set[str]) -> tuple[Choice, ...]:
    """Answers that are not among the choices: an older record, a code of another version. Shown as they are, so that none is lost."""
    known = {choice.value for choice in choices}
    return tuple(Choice(value, value, True) for value in sorted(chosen - known) if value)


def joined(one: Candidate) -> str:
    return f"{one.label}, {one.detail}" if one.detail else one.label


def bad_parts(error: Message | None, spec: Field, found: Mapping[str, str]) -> frozenset[str]:
    """The inputs of a date that an error is about."""
    if error is None:
        return frozenset()
    if error.code == "date_missing":
        return frozenset({error.params["part"]})
    if error.code == "year":
        return frozenset({"annee"})
    if error.code == "time":
        return frozenset({"heure"})
    if error.code == "date_unreal":
        return frozenset({"jour", "mois"})
    return frozenset({"annee"} if spec.kind in PARTIAL else {"jour", "mois", "annee"})


def walk(fields: Sequence[FieldView]) -> list[FieldView]:
    """Every question, part and cell."""
    out = []
    for one in fields:
        out.append(one)
        out.extend(walk([part for part in one.parts if isinstance(part, FieldView)]))
        out.extend(walk([cell for row in one.rows for cell in row.cells]))
    return out
