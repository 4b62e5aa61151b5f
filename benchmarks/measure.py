"""Timing, counting and tables, shared by the benchmarks."""

from __future__ import annotations

import contextlib
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Engine, event


class Times:
    """Milliseconds of one kind of act."""

    def __init__(self) -> None:
        self.all: list[float] = []
        self.seconds = 0.0

    @contextlib.contextmanager
    def whole(self) -> Iterator[None]:
        """Measures how long all of it takes."""
        begun = time.perf_counter()
        yield
        self.seconds = time.perf_counter() - begun

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        """Times what happens inside."""
        begun = time.perf_counter()
        yield
        self.all.append((time.perf_counter() - begun) * 1e3)

    @property
    def median(self) -> float:
        return statistics.median(self.all) if self.all else float("nan")

    @property
    def p95(self) -> float:
        ordered = sorted(self.all)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] if ordered else float("nan")


class Statements:
    """SQL statements and commits of an engine while it is open."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.sql: list[str] = []
        self.commits = 0

    def __enter__(self) -> Statements:
        event.listen(self._engine, "before_cursor_execute", self._statement)
        event.listen(self._engine, "commit", self._commit)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "before_cursor_execute", self._statement)
        event.remove(self._engine, "commit", self._commit)

    def _statement(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.sql.append(" ".join(statement.split()))

    def _commit(self, _connection: Any) -> None:
        self.commits += 1


def median_of(work: Callable[[], Any], rounds: int, warm: int = 2) -> float:
    """Median milliseconds of a call."""
    times = Times()
    for _ in range(warm):
        work()
    for _ in range(rounds):
        with times.one():
            work()
    return times.median


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Prints an aligned table; numbers with a decimal point get two digits."""
    cells = [list(head), *([_text(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    for row in cells:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print(flush=True)


def progress(text: str) -> None:
    """One line about what is being done, apart from the figures."""
    print(f"… {text}", file=sys.stderr, flush=True)


def _text(cell: Any) -> str:
    return f"{cell:.2f}" if isinstance(cell, float) else str(cell)
