"""A form: read once from its file, asked many times. Nothing here touches a database; registers, clock and lists are given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, ValidationError

from ..feel import FeelError, Host
from . import rules
from .clean import clean_text
from .fields import Field
from .messages import DEFAULT_LANG, TEXTS, Message, Translate, say, untranslated
from .reader import load, read_fields, read_title
from .readers import Edge, Resolve, nobody
from .schema import Here, Problem, schema_of
from .scope import Scope
from .values import from_json, to_json

MAX_UNKNOWN = 20
KEPT = 4_096
"""Forms that are kept read."""
PATTERN_KINDS = frozenset({"country", "phone", "partial-date", "partial-date-time"})  # their message is the same in every form
Lists = Mapping[str, Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Validation:
    """What came of a set of answers.

    `values`: a typed answer for every question (null or [] when empty or hidden); `computed`: results of formulas and of `supply`;
    `errors`: {path: messages}, a path being `field`, `group.part` or `table.row.column`, "" for the whole form;
    `hidden`: questions not asked, whose answers were dropped; `raw`: what came in, untouched, to be shown again.
    """

    values: dict[str, Any]
    computed: dict[str, Any]
    errors: dict[str, list[Message]]
    hidden: frozenset[str]
    raw: Any

    @property
    def ok(self) -> bool:
        return not self.errors

    @property
    def answers(self) -> dict[str, Any]:
        """What the process is told: the answers and what follows from them."""
        return {**self.values, **self.computed}


@dataclass(frozen=True)
class FormDefinition:
    """A form of a case type. `names` are the facts that it declares."""

    id: str
    title: str
    fields: tuple[Field, ...]
    schema: Schema = field(compare=False, repr=False)

    @classmethod
    def read(cls, data: bytes) -> FormDefinition:
        """A form from the bytes of its form-js file. FormError, in French, when it is not understood.

        The same bytes are read once: the forms that all case types share are one object.
        """
        return _read(data)

    @property
    def context(self) -> str:
        """The gettext context of the title; those of fields begin with it."""
        return self.id.replace("_", ".", 1)

    @property
    def names(self) -> list[str]:
        return [spec.key for spec in self.fields]

    @cached_property
    def kinds(self) -> dict[str, Field]:
        """{name: field}, to read facts of this form in another one."""
        return {spec.key: spec for spec in self.fields}

    def field(self, path: str) -> Field | None:
        """The field of a path such as `financeurs.0.montant`."""
        spec: Field | None = None
        for step in path.split("."):
            if not step.isdigit():
                spec = spec.part(step) if spec else self.kinds.get(step)
                if spec is None:
                    return None
        return spec

    def expressions(self) -> Iterator[tuple[Field, str, str]]:
        """(field, property, FEEL) of every expression, for the static checks."""
        for spec in self.fields:
            for name, source in spec.expressions():
                yield spec, name, source

    def scope(
        self,
        facts: Mapping[str, Any],
        host: Host,
        now: dt.datetime | None = None,
        zone: str | dt.tzinfo = dt.UTC,
        resolve: Resolve = nobody,
        kinds: Mapping[str, Field] | None = None,
    ) -> Scope:
        """What the expressions of this form see before anything is answered. `kinds`: fields of the other forms, by fact."""
        place = ZoneInfo(zone) if isinstance(zone, str) else zone
        moment = now or host.now()
        clock = Host(host.functions, lambda: moment.astimezone(place), host.types)
        return Scope(facts, {**(kinds or {}), **self.kinds}, clock, place, resolve)

    def validate(
        self,
        raw: Any,
        facts: Mapping[str, Any],
        host: Host,
        now: dt.datetime,
        *,
        zone: str | dt.tzinfo = dt.UTC,
        resolve: Resolve = nobody,
        lists: Lists | None = None,
        kinds: Mapping[str, Field] | None = None,
        lang: str = DEFAULT_LANG,
        translate: Translate = untranslated,
        supply: rules.Supply | None = None,
    ) -> Validation:
        """Answers as they came (form data or JSON) -> typed values and errors. Never raises, whatever `raw` is.

        `facts`: what is known in the case, `reglages` among it, and results of decisions and services for computed questions;
        `now`: aware; `zone`: of the post, for moments written without an offset; `resolve`: (kind, code) -> record or None;
        `lists`: choices that depend on the case type, {name: [(code, label)]}; `supply`: values of computed questions that a decision
        table or a service gives; without it they are the facts of their names.
        """
        scope = self.scope(facts, host, now, zone, resolve, kinds)
        values, problems = self.load(raw, Edge(now, scope.zone, resolve, lists or {}))
        hidden = rules.settle(scope, self.fields, values, supply)
        problems = {path: found for path, found in problems.items() if path.split(".")[0] not in hidden}
        refused = {path.split(".")[0] for path in problems}
        for spec in self.fields:
            if spec.computed or spec.key in hidden or spec.key in refused:
                continue
            said_none = isinstance(raw, Mapping) and raw.get(spec.key) == []
            found = rules.missing(scope, spec, scope.own[spec.key], said_none) or rules.counted(spec, scope.own[spec.key])
            if found:
                problems[spec.key] = [found]
        refused = {path.split(".")[0] for path in problems}
        for spec in self.fields:
            if spec.key in refused or spec.key in hidden or scope.own.get(spec.key) in (None, []):
                continue
            if found := rules.broken(scope, spec, refused):
                problems[spec.key] = [found]
        errors = {path: [sentence(path, problem, lang, translate) for problem in found] for path, found in self.ordered(problems)}
        typed = {spec.key: spec.empty if scope.own[spec.key] is None else scope.own[spec.key] for spec in self.fields if not spec.computed}
        computed = {spec.key: scope.own[spec.key] for spec in self.fields if spec.computed and spec.key in scope.own}
        return Validation(typed, computed, errors, frozenset(hidden), raw)

    def load(self, raw: Any, edge: Edge) -> tuple[dict[str, Any], dict[str, list[Problem]]]:
        """Typed values of what could be read, and the problems of the rest by path."""
        if not isinstance(raw, Mapping):
            return {}, {"": [Problem("not_a_form")]}
        kinds = self.kinds
        known = {key: value for key, value in raw.items() if key in kinds}
        flat = {shown_key(key, kinds): [Problem("unknown_field")] for key in islice((k for k in raw if k not in kinds), MAX_UNKNOWN)}
        try:
            with Here(edge):
                return self.schema.load(known), flat
        except ValidationError as error:
            found = dict(flatten(error.messages))
            refused = {path.split(".")[0] for path in found}
            return {key: value for key, value in dict(error.valid_data or {}).items() if key not in refused}, {**found, **flat}

    def ordered(self, problems: Mapping[str, list[Problem]]) -> list[tuple[str, list[Problem]]]:
        """Problems in the order of the questions; those of unknown fields come last, and not without end."""
        place = {spec.key: index for index, spec in enumerate(self.fields)}
        known = [(path, found) for path, found in problems.items() if path.split(".")[0] in place or path == ""]
        unknown = [(path, found) for path, found in problems.items() if not (path.split(".")[0] in place or path == "")]
        known.sort(key=lambda item: place.get(item[0].split(".")[0], -1))
        return known + sorted(unknown, key=lambda item: item[0])

    def hidden(
        self, values: Mapping[str, Any], facts: Mapping[str, Any], host: Host, now: dt.datetime | None = None, **how: Any
    ) -> frozenset[str]:
        """Questions that are not asked with these typed answers; `how` as for `scope`."""
        return frozenset(rules.settle(self.scope(facts, host, now, **how), self.fields, values))

    def defaults(self, facts: Mapping[str, Any], host: Host, now: dt.datetime | None = None, **how: Any) -> dict[str, Any]:
        """Answers proposed when the form opens, as JSON, for the questions that declare a default."""
        scope, out = self.scope(facts, host, now, **how), {}
        for spec in self.fields:
            if spec.default is None:
                continue
            try:
                value = rules.lower(scope.evaluate(spec.default))
            except FeelError as error:
                rules.log.warning("default of %s cannot be told: %s", spec.context, error)
                continue
            if value is not None:
                out[spec.key] = to_json(spec, value)
        return out

    def effects(
        self, values: Mapping[str, Any], facts: Mapping[str, Any], host: Host, now: dt.datetime | None = None, **how: Any
    ) -> list[str]:
        """What the process does with these answers: `confidentialite:C4`, `priorite:P1:secours`, ..."""
        scope = self.scope(facts, host, now, **how)
        scope.own = dict(values)
        return [
            spec.effect
            for spec in self.fields
            if spec.effect and spec.effect_when and values.get(spec.key) is not None and rules.is_true(scope, spec, spec.effect_when, False)
        ]

    def to_json(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Typed values of this form as JSON."""
        kinds = self.kinds
        return {name: to_json(kinds[name], value) for name, value in values.items() if name in kinds}

    def from_json(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The inverse of `to_json`."""
        kinds = self.kinds
        return {name: from_json(kinds[name], value) for name, value in values.items() if name in kinds}


def shown_key(key: Any, kinds: Mapping[str, Field]) -> str:
    """An unknown name as it may be shown and used in a path; never the path of a known field."""
    name = clean_text(str(key)[:200])[:60].replace(".", "·") or "?"
    return f"?{name}" if name in kinds else name


def flatten(messages: Any, path: str = "") -> Iterator[tuple[str, list[Problem]]]:
    """marshmallow's nested errors -> (dotted path, problems)."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            step = "" if key in ("_schema", "") else clean_text(str(key)[:200])[:60].replace(".", "·") or "?"
            yield from flatten(inner, ".".join(part for part in (path, step) if part))
    else:
        problems = messages if isinstance(messages, list) else [messages]
        yield path, [p if isinstance(p, Problem) else Problem(p if p in TEXTS else "shape") for p in problems]


def sentence(path: str, problem: Problem, lang: str, translate: Translate) -> Message:
    """A refusal in the reader's language; the form's own words where it has some."""
    spec, params = problem.spec, dict(problem.params)
    if spec is None:
        params.setdefault("name", path.rpartition(".")[2] or "?")
        return Message(problem.code, say(problem.code, params, lang), params)
    params["label"] = translate(spec.label, spec.context)
    own = own_words(problem.code, spec)
    context = f"kind.{spec.kind}" if problem.code == "pattern" and spec.kind in PATTERN_KINDS else spec.context
    text = translate(own, context) if own else say(problem.code, params, lang)
    return Message(problem.code, text, params)


def own_words(code: str, spec: Field) -> str:
    """What the form itself says about a refusal."""
    match code:
        case "rule":
            return spec.rule_message
        case "items":
            return spec.limits.items_message
        case "pattern":
            return spec.limits.pattern_message
    return ""


@lru_cache(KEPT)
def _read(data: bytes) -> FormDefinition:
    document = load(data)
    fields = read_fields(document)
    return FormDefinition(document["id"], read_title(document), fields, schema_of(fields))
