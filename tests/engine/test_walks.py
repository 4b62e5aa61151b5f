"""A short walk in every test run; `python -m tests.engine.fuzz 500` is a long one."""

import collections

import pytest

from tests.engine.case import read
from tests.engine.random_processes import compare
from tests.engine.walks import Walk


@pytest.mark.parametrize("seed", range(16))
def test_a_walk_looks_the_same_pruned_and_whole(seed):
    tally: collections.Counter = collections.Counter()
    Walk(read(), seed, tally).go(40)
    assert tally["acts"]


@pytest.mark.parametrize("seeds", [range(n, n + 25) for n in range(0, 100, 25)], ids=str)
def test_random_processes_run_the_same_pruned_and_whole(seeds):
    for seed in seeds:
        assert compare(seed), seed
