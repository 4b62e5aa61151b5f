"""What Jatigi costs: python -m benchmarks [part]... [--database sqlite|postgresql] [--quick] [--full] [--seed N]

Prints tables and writes nothing; what is being done goes to the standard error. Fresh databases, durable as in production
(SQLite: synchronous=FULL, PostgreSQL: fsync on), made from the demonstration's ministry. Without parts: all of them.

parts:
  acts       start and complete, by the services and over HTTP, beside the floor of the same run
  procedure  completions of the ministry's own procedure, four calls deep
  sql        the statements of a plain completion, listed
  bytes      what a finished case leaves
  inbox      lists at 1 000 and 100 000 open tasks; then the page from the real server
  burst      many deadlines due at once, two workers
  persons    a mistyped name among 200 000 persons
  operation  a fire of 300 households, over the JSON interface of the running system
"""

from __future__ import annotations

import argparse
import platform
import random
import sys
from dataclasses import dataclass

from app.extensions import db
from benchmarks import acts, burst, lists, operation, persons, places, procedure, served, sizes, workload
from benchmarks.measure import Statements, Times, progress, table
from benchmarks.web import Browser
from tests.support import cases

PARTS = ("acts", "sql", "procedure", "bytes", "inbox", "burst", "persons", "operation")
TOLD = 10_000
"""Deadlines at once that the ministry asks about."""


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    cases: int
    plays: int
    finished: int
    open_tasks: tuple[int, ...]
    rounds: int
    deadlines: int
    seconds: float
    households: int
    people: int
    searches: int


QUICK = Size(20, 1, 60, (1_000, 10_000), 5, 200, 1.0, 20, 10_000, 60)
USUAL = Size(150, 3, 300, (1_000, 100_000), 15, 1_000, 5.0, 300, 200_000, 500)
FULL = Size(400, 5, 1_000, (1_000, 10_000, 100_000), 25, TOLD, 10.0, 300, 200_000, 1_000)


def main(arguments: list[str]) -> None:
    """Entry."""
    given = _arguments(arguments)
    random.seed(given.seed)
    size = QUICK if given.quick else FULL if given.full else USUAL
    print(f"Python {platform.python_version()}, {platform.machine()}; milliseconds are medians unless said otherwise\n")
    with places.servers():
        for kind in places.KINDS if given.database is None else (given.database,):
            for part in given.parts or PARTS:
                progress(f"{part} on {kind}")
                if part == "procedure":
                    run_procedure(kind, size)
                    continue
                with places.ministry(kind) as app:
                    RUN[part](kind, app, size, given.seed)


def _arguments(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="part", choices=[[], *PARTS], help=" ".join(PARTS))
    parser.add_argument("--database", choices=places.KINDS, help="only one of the two")
    parser.add_argument("--quick", action="store_true", help="less of everything: under a minute")
    parser.add_argument("--full", action="store_true", help="more of everything, and all ten thousand deadlines")
    parser.add_argument("--seed", type=int, default=7, help="of what is made up")
    return parser.parse_args(arguments)


def run_acts(kind: str, app: object, size: Size, _seed: int) -> None:
    """Floor, services, HTTP."""
    browser = Browser(app)
    costs = acts.measure(app, size.cases, browser)
    print(f"{kind}: {size.cases} cases of five steps, in turns")
    table(acts.HEAD, acts.rows(costs))
    shown = browser.pages.shown
    print(f"{kind}: the page of a step {shown.median:.2f} ms, p95 {shown.p95:.2f}, {browser.pages.bytes} bytes\n")


def run_sql(kind: str, _app: object, _size: Size, _seed: int) -> None:
    """Every statement of the five completions, the plain ones in full."""
    actor = cases.officer()
    task_id = acts.start(actor, "statements").task_id
    db.session.remove()
    for number, step in enumerate(workload.STEPS):
        with Statements(db.engine) as made:
            done = acts.tasks.complete_task(actor, task_id, workload.answers(step, 1), f"statements-{step}")
        db.session.remove()
        task_id = done.next_task_id
        print(f"{kind}: « {step} »: {len(made.sql)} statements, {made.commits} commit(s)")
        if number == len(workload.STEPS) - 2:
            for statement in made.sql:
                print(f"    {statement[:110]}")
    print()


