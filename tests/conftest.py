"""Real parts for every test: both databases, a Redis-protocol server, a browser. Nothing is imitated, nothing is skipped.

Fixtures: `app_sqlite`, `app_pg`, `app` (both in turn) with a fresh migrated database each, `db_session`, `client`, `redis_url`,
`browser` and `page`, `clock`. tests/support holds what stands behind them.
"""

import pytest

from tests.support import run

FIRST = (
    "tests/e2e/test_walks_of_each_type.py",
    "tests/scenarios/test_sqlite_",
    "tests/reliability/",
    "tests/e2e/test_walk_paid_by_the_state.py",
    "tests/scenarios/test_pg.py",
    "tests/setup/",
    "tests/concurrency/",
    "tests/demo/",
    "tests/e2e/",
    "tests/engine/test_scenarios.py",
    "tests/jobs/",
    "tests/app/operations/",
)
"""What takes long or waits for others begins first, a browser beside what computes: a file is played by one process, and one that began
last would keep the others waiting. (pytest-xdist would begin with the files of most tests: the walks, one test each, came last.)"""

pytest_plugins = ["tests.support.fixtures", "tests.support.browser"]


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        run.open_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        run.close_run()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first; the order within a file stays."""
    items.sort(key=lambda item: next((place for place, start in enumerate(FIRST) if item.nodeid.startswith(start)), len(FIRST)))
