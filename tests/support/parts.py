"""Workers and schedulers that can be killed, beside a test or a benchmark."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask

from app import logs, worker
from app.supervisor.children import bind_to_parent
from app.supervisor.store import Store


class Parts:
    """Workers and schedulers of one database and store."""

    def __init__(self, app: Flask, store: Store) -> None:
        self.app = app
        self.store = store
        self._started: list[int] = []

    def start(self, kind: str) -> int:
        """Start a `worker` or a `scheduler`, by fork: it need not read the application again. Its process id."""
        pid = os.fork()
        if pid:
            self._started.append(pid)
            return pid
        status = 1
        try:
            bind_to_parent()
            config = self.app.config["JATIGI"]
            logs.configure("WARNING", process=kind)
            if kind == "worker":
                worker.work(self.app, config)
            else:
                worker.schedule(self.app, config)
            status = 0
        finally:
            os._exit(status)

    def kill(self, pid: int) -> None:
        """kill -9 of a worker and of the job that it runs."""
        for one in [*children(pid), pid]:
            with_no_error(lambda one=one: os.kill(one, signal.SIGKILL))
        os.waitpid(pid, 0)
        self._started.remove(pid)

    def close(self) -> None:
        """Kill what still runs."""
        for pid in list(self._started):
            self.kill(pid)


def children(parent: int) -> list[int]:
    """Process ids of the children of a process."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        fields = with_no_error(lambda stat=stat: stat.read_text().rpartition(")")[2].split())
        if fields and int(fields[1]) == parent:
            found.append(int(stat.parent.name))
    return found


def with_no_error(act: Callable):
    """What `act` gives; None when its process is gone."""
    try:
        return act()
    except OSError:
        return None


def until(condition: Callable[[], bool], seconds: float, why: Callable[[], str] = str) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, why()
        time.sleep(0.1)
