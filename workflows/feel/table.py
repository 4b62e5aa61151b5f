"""Decision tables: deciding. Every hit policy does what the standard says, or says why it cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from .compare import compare, equal
from .errors import FeelError
from .functions.lists import total
from .kinds import lift
from .syntax import parse
from .walk import Facts, Host, Walk

MAX_TABLE_FUEL = 200_000
BLANK = ("", "-")
IN_ORDER = ("PRIORITY", "OUTPUT ORDER")
LISTS = ("RULE ORDER", "OUTPUT ORDER")

Trace = dict[str, list[int]]  # decision id -> numbers of the rows that fired


class Input(NamedTuple):
    """A column of conditions; `allowed` is a list of tests, as written in the column's head."""

    expression: str
    label: str
    type: str | None
    allowed: str | None

    @property
    def title(self) -> str:
        return self.label or self.expression


class Output(NamedTuple):
    name: str
    type: str | None
    allowed: str | None
    default: str | None


class Rule(NamedTuple):
    cells: tuple[str, ...]
    outputs: tuple[str, ...]
    id: str = ""
    note: str = ""


class Reader:
    """Evaluates the texts of one table: they share their fuel and the data that they have taken in."""

    def __init__(self, table: str, host: Host, data: Facts, strict: bool, names: tuple[str, ...]) -> None:
        self.table = table
        self.names = names
        self.walk = Walk(host, "", data, strict, [MAX_TABLE_FUEL])

    def value(self, text: str, where: str) -> Any:
        self.walk.source = text
        try:
            return self.walk.run(parse(text, "expression", self.names))
        except FeelError as error:
            raise FeelError(f"table « {self.table} », {where} : {error}") from None

    def test(self, cell: str, scope: Any) -> Any:
        """Whether the value « ? » of the scope satisfies the cell."""
        self.walk.source = cell
        return self.walk.run(parse(cell, "cell", self.names), scope)

    def refuse(self, error: FeelError, where: str) -> FeelError:
        return FeelError(f"table « {self.table} », {where} : {error}")


