"""Real parts for every test: both databases, a Redis-protocol server, a browser. Nothing is imitated, nothing is skipped.

Fixtures: `app_sqlite`, `app_pg`, `app` (both in turn) with a fresh migrated database each, `db_session`, `client`, `redis_url`,
`browser` and `page`, `clock`. tests/support holds what stands behind them.
"""

import pytest

from tests.support import run

pytest_plugins = ["tests.support.fixtures", "tests.support.browser"]


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        run.open_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        run.close_run()
