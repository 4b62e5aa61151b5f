"""A real Redis-protocol server for the tests: the run's own, on a socket in its folder, nothing kept on disk."""

import signal

from app.supervisor.store import Store
from tests.support import run


def store_url() -> str:
    """Address of the run's server, started at the first call of any process."""
    with run.alone("store") as done:
        if not done.exists():
            store = Store(run.folder() / "store", durable=False)
            process = store.start()
            run.register("store", process.pid, signal.SIGTERM)
            store.wait(10)
            done.write_text(store.url)
        return done.read_text()
