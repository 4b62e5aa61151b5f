"""The long walk: python -m tests.engine.fuzz [walks] [first seed] [acts].

Prints what was walked, how fast, how small; fails on any difference.
"""

from __future__ import annotations

import collections
import sys

from tests.engine.case import read
from tests.engine.random_processes import compare
from tests.engine.walks import Walk


def walk(walks: int, begin: int, acts: int) -> int:
    """Random walks through the procedure; how many went wrong."""
    definition, bad = read(), 0
    tally: collections.Counter = collections.Counter()
    times: tuple[list[float], list[float]] = ([], [])
    sizes: tuple[list[int], list[int]] = ([], [])
    tasks = [0, 0]
    for seed in range(begin, begin + walks):
        one = Walk(definition, seed, tally)
        try:
            one.go(acts)
        except AssertionError as error:
            bad += 1
            if bad <= 5:
                print(f"seed {seed}: {error}")
            continue
        for n, case in enumerate((one.cut, one.whole)):
            times[n].extend(case.ms)
            sizes[n].append(len(case.state))
            tasks[n] = max(tasks[n], case.last.size)
    for n, name in enumerate(("pruned", "whole")):
        ordered = sorted(times[n])
        if ordered:
            print(
                f"{name}: ms an act median {ordered[len(ordered) // 2]:.2f}, p95 {ordered[int(len(ordered) * 0.95)]:.2f}; "
                f"bytes at the end mean {sum(sizes[n]) / len(sizes[n]):.0f}, max {max(sizes[n])}; tasks max {tasks[n]}"
            )
    print(f"{walks} walks, {bad} bad; {dict(tally.most_common())}")
    return bad


def processes(count: int, begin: int) -> int:
    """Random processes; how many went wrong."""
    bad = acts = 0
    for seed in range(begin, begin + count):
        try:
            acts += compare(seed)
        except AssertionError as error:
            bad += 1
            if bad <= 5:
                print(f"process {seed}: {error}")
    print(f"{count} random processes, {acts} acts, {bad} bad")
    return bad


def main(walks: int = 50, begin: int = 0, acts: int = 60) -> int:
    return walk(walks, begin, acts) + processes(walks, begin)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])) > 0)
