"""The application as it is served in production: gunicorn with two processes, on a ministry of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import store
from tests.support.source import ROOT

READY_WITHIN_S = 60


class NotServed(RuntimeError):
    """The server did not answer; the message ends with what it wrote."""


@contextmanager
def served(database: Path, folder: Path, application: str = "app.supervisor.web:application()", **more: str) -> Iterator[str]:
    """The address of a server on a SQLite database. folder: where it keeps all else; more: further variables of its environment."""
    port = _free_port()
    metrics = folder / "metrics"
    metrics.mkdir(exist_ok=True)
    environment = {
        **os.environ,
        "PROMETHEUS_MULTIPROC_DIR": str(metrics),
        "DATABASE_URL": f"sqlite:///{database}",
        "JATIGI_DATA": str(folder),
        "SECRET_KEY": "w" * 40,
        "REDIS_URL": store.store_url(),
        "PORT": str(port),
        **more,
    }
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:app.supervisor.web",
        "-b",
        f"127.0.0.1:{port}",
        application,
    ]
    with open(folder / "server.log", "wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait(address, process, folder / "server.log")
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def _wait(address: str, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/connexion", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise NotServed(log.read_text(errors="replace")[-2000:])
