"""The type of every part of an expression, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from ..arithmetic import arithmetic
from ..errors import FeelError
from ..functions import BUILTINS, Signature
from ..hints import suggestion
from ..kinds import FRENCH, Months, kind
from ..steps.access import PROPERTIES
from ..syntax import parse
from ..tree import Node
from .calls import call_type, unreadable
from .narrowing import NONE, Names, is_null, not_null
from .types import ANY, Finding, Type

Scope = Mapping[str, Type]

IMPLICIT = ("?", "item", "partial")  # names that steps give, not facts
UNORDERED = ("boolean", "list", "context", "range")
FIELDLESS = ("number", "string", "boolean")
SHOWN_CHOICES = 8
SAMPLES: dict[str, Any] = {
    "number": Decimal(1),
    "string": "a",
    "date": dt.date(2026, 1, 1),
    "date and time": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    "time": dt.time(8),
    "days and time duration": dt.timedelta(days=1),
    "years and months duration": Months(1),
}
MAY_STAY_EMPTY = "l'expression peut rester sans réponse quand un champ facultatif est vide : ajouter « … != null and … »"


class Checker:
    """facts: name -> Type of all that an expression may read; functions: those of the application, beside those of the language."""

    def __init__(self, facts: Mapping[str, Type], functions: Mapping[str, Signature] | None = None) -> None:
        self.facts = facts
        self.functions = {**BUILTINS, **(functions or {})}
        self.found: list[Finding] = []
        self._unknown: set[str] = set()

    def expression(self, source: str, wants: str | None = None, never_null: bool = False) -> list[Finding]:
        """Findings. `wants` is the kind of the answer (boolean for a condition); `never_null`: an answer that may be null is a finding."""
        self.found, self._unknown = [], set()
        try:
            tree = parse(source)
        except FeelError as error:
            return [Finding("error", error.message, error.at)]
        t = self.infer(tree, {}, NONE)
        if wants and t.kind not in ("any", wants):
            self.say("error", tree, f"{FRENCH[wants]} est attendu, l'expression donne {french(t)}")
        if never_null and t.optional:
            self.say("warning", tree, MAY_STAY_EMPTY)
        return self.found

    def say(self, level: str, node: Node, message: str) -> None:
        self.found.append(Finding(level, message, node.at))

    def infer(self, node: Node, scope: Scope, known: Names) -> Type:
        """The type of a node. `known`: names that a condition before this one has shown not to be null."""
        return getattr(self, "on_" + node.op.replace(" ", "_"), self.on_other)(node, scope, known, *node.args)

    def on_other(self, node: Node, scope: Scope, known: Names, *_: Any) -> Type:
        for child in node.children():
            self.infer(child, scope, known)
        return ANY

    # -- leaves
    def on_value(self, node: Node, scope: Scope, known: Names, v: Any) -> Type:
        return Type(kind(v), v is None, (v,) if type(v) is str else ())

    def on_name(self, node: Node, scope: Scope, known: Names, name: str) -> Type:
        t = scope.get(name) or self.facts.get(name)
        if t is not None:
            return t.maybe(False) if name in known else t
        if name not in self.functions and name not in IMPLICIT and name not in self._unknown:
            self._unknown.add(name)  # said once of an expression
            self.say("error", node, f"nom inconnu : « {name} ».{suggestion(name, [*scope, *self.facts, *self.functions])}")
        return ANY

    def on_trouble(self, node: Node, scope: Scope, known: Names, message: str) -> Type:
        self.say("error", node, message)
        return ANY

    def on_list(self, node: Node, scope: Scope, known: Names, items: tuple[Node, ...]) -> Type:
        types = [self.infer(item, scope, known) for item in items]
        if len({t.kind for t in types}) != 1:
            return Type("list", item=ANY)
        values = tuple(v for t in types for v in t.values)
        return Type("list", item=Type(types[0].kind, values=values, fields=types[0].fields))

    def on_context(self, node: Node, scope: Scope, known: Names, pairs: tuple[tuple[str, Node], ...]) -> Type:
        fields: dict[str, Type] = {}
        for key, expr in pairs:
            fields[key] = self.infer(expr, {**scope, **fields}, known)
        return Type("context", fields=tuple(fields.items()))

    def on_range(self, node: Node, scope: Scope, known: Names, low: Node, _: bool, high: Node, __: bool) -> Type:
        a, b = self.infer(low, scope, known), self.infer(high, scope, known)
        self.comparable(node, a, b, "un intervalle entre")
        return Type("range", a.optional or b.optional, item=b if a.unknown else a)

    def on_test(self, node: Node, scope: Scope, known: Names, op: str, expr: Node) -> Type:
        return Type("range", (item := self.infer(expr, scope, known)).optional, item=item)

    # -- logic
    def on_and(self, node: Node, scope: Scope, known: Names, _: str, a: Node, b: Node) -> Type:
        x = self.truth(a, scope, known)
        y = self.truth(b, scope, known | not_null(a))
        return Type("boolean", x.optional or y.optional)

    def on_or(self, node: Node, scope: Scope, known: Names, _: str, a: Node, b: Node) -> Type:
        x = self.truth(a, scope, known)
        y = self.truth(b, scope, known | is_null(a))
        return Type("boolean", x.optional or y.optional)

    def truth(self, node: Node, scope: Scope, known: Names) -> Type:
        t = self.infer(node, scope, known)
        if not t.unknown and t.kind != "boolean":
            self.say("error", node, f"un oui/non est attendu, ici {french(t)}")
        return t

    def on_if(self, node: Node, scope: Scope, known: Names, cond: Node, yes: Node, no: Node) -> Type:
        self.truth(cond, scope, known)
        a = self.infer(yes, scope, known | not_null(cond))
        b = self.infer(no, scope, known | is_null(cond))
        either = a.kind if b.kind in (a.kind, "null") else b.kind if a.kind == "null" else "any"
        shape = b if a.kind == "null" else a
        return Type(either, a.optional or b.optional, a.values + b.values, shape.item, shape.fields)

    # -- comparisons
    def comparable(self, node: Node, a: Type, b: Type, what: str) -> None:
        """Two kinds that clash, and a code that is no choice of the other side."""
        if a.unknown or b.unknown:
            return
        if a.kind != b.kind:
            self.say("error", node, f"{what} {french(a)} et {french(b)} est impossible")
        for choices, written in ((a.values, b.values), (b.values, a.values)):
            wrong = [v for v in written if choices and v not in choices] if len(written) <= len(choices) else []
            for v in wrong:
                self.say("error", node, no_choice(v, choices))
            if wrong:
                return

    def on_compare(self, node: Node, scope: Scope, known: Names, op: str, a: Node, b: Node) -> Type:
        x, y = self.infer(a, scope, known), self.infer(b, scope, known)
        self.comparable(node, x, y, "comparer")
        if op in ("=", "!="):
            return Type("boolean")
        for t in (x, y):
            if t.kind in UNORDERED:
                self.say("error", node, f"« {op} » ne s'emploie pas avec {french(t)}")
                break
        return Type("boolean", x.optional or y.optional)

    def on_between(self, node: Node, scope: Scope, known: Names, *parts: Node) -> Type:
        types = [self.infer(part, scope, known) for part in parts]
        for t in types[1:]:
            self.comparable(node, types[0], t, "comparer")
        return Type("boolean", any(t.optional for t in types))

    def on_in(self, node: Node, scope: Scope, known: Names, a: Node, tests: tuple[Node, ...]) -> Type:
        x = self.infer(a, scope, known)
        kinds = [self.infer(test, scope, known) for test in tests]
        for test, y in zip(tests, kinds, strict=True):
            inner = y.item if y.item and (y.kind == "range" or (y.kind == "list" and x.kind != "list")) else y
            self.comparable(test, x, inner, "comparer")
        codes = all(test.op in ("value", "list") for test in tests)  # null is none of these codes: the answer is no
        unbounded = any(y.kind == "range" and y.optional for y in kinds)  # an interval with an empty bound is null, not open
        return Type("boolean", unbounded or (x.optional and not codes))

    # -- arithmetic
    def on_math(self, node: Node, scope: Scope, known: Names, op: str, a: Node, b: Node) -> Type:
        x, y = self.infer(a, scope, known), self.infer(b, scope, known)
        maybe = x.optional or y.optional
        if x.unknown or y.unknown:
            return Type("any", maybe)
        out = arithmetic(op, SAMPLES[x.kind], SAMPLES[y.kind]) if x.kind in SAMPLES and y.kind in SAMPLES else None
        if out is None:
            self.say("error", node, f"« {op} » entre {french(x)} et {french(y)} est impossible")
            return ANY
        if op == "/" and b.op == "value" and not b.args[0]:
            self.say("error", node, "division par zéro")
        return Type(kind(out), maybe)

    def on_negate(self, node: Node, scope: Scope, known: Names, a: Node) -> Type:
        return self.infer(a, scope, known)

    # -- fields, filters, loops
    def on_path(self, node: Node, scope: Scope, known: Names, a: Node, key: str) -> Type:
        t = self.infer(a, scope, known)
        if t.kind == "list":
            return Type("list", item=self.member(node, t.item or ANY, key))
        return self.member(node, t, key)

    def member(self, node: Node, t: Type, key: str) -> Type:
        if t.kind == "context" and t.fields:
            fields = dict(t.fields)
            if key in fields:
                return fields[key].maybe(fields[key].optional or t.optional)
            self.say("error", node, f"champ inconnu : « {key} ».{suggestion(key, fields)}")
        elif t.kind in FIELDLESS:
            self.say("error", node, f"{french(t)} n'a pas de champs")
        elif t.kind in PROPERTIES and key not in PROPERTIES[t.kind]:
            self.say("error", node, f"{french(t)} n'a pas de « {key} »")
        return ANY

    def on_filter(self, node: Node, scope: Scope, known: Names, a: Node, cond: Node) -> Type:
        t = self.infer(a, scope, known)
        item = t.item or ANY if t.kind == "list" else t
        c = self.infer(cond, {**scope, **dict(item.fields), "item": item}, known)
        return item.maybe(True) if c.kind == "number" else Type("list", item=item)

    def loop(self, scope: Scope, known: Names, binds: tuple[tuple[str, Node, Node | None], ...]) -> Scope:
        inner = dict(scope)
        for var, low, high in binds:
            t = self.infer(low, inner, known)
            if high is not None:
                self.infer(high, inner, known)
            inner[var] = (t.item or ANY) if high is None and t.kind in ("list", "range") else t
        return inner

    def on_for(self, node: Node, scope: Scope, known: Names, binds: Any, body: Node) -> Type:
        return Type("list", item=self.infer(body, self.loop(scope, known, binds), known))

    def on_some(self, node: Node, scope: Scope, known: Names, binds: Any, cond: Node) -> Type:
        self.truth(cond, self.loop(scope, known, binds), known)
        return Type("boolean", self.infer(binds[0][1], scope, known).optional)

    on_every = on_some

    # -- functions
    def on_function(self, node: Node, scope: Scope, known: Names, params: tuple[Any, ...], body: Node) -> Type:
        self.infer(body, {**scope, **{name: ANY for name, _ in params}}, known)
        return Type("function")

    def on_instance(self, node: Node, scope: Scope, known: Names, a: Node, declared: Node) -> Type:
        self.infer(a, scope, known)
        return Type("boolean")

    def on_call(self, node: Node, scope: Scope, known: Names, target: Node, args: tuple[tuple[str | None, Node], ...]) -> Type:
        given = [self.infer(arg, scope, known) for _, arg in args]
        if target.op != "name" or target.args[0] in scope:
            return ANY
        f = self.functions.get(target.args[0])
        if f is None:
            self.say("error", target, f"fonction inconnue : « {target.args[0]} ».{suggestion(target.args[0], self.functions)}")
            return ANY
        t, problem = call_type(f, args, given)
        if problem:
            self.say("error", node, f"{f.name} : {problem}")
        elif (wrong := unreadable(f, [arg for _, arg in args], given)) is not None:
            self.say("error", node, f"{f.name} : « {wrong} » ne peut pas se lire ainsi")
        return t


def french(t: Type) -> str:
    return FRENCH.get(t.kind, t.kind)


def no_choice(v: Any, choices: tuple[Any, ...]) -> str:
    """« ABJJ » n'est pas un choix possible. Vouliez-vous « ABJ » ?"""
    listed = f" Choix : {', '.join(map(str, choices[:SHOWN_CHOICES]))}."
    return f"« {v} » n'est pas un choix possible.{suggestion(str(v), choices, listed)}"
