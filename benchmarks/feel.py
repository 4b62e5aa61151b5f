"""Microseconds an evaluation, the tree cached: FEEL beside Python's own eval of the same text. `python -m benchmarks.feel`."""

from __future__ import annotations

import timeit

from workflows.feel import Host, tables
from workflows.feel.parser import Parser

DATA = {
    "montant": 600_000,
    "seuil": 500_000,
    "pays": "FR",
    "urgent": True,
    "age": 34,
    "rows": [{"montant": i} for i in range(50)],
}
PAIRS = [
    ("montant > 500000", "montant > 500000"),
    (
        'montant > seuil and pays in ("FR", "ES") and not(urgent = false)',
        'montant > seuil and pays in ("FR", "ES") and not urgent == False',
    ),
    ("sum(rows.montant) > 1000", "sum(r['montant'] for r in rows) > 1000"),
    ("some r in rows satisfies r.montant > 45", "any(r['montant'] > 45 for r in rows)"),
]
MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
COLUMN = "<input id='i{n}'><inputExpression id='e{n}'><text>{n}</text></inputExpression></input>"
ROW = "<rule id='r{n}'>{cells}<outputEntry id='o{n}'><text>\"n{n}\"</text></outputEntry></rule>"


def microseconds(call, times=2000):
    call()
    return min(timeit.repeat(call, number=times, repeat=5)) / times * 1e6


def table_of_ten_rows() -> bytes:
    """Three inputs, of which the last row fires."""
    inputs = "".join(COLUMN.format(n=n) for n in ("montant", "pays", "age"))
    rows = [(f"&lt; {n * 50_000}", '"FR"', "&gt; 18") for n in range(1, 10)] + [("&gt;= 450000", '"FR"', "-")]
    rules = ""
    for n, row in enumerate(rows, 1):
        cells = "".join(f"<inputEntry id='c{n}{i}'><text>{cell}</text></inputEntry>" for i, cell in enumerate(row))
        rules += ROW.format(n=n, cells=cells)
    table = f"<decisionTable id='t' hitPolicy='FIRST'>{inputs}<output id='o' name='niveau'/>{rules}</decisionTable>"
    return f"<definitions xmlns='{MODEL}'><decision id='d' name='d'>{table}</decision></definitions>".encode()


def main():
    host = Host()
    print(f"{'feel':>8} {'parse':>8} {'eval':>8}   µs")
    for feel, python in PAIRS:
        times = (
            microseconds(lambda feel=feel: host.evaluate(feel, DATA)),
            microseconds(lambda feel=feel: Parser(feel, ()).expression(), 300),
            microseconds(lambda python=python: eval(python, {}, dict(DATA))),
        )
        print("".join(f"{t:8.1f} " for t in times), "", feel)
    decisions = tables.read(table_of_ten_rows())
    assert decisions["d"].decide(decisions, host, DATA)[0] == "n10"
    print(f"{microseconds(lambda: decisions['d'].decide(decisions, host, DATA), 500):8.1f} {'':18}table of 10 rows, the last one fires")


if __name__ == "__main__":
    main()
