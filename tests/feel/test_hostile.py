"""Whatever an expression says, it ends soon, in little memory, with a FeelError or a plain value."""

import time

import pytest

from workflows.feel import FeelError, Host, lower
from workflows.feel.check import Type, table
from workflows.feel.tables import Input, Output, Rule, Table

SOON = 0.15  # seconds, of processor time
DATA = {
    "x": 1,
    "texte": "a" * 20_000,
    "liste": list(range(10_000)),
    "rows": [{"a": i} for i in range(2_000)],
    "profond": [[[[[[1]]]]]],
}
HOSTILE = [
    "9**9**9**9",
    "10 ** 1000 ** 1000",
    "(" * 300 + "1" + ")" * 300,
    "[" * 300 + "]" * 300,
    "-" * 1000 + "1",
    "not(" * 200 + "true" + ")" * 200,
    "1" * 4000,
    "1e999999999",
    "x" * 5000,
    "for a in 1..9999, b in 1..9999 return a*b",
    "for a in 1..999999999 return a",
    "for a in liste, b in liste return 1",
    "some a in liste, b in liste satisfies a > b and false",
    "string join(for i in 1..9999 return texte)",
    'replace(texte, "a", texte)',
    'replace(texte, "", "b")',
    'matches(texte, "(a+)+b")',
    'matches(texte, "(a|aa)+$b")',
    'matches(texte, "a{1,1000}{1,1000}")',
    'split(texte, "")',
    "texte + texte + texte",
    "concatenate(liste, liste)",
    "flatten(liste)",
    "union(liste, liste)",
    "distinct values(liste)",
    "duplicate values(liste)",
    "sort(liste, function(a, b) a < b)",
    "mode(liste)",
    "product(liste)",
    "liste = liste",
    "rows[rows[a = 1].a = rows.a]",
    "rows[count(rows[a = item]) = 1]",
    "list replace(liste, function(a, b) true, liste)",
    "(function(f) f(f))(function(f) f(f))",
    "{a: function(n) if n = 0 then 0 else a(n - 1), b: a(9999)}.b",
    "date(\"9999-12-31\") + duration(\"P999999999D\")",
    "duration(\"P99999999999999Y\")",
    "date(99999999999, 1, 1)",
    "@\"9999-12-31T23:59:59Z\" + @\"P1D\"",
    "__import__(\"os\")",
    "x.__class__",
    "texte.__class__.__mro__",
    "get value(x, \"__class__\")",
    "{a: 1}.__class__",
    "now.__globals__",
    "count.__globals__",
    "string(now)",
    "count",
    "function(x) external {java: {class: \"java.lang.Math\"}}",
    "for a in liste return liste",
    "string(for a in liste return liste)",
    "flatten(for a in liste return liste)",
    "(for a in liste return liste) = (for a in liste return liste)",
    "distinct values(for a in 1..5000 return liste)",
    "for a in 1..9999 return sum(liste)",
    "for a in 1..9999 return upper case(texte)",
    "for a in 1..9999 return matches(texte, \"a+b\")",
    "for a in 1..9999 return partial",
    "string(for a in 1..9999 return [partial])",
    "for a in 1..9999 return [partial]",
    "for a in 1..2500 return texte",
    "string(for a in 1..2500 return texte)",
    "for a in 1..9999 return liste = liste",
    "for a in 1..9999 return a in liste",
    "for a in 1..9999 return sort(liste)",
    "for a in 1..9999 return texte + \"a\"",
    "for a in 1..9999 return contains(texte, \"b\")",
    "string(for i in 1..9999 return 1e6000)",
    "for a in 1..9999 return rows.a",
    "for a in 1..9999 return [1..a] = [1..a]",
    "for a in 1..9999 return liste[-1]",
    "{a: [1,1,1,1,1,1,1,1,1,1], b: [a,a,a,a,a,a,a,a,a,a], c: [b,b,b,b,b,b,b,b,b,b], d: [c,c,c,c,c,c,c,c,c,c], e: [d,d,d,d,d,d,d,d,d,d], f: [e,e,e,e,e,e,e,e,e,e], g: [f,f,f,f,f,f,f,f,f,f], h: string(g)}",  # noqa: E501
    "{a: [1,1,1,1,1,1,1,1,1,1], b: [a,a,a,a,a,a,a,a,a,a], c: [b,b,b,b,b,b,b,b,b,b], d: [c,c,c,c,c,c,c,c,c,c], e: [d,d,d,d,d,d,d,d,d,d], f: [e,e,e,e,e,e,e,e,e,e], g: f = f}.g",  # noqa: E501
    "range(\"[1..9999999]\")",
    "range(\"[count(liste)..3]\")",
    "time(\"10:00:00@../../etc/passwd\")",
    "@\"10:00:00@../../../etc/passwd\"",
    "decimal(1/3, 999999999)",
    "decimal(1, -999999999)",
    "round up(1e6000, 6000)",
    "string(1e6144)",
    "exp(1e9)",
    "exp(99999)",
    "sqrt(-1)",
    "log(0)",
    "1e6000 * 1e6000",
    "modulo(1e6000, 3)",
    "modulo(1, 1e-6000)",
    "1..5",
    "a\u200bb",
    "\u202e1",
    "\ud800",
    "x\x00",
    "/*",
    "\"",
    "\"\\uD800\"",
    "@\"\"",
    "?",
    "{",
    "}",
    "if",
    "in",
    "1 in (",
    "for",
    "instance of",
    "x instance of " + "list<" * 500 + "number" + ">" * 500,
    "x instance of os.system",
    "context put({}, \"a\", 1).a",
    "1" + "+1" * 1900,
    "true" + " and true" * 400,
    "x" + "[1]" * 900,
    "x" + ".a" * 900,
    "[" + "1," * 1999 + "1]",
    "day of week(date(\"0001-01-01\") - duration(\"P1D\"))",
    "date(\"0001-01-01\") - date and time(\"9999-01-01T00:00:00@Pacific/Kiritimati\")",
    "is(now, count)",
    "sum(" + ",".join("1" * 100) + ")",
]