def run_procedure(kind: str, size: Size) -> None:
    """The acts of the long procedure, each time in a ministry of its own."""
    found = procedure.measure(kind, size.plays)
    print(f"{kind}: {procedure.SCENARIO.stem}, completions of its steps")
    rows = [
        [name, len(times.all), times.median, times.p95, max(times.all)]
        for name, times in (("all", found.all), ("four calls deep", found.deep), ("all, own processor", found.spent))
    ]
    table(("completions", "count", "ms", "p95", "longest"), rows)
    slowest = sorted(found.by_step.items(), key=lambda item: -item[1].median)[:6]
    table(("slowest steps", "ms", "statements"), [[step, times.median, max(found.sql[step])] for step, times in slowest])
    print(f"{kind}: {found.statements:.0f} statements a completion, median\n")


def run_bytes(kind: str, _app: object, size: Size, _seed: int) -> None:
    """Bytes of a finished case."""
    found = sizes.of_finished_case(acts.Service(cases.officer()), size.finished)
    print(f"{kind}: {found:.0f} bytes a finished case, tables and indexes ({size.finished} cases)")
    for name, bytes_ in sizes.by_table(size.finished):
        print(f"    {name}: {bytes_:.0f}")
    print()


def run_inbox(kind: str, app: object, size: Size, seed: int) -> None:
    """Lists at each size."""
    found = lists.measure(app, size.open_tasks, size.rounds, seed)
    names = [f"{count:_}".replace("_", " ") for count in size.open_tasks]
    print(f"{kind}: a page of the inbox, by number of open tasks")
    head = ("who", "list", *(f"service {name}" for name in names), "ratio", *(f"page {name}" for name in names), "ratio", "SQL")
    table(head, lists.rows(found))
    asked = served.measure(app, size.seconds)
    print(f"{kind}: from gunicorn, {served.CLIENTS} connections: {asked.per_second:.0f} pages/s; {asked.times.median:.1f} ms, p95", end=" ")
    print(f"{asked.times.p95:.1f}\n")


def run_burst(kind: str, app: object, size: Size, _seed: int) -> None:
    """Deadlines at once."""
    found = burst.measure(app, size.deadlines)
    print(f"{kind}: {found.cases} deadlines at once, {burst.WORKERS} workers: sweep {found.sweep_s:.2f} s, all after {found.all_s:.1f} s")
    told = "" if found.cases >= TOLD else f"; at that pace {TOLD} take {found.extrapolated_s(TOLD):.0f} s"
    print(f"{kind}: {found.each_ms():.2f} ms a case, {found.processor_s / found.cases * 1e3:.2f} ms of processor{told}\n")


def run_operation(kind: str, app: object, size: Size, _seed: int) -> None:
    """Phase by phase, and how somebody else's list answered meanwhile."""
    found = operation.measure(app, size.households)
    assert found.case["status"] == "clos", found.case
    whole = sum(times.seconds for times in found.fire.phases.values())
    print(f"{kind}: a fire of {size.households} households: {whole:.1f} s, {found.processor_s:.1f} s of processor in web and workers")
    head = ("phase", "s", "calls", "ms", "p95", "longest", "another's list: ms", "longest")
    rows = []
    for name, times in found.fire.phases.items():
        other = found.meanwhile.get(name, Times())
        rows.append(
            [name, times.seconds, len(times.all), times.median, times.p95, max(times.all), other.median, max(other.all, default=0.0)]
        )
    table(head, rows)
    seen = found.fire.progress
    print(f"{kind}: while the list was written one looked {len(seen)} times and saw {len(set(seen))} states of it\n")


def run_persons(kind: str, _app: object, size: Size, seed: int) -> None:
    """Mistyped names."""
    found = persons.measure(size.people, size.searches, seed)
    print(f"{kind}: {found.searches} mistyped names among {found.people} persons")
    ways = (("name alone", found.alone, found.very_person), ("with the year", found.with_year, found.very_person_with_year))
    rows = [[name, times.median, times.p95, max(times.all), hits / found.searches] for name, times, hits in ways]
    table(("search", "ms", "p95", "longest", "the very person in the first 25"), rows)
    print(f"{kind}: somebody of that name in the first 25: {found.same_name / found.searches:.1%}\n")


RUN = {
    **{"acts": run_acts, "sql": run_sql, "bytes": run_bytes, "inbox": run_inbox},
    **{"burst": run_burst, "persons": run_persons, "operation": run_operation},
}

if __name__ == "__main__":
    main(sys.argv[1:])
