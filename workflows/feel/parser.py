"""Tokens -> tree. A Pratt parser written by hand: nothing is compiled, and every error names a place and a cure."""

from __future__ import annotations

from collections.abc import Iterable

from .dates import read_any
from .kinds import number
from .lexer import unescape
from .tree import Node
from .typenames import TypeNames

MAX_DEPTH = 40
TESTS = ("<", "<=", ">", ">=", "=", "!=")
LEVEL = {
    "or": 1, "and": 2,
    "=": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "between": 3, "in": 3,
    "+": 4, "-": 4, "*": 5, "/": 5, "**": 6,
    "instance": 8, ".": 9, "[": 9, "(": 9,
}  # fmt: skip
COMPARISON, SIGN = 3, 7
CONSTANTS = {"true": True, "false": False, "null": None}
NO_DATE = 'date, heure ou durée illisible après « @ » : écrire par exemple @"2026-03-14"'


class Parser(TypeNames):
    """`closing`: inside an interval without an end yet, where « [ » may close it and is no filter."""

    def __init__(self, source: str, names: Iterable[str] = ()) -> None:
        super().__init__(source, names)
        self.depth = 0
        self.closing = False

    # -- expressions, by the strength of their signs
    def expression(self, level: int = 0) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail("expression trop imbriquée : la découper")
        left = self.prefix()
        while True:
            kind, op, at = self.token
            power = LEVEL.get(op, 0) if kind in ("op", "key") else 0
            if power <= level or (op == "[" and self.closing):
                break
            self.i += 1
            left = self.infix(left, op, at, power)
        self.depth -= 1
        return left

    def free(self, level: int = 0) -> Node:
        """An expression inside brackets: « [ » is a filter again."""
        before, self.closing = self.closing, False
        out = self.expression(level)
        self.closing = before
        return out

    def infix(self, left: Node, op: str, at: int, power: int) -> Node:
        match op:
            case "between":
                low = self.expression(COMPARISON)
                self.expect("and", "dans « between … and … »")
                return self.node("between", at, left, low, self.expression(COMPARISON))
            case "in":
                return self.node("in", at, left, self.in_tests())
            case "instance":
                if self.token.text != "of":
                    self.fail("il manque « of » après « instance »")
                self.i += 1
                return self.node("instance", at, left, self.type())
            case ".":
                return self.node("path", at, left, self.name())
            case "[":
                cond = self.free()
                self.expect("]", "à la fin du filtre")
                return self.node("filter", at, left, cond)
            case "(":
                return self.call(left, at)
            case "and" | "or":
                return self.node(op, at, op, left, self.expression(power))
        return self.node("compare" if op in TESTS else "math", at, op, left, self.expression(power))

    def prefix(self) -> Node:
        kind, text, at = self.token
        match kind:
            case "name":
                return self.node("name", at, self.name())
            case "number" | "string" | "at":
                self.i += 1
                return self.literal(kind, text, at)
            case "key" if text in CONSTANTS:
                self.i += 1
                return self.node("value", at, CONSTANTS[text])
        self.i += 1
        match text:
            case "?":
                return self.node("name", at, "?")
            case "-":
                return self.node("negate", at, self.expression(SIGN))
            case "(":
                return self.parenthesis(at)
            case "[":
                return self.list_or_range(at)
            case "]":
                return self.open_range(at)
            case "{":
                return self.context(at)
            case "if":
                return self.conditional(at)
            case "for" | "some" | "every":
                return self.loop(text, at)
            case "function":
                return self.function(at)
        self.i -= 1
        self.fail("l'expression s'arrête trop tôt" if kind == "end" else f"« {text} » n'est pas attendu ici")

    def literal(self, kind: str, text: str, at: int) -> Node:
        if kind == "string":
            return self.node("value", at, unescape(text[1:-1], at, self.source))
        if kind == "number":
            try:
                return self.node("value", at, number(text))
            except ArithmeticError:
                self.fail("nombre hors limites", at)
        v = read_any(text[2:-1])
        return self.node("value", at, v) if v is not None else self.node("trouble", at, NO_DATE)

    def conditional(self, at: int) -> Node:
        cond = self.free()
        self.expect("then", "après la condition de « if »")
        yes = self.free()
        self.expect("else", ": en FEEL un « if » a toujours un « else »")
        return self.node("if", at, cond, yes, self.expression())

    # -- brackets
    def parenthesis(self, at: int) -> Node:
        if self.at(*TESTS):
            inner = self.test()
            self.expect(")", "à la fin de la parenthèse")
            return inner
        inner = self.free()
        if self.take(".."):
            return self.range_end(at, inner, False)
        self.expect(")", "à la fin de la parenthèse")
        return inner

    def list_or_range(self, at: int) -> Node:
        items: list[Node] = []
        while not self.take("]"):
            if items:
                self.expect(",", "ou « ] » dans la liste")
            items.append(self.test() if self.at(*TESTS) else self.free())
            if len(items) == 1 and self.take(".."):
                return self.range_end(at, items[0], True)
        return self.node("list", at, tuple(items))

    def open_range(self, at: int) -> Node:
        low = self.endpoint()
        self.expect("..", "dans l'intervalle")
        return self.range_end(at, low, False)

    def endpoint(self) -> Node:
        before, self.closing = self.closing, True
        out = self.expression(COMPARISON)
        self.closing = before
        return out

    def range_end(self, at: int, low: Node, included: bool) -> Node:
        high = self.endpoint()
        end = self.take("]", ")", "[") or self.fail("il manque « ] » ou « ) » à la fin de l'intervalle")
        return self.node("range", at, low, included, high, end == "]")

    def context(self, at: int) -> Node:
        pairs: list[tuple[str, Node]] = []
        while not self.take("}"):
            if pairs:
                self.expect(",", "ou « } » entre les champs")
            key = self.field()
            self.expect(":", "après le nom du champ")
            if key in dict(pairs):
                self.i = len(self.tokens) - 1
                return self.node("trouble", at, f"champ « {key} » donné deux fois")
            pairs.append((key, self.free()))
        return self.node("context", at, tuple(pairs))

    def field(self) -> str:
        """The name of a field: a text, or a name, which here may hold signs (a-b) or be a keyword."""
        kind, text, at = self.token
        if kind == "string":
            self.i += 1
            return unescape(text[1:-1], at, self.source)
        parts: list[str] = []
        while self.token.kind in ("name", "key") or self.at("+", "-", "*", "/", "."):
            if self.token.kind == "name":
                parts.append(self.name())
            else:
                parts.append(self.token.text)
                self.i += 1
        return "".join(parts) or self.fail("un nom de champ est attendu")

    # -- loops and functions
    def loop(self, what: str, at: int) -> Node:
        binds: list[tuple[str, Node, Node | None]] = []
        while not binds or self.take(","):
            var = self.name()
            self.expect("in", f"après « {what} {var} »")
            low = self.free(COMPARISON)
            binds.append((var, low, self.free(COMPARISON) if self.take("..") else None))
        self.expect("return" if what == "for" else "satisfies", f"après les listes de « {what} »")
        return self.node(what, at, tuple(binds), self.expression())

    def function(self, at: int) -> Node:
        self.expect("(", "après « function »")
        params: list[tuple[str, Node | None]] = []
        while not self.take(")"):
            if params:
                self.expect(",", "entre les paramètres")
            params.append((self.name(), self.type() if self.take(":") else None))
        if self.token.text == "external":
            self.fail("une fonction externe n'est jamais appelée : la demander aux développeurs")
        return self.node("function", at, tuple(params), self.expression())

    def call(self, target: Node, at: int) -> Node:
        args: list[tuple[str | None, Node]] = []
        while not self.take(")"):
            if args:
                self.expect(",", "ou « ) » entre les valeurs données à la fonction")
            label = self.label()
            if args and (label is None) != (args[0][0] is None):
                self.fail("donner un nom à toutes les valeurs, ou à aucune")
            args.append((label, self.test() if self.at(*TESTS) else self.free()))
        return self.node("call", at, target, tuple(args))

    def label(self) -> str | None:
        """« depuis: »: the name of a parameter, passed over; None when a value comes next."""
        start = self.i
        while self.token.kind in ("name", "key"):
            self.i += 1
        if self.i > start and self.take(":"):
            return " ".join(token.text for token in self.tokens[start : self.i - 1])
        self.i = start
        return None

    # -- tests of decision tables and of « in »
    def test(self) -> Node:
        at = self.token.at
        op = self.take(*TESTS)
        return self.node("test", at, op, self.expression(COMPARISON)) if op else self.free(COMPARISON)

    def in_tests(self) -> tuple[Node, ...]:
        at = self.token.at
        if not self.take("("):
            return (self.test(),)
        first = self.test()
        if self.take(".."):
            return (self.range_end(at, first, False),)
        tests = [first]
        while self.take(","):
            tests.append(self.test())
        self.expect(")", "à la fin des valeurs de « in »")
        return tuple(tests)

    def cell(self) -> Node:
        """A cell of a decision table: « - », not(…), or tests separated by commas."""
        at = self.token.at
        if self.token.text == "-" and self.tokens[self.i + 1].kind == "end":
            self.i += 1
            return self.node("any", at)
        if self.token.text == "not" and self.tokens[self.i + 1].text == "(":
            start, self.i = self.i, self.i + 2
            tests = self.cells()
            if self.take(")") and self.token.kind == "end":
                return self.node("none of", at, tests)
            self.i = start
        return self.node("one of", at, self.cells())

    def cells(self) -> tuple[Node, ...]:
        tests = [self.whole_test()]
        while self.take(","):
            tests.append(self.whole_test())
        return tuple(tests)

    def whole_test(self) -> Node:
        return self.test() if self.at(*TESTS) else self.free()
