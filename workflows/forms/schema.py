"""A form's fields -> a marshmallow schema: the same for form data of the web and JSON of the API.

The schema knows kinds, limits, groups and rows. What depends on other answers (hidden, required, rules) is `rules.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, missing
from marshmallow.experimental.context import Context

from .clean import blank
from .fields import GROUPS, Field
from .messages import Refused
from .readers import FINISH, MAX_LIST, NEEDED, READERS, Edge

Here = Context[Edge]  # the edge of the request, for readers deep inside


class Problem:
    """A refusal inside a schema: marshmallow carries it to its path, `rules.py` makes a sentence of it."""

    def __init__(self, code: str, spec: Field | None = None, **params: Any):
        self.code = code
        self.spec = spec
        self.params = params


class FormSchema(Schema):
    """Base of every schema built here: a field that the form does not declare is refused."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "unknown_field", "type": "shape_group"}  # noqa: RUF012 (as marshmallow declares it)


class Answer(fields.Field):
    """A plain answer of any kind; blank is no answer."""

    def __init__(self, spec: Field, **kwargs: Any):
        super().__init__(allow_none=True, **kwargs)
        self.spec = spec

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> Any:
        if blank(value):
            return self.spec.empty
        return super().deserialize(value, attr, data, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            return READERS[self.spec.kind](self.spec, value, Here.get())
        except Refused as refused:
            raise ValidationError([Problem(refused.code, self.spec, **refused.params)]) from None


class ReadOnly(fields.Field):
    """A value that is computed: what is sent back with the rest of a group is not looked at."""

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> None:
        return None


class Computed(fields.Field):
    """A computed question: nobody types it."""

    def __init__(self, spec: Field, **kwargs: Any):
        super().__init__(allow_none=True, **kwargs)
        self.spec = spec

    def deserialize(self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any) -> None:
        if value is not missing and not blank(value):
            raise ValidationError([Problem("computed", self.spec)])


class Group(Answer):
    """Several parts that are one answer: a place, an amount in a foreign currency, a signature, a grid."""

    def __init__(self, spec: Field, inner: Schema):
        super().__init__(spec)
        self.inner = inner

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, Mapping):
            raise ValidationError([Problem("shape_group", self.spec)])
        out = {part.key: part.empty for part in self.spec.parts} | self.inner.load(value)
        if all(blank(part) for part in out.values()):
            return None
        finish = FINISH.get(self.spec.kind)
        if finish:
            try:
                out = finish(self.spec, out, Here.get())
            except Refused as refused:
                spec = self.spec.part(refused.at) or self.spec
                raise ValidationError({refused.at: [Problem(refused.code, spec, **refused.params)]}) from None
        demand(self.spec, out)
        return out


def demand(spec: Field, group: Mapping[str, Any]) -> None:
    """Every part that is needed is there."""
    needed = NEEDED.get(spec.kind, frozenset())
    absent = [part for part in spec.parts if group[part.key] in (None, []) and (part.required or part.key in needed)]
    if absent:
        raise ValidationError({part.key: [Problem("required", part)] for part in absent})


class Rows(Answer):
    """The rows of a table; empty rows are left out, errors keep the number of their row."""

    def __init__(self, spec: Field, inner: Schema):
        super().__init__(spec)
        self.inner = inner

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            raise ValidationError([Problem("shape_list", self.spec)])
        if len(value) > MAX_LIST:
            raise ValidationError([Problem("max_items", self.spec, max=MAX_LIST)])
        out, errors = [], {}
        for index, raw in enumerate(value):
            if blank(raw):
                continue
            try:
                out.append(self.row(raw))
            except ValidationError as error:
                errors[index] = error.messages
        if errors:
            raise ValidationError(errors)
        return out

    def row(self, raw: Any) -> dict[str, Any]:
        """One row: every column has a value, an unticked box is no."""
        if not isinstance(raw, Mapping):
            raise ValidationError([Problem("shape_group", self.spec)])
        row = {part.key: False if part.widget == "checkbox" else part.empty for part in self.spec.parts} | self.inner.load(raw)
        for part in self.spec.parts:
            if part.widget == "checkbox" and row[part.key] is None:
                row[part.key] = False
        demand(self.spec, row)
        return row


def field_of(spec: Field) -> fields.Field:
    """The marshmallow field of a question."""
    if spec.computed:
        return Computed(spec)
    if spec.readonly:
        return ReadOnly()
    if spec.kind == "table":
        return Rows(spec, schema_of(spec.parts))
    if spec.kind in GROUPS:
        return Group(spec, schema_of(spec.parts))
    return Answer(spec)


def schema_of(specs: tuple[Field, ...]) -> Schema:
    """A schema of the fields of a form, a group or a row."""
    return FormSchema.from_dict({spec.key: field_of(spec) for spec in specs}, name="Answers")()


__all__ = ["Answer", "Here", "Problem", "schema_of"]