@dataclass(frozen=True)
class Table:
    """policy: UNIQUE, ANY, FIRST, PRIORITY, RULE ORDER, OUTPUT ORDER or COLLECT, this one with or without an aggregation."""

    name: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    policy: str = "UNIQUE"
    aggregation: str | None = None

    def decide(self, host: Host, data: Facts, strict: bool = True, names: tuple[str, ...] = ()) -> tuple[Any, list[int]]:
        """(result, numbers of the rows that fired). The rows belong in the history: they are the reason of the decision."""
        reader = Reader(self.name, host, data, strict, names)
        given = [reader.value(column.expression, f"entrée « {column.title} »") for column in self.inputs]
        self.check_allowed(reader, given)
        fired = self.firing(reader, given)
        outs = [self.row(reader, n) for n in fired]
        if not fired:
            return self.default(reader), []
        return self.settle(reader, fired, outs)

    def check_allowed(self, reader: Reader, given: list[Any]) -> None:
        for column, v in zip(self.inputs, given, strict=True):
            if v is None or column.allowed is None or column.allowed.strip() in BLANK:
                continue
            try:
                allowed = reader.test(column.allowed, ({"?": v}, None))
            except FeelError as error:
                raise reader.refuse(error, f"valeurs permises de « {column.label} »") from None
            if allowed is False:
                raise FeelError(f"table « {self.name} » : la valeur de « {column.title} » n'est pas dans la liste permise")

    def firing(self, reader: Reader, given: list[Any]) -> list[int]:
        """The numbers of the rows whose cells all hold; the first alone for FIRST."""
        scopes = [({"?": lift(v)}, None) for v in given]
        fired = []
        for n, rule in enumerate(self.rules, 1):
            if self.holds(reader, n, rule, scopes):
                fired.append(n)
                if self.policy == "FIRST":
                    break
        return fired

    def holds(self, reader: Reader, n: int, rule: Rule, scopes: list[Any]) -> bool:
        for i, (cell, scope) in enumerate(zip(rule.cells, scopes, strict=True)):
            if cell in BLANK or cell.isspace():
                continue
            try:
                if reader.test(cell, scope) is not True:
                    return False
            except FeelError as error:
                raise reader.refuse(error, f"ligne {n}, « {self.inputs[i].title} »") from None
        return True

    def row(self, reader: Reader, n: int) -> list[Any]:
        return [
            None if text.strip() in BLANK else reader.value(text, f"ligne {n}, sortie « {output.name} »")
            for text, output in zip(self.rules[n - 1].outputs, self.outputs, strict=True)
        ]

    def settle(self, reader: Reader, fired: list[int], outs: list[list[Any]]) -> tuple[Any, list[int]]:
        """What the policy makes of the rows that fired."""
        rows = ", ".join(map(str, fired))
        if self.policy == "UNIQUE" and len(fired) > 1:
            cure = "préciser leurs conditions ou choisir FIRST"
            raise FeelError(f"table « {self.name} » (UNIQUE) : les lignes {rows} s'appliquent ensemble ; {cure}")
        if self.policy == "ANY" and any(equal(out, outs[0]) is not True for out in outs):
            raise FeelError(f"table « {self.name} » (ANY) : les lignes {rows} donnent des résultats différents")
        if self.policy in IN_ORDER:
            order = sorted(range(len(fired)), key=lambda i: self.rank(reader, outs[i]))
            fired, outs = [fired[i] for i in order], [outs[i] for i in order]
        if self.policy in LISTS or (self.policy == "COLLECT" and not self.aggregation):
            return [self.shape(out) for out in outs], fired
        if self.policy == "COLLECT":
            return self.aggregate([out[0] for out in outs]), fired
        return self.shape(outs[0]), fired if self.policy == "ANY" else fired[:1]

    def rank(self, reader: Reader, out: list[Any]) -> list[int]:
        """The places of the values in the heads of their columns."""
        places = []
        for output, v in zip(self.outputs, out, strict=True):
            wanted = listed_values(reader, output.allowed) if output.allowed else []
            places.append(next((i for i, w in enumerate(wanted) if equal(w, v) is True), len(wanted)))
        return places

    def aggregate(self, values: list[Any]) -> Any:
        if self.aggregation == "COUNT":
            return Decimal(len(values))
        if self.aggregation == "SUM":
            return total(values)
        wanted = -1 if self.aggregation == "MIN" else 1
        best = values[0]
        for v in values:
            c = compare(v, best)
            if c is None:
                raise FeelError(f"table « {self.name} » ({self.aggregation}) : les résultats ne se comparent pas entre eux")
            if c == wanted:
                best = v
        return best

    def shape(self, out: list[Any]) -> Any:
        """The value of the one output, or a context of several."""
        return out[0] if len(self.outputs) == 1 else {o.name: v for o, v in zip(self.outputs, out, strict=True)}

    def default(self, reader: Reader) -> Any:
        if not any(output.default for output in self.outputs):
            return None
        return self.shape([reader.value(o.default, "valeur par défaut") if o.default else None for o in self.outputs])


def listed_values(reader: Reader, text: str) -> list[Any]:
    """The values of a column's head, in their order."""
    tree = parse(text, "cell")
    reader.walk.source = text
    return [reader.walk.run(test) for test in tree.args[0]] if tree.op == "one of" else []


@dataclass(frozen=True)
class Decision:
    """name: its title. variable: by which name others read its result. logic: a Table, or the text of a literal expression.
    requires: ids of the decisions computed before."""

    id: str
    name: str
    variable: str
    logic: Table | str
    requires: tuple[str, ...] = ()

    def decide(
        self,
        decisions: Mapping[str, Decision],
        host: Host,
        data: Facts,
        strict: bool = True,
        names: tuple[str, ...] = (),
        seen: tuple[str, ...] = (),
    ) -> tuple[Any, Trace]:
        """The result, and for each table on the way the rows that fired. FeelError in French, with table, row and place."""
        if self.id in seen:
            raise FeelError(f"la décision « {self.name} » dépend d'elle-même")
        known, trace = dict(data), Trace()
        for required in self.requires:
            before = decisions.get(required)
            if before is None:
                raise FeelError(f"la décision « {self.name} » demande « {required} », qui n'est pas dans ces fichiers")
            known[before.variable], more = before.decide(decisions, host, known, strict, names, (*seen, self.id))
            trace |= more
        if not isinstance(self.logic, Table):
            return host.evaluate(self.logic, known, strict, names), trace
        out, fired = self.logic.decide(host, known, strict, names)
        return out, {**trace, self.id: fired}