def busy_seconds(call):
    """Processor time of the call: what it costs, whatever else the machine does."""
    start = time.process_time()
    out = call()
    return time.process_time() - start, out


def answer(source, strict):
    try:
        return lower(Host().evaluate(source, DATA, strict=strict))
    except FeelError as error:
        return str(error)


def test_there_are_enough_of_them():
    assert len(set(HOSTILE)) >= 117


@pytest.mark.parametrize("source", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("strict", [True, False])
def test_ends_soon(source, strict):
    seconds, out = busy_seconds(lambda: answer(source, strict))
    if seconds >= SOON:  # the first call of a process imports and warms up
        seconds, out = busy_seconds(lambda: answer(source, strict))
    assert seconds < SOON
    assert "Traceback" not in str(out)
    assert "object at 0x" not in repr(out)[:2000]


DEEP = [[[[[[[[[[[[[[1]]]]]]]]]]]]]]
FOREIGN = [object(), open, b"x", {1, 2}, 1j, float("nan"), float("inf"), 10**400, DEEP, lambda: 1, "a" * 20_001, [0] * 10_001]
LEAKY = ["nom + 1", "nom > 3", "number(nom)", "date(nom)", "sum(nom)", "nom.age", "nom[1].age", "if nom then 1 else 2"]


@pytest.mark.parametrize("value", FOREIGN, ids=range(len(FOREIGN)))
def test_only_plain_data_enters(value):
    with pytest.raises(FeelError):
        Host().evaluate("x", {"x": value})


@pytest.mark.parametrize("source", LEAKY)
def test_a_message_never_tells_the_data(source):
    with pytest.raises(FeelError) as error:
        Host().evaluate(source, {"nom": "Aminata-Secret"})
    assert "Secret" not in str(error.value)


COLUMN = (Input("x", "x", None, None),)
OUT = (Output("o", None, None, None),)
SLOW = Table("t", COLUMN, OUT, tuple(Rule(("sum(for a in 1..5000 return a) < ?",), ("1",)) for _ in range(1_000)))
WIDE = Table(
    "t",
    tuple(Input(f"x{i}", "x", None, None) for i in range(10)),
    OUT,
    tuple(Rule(tuple(f"> {n * 10 + i}" for i in range(10)), ("1",)) for n in range(1_000)),
)


def test_a_slow_table_is_stopped():
    def decide():
        with pytest.raises(FeelError, match="calcul trop long"):
            SLOW.decide(Host(), {"x": 1})

    assert busy_seconds(decide)[0] < 1


def test_checking_a_hostile_table_ends_soon_and_says_that_it_cannot_tell():
    seconds, slow = busy_seconds(lambda: table(SLOW, {"x": Type("number")}))
    more, wide = busy_seconds(lambda: table(WIDE, {f"x{i}": Type("number") for i in range(10)}))
    assert seconds + more < 2
    assert any("non vérifiables" in finding.message for finding in slow)
    assert any("trop de combinaisons" in finding.message for finding in wide)
