"""The inbox from the real server: gunicorn with its processes and threads, asked by several keep-alive connections at once."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from app.config import ROOT
from benchmarks.measure import Times
from benchmarks.web import Browser

CLIENTS = 8
READY_S = 120
HOST = "127.0.0.1"
ADDRESS = "/taches?tab=mine"


@dataclass(frozen=True)
class Served:
    """What the clients saw."""

    requests: int
    seconds: float
    times: Times

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def measure(app: Flask, seconds: float) -> Served:
    """Starts the server on the database at hand, asks for a while, stops it."""
    cookie = Browser(app).client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    header = {"Cookie": f"{cookie.key}={cookie.value}", "Accept-Encoding": "gzip"}
    port = free_port()
    server = start(app, port)
    try:
        wait(port, server)
        _ask_for(port, header, 1.0)  # each process reads its procedures at its first page
        return _ask_for(port, header, seconds)
    finally:
        server.terminate()
        server.wait()


def _ask_for(port: int, header: dict[str, str], seconds: float) -> Served:
    until, all_times = time.perf_counter() + seconds, [Times() for _ in range(CLIENTS)]
    begun = time.perf_counter()
    clients = [threading.Thread(target=_client, args=(port, header, until, times)) for times in all_times]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    whole = Times()
    whole.all = [one for times in all_times for one in times.all]
    return Served(len(whole.all), time.perf_counter() - begun, whole)


def _client(port: int, header: dict[str, str], until: float, times: Times) -> None:
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    while time.perf_counter() < until:
        with times.one():
            connection.request("GET", ADDRESS, headers=header)
            answer = connection.getresponse()
            answer.read()
        assert answer.status == 200, answer.status
    connection.close()


def start(app: Flask, port: int, application: str = "app.supervisor.web:application()", **more: str) -> subprocess.Popen[bytes]:
    """The web server on the database at hand. more: further variables of its environment."""
    config = app.config["JATIGI"]
    environment = {
        **os.environ,
        **{"DATABASE_URL": config.database_url, "REDIS_URL": config.redis_url, "JATIGI_DATA": str(config.data)},
        **{"SECRET_KEY": config.secret_key, "LOG_LEVEL": "ERROR", "PORT": str(port)},
        "PROMETHEUS_MULTIPROC_DIR": _metrics(config.data),
        **more,
    }
    command = [sys.executable, "-m", "gunicorn", "--config", "python:app.supervisor.web", "--bind", f"{HOST}:{port}"]
    return subprocess.Popen([*command, application], cwd=ROOT, env=environment)


def _metrics(data: Path) -> str:
    folder = data / "metrics"
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def wait(port: int, server: subprocess.Popen[bytes]) -> None:
    """Until it takes connections. TimeoutError."""
    for _ in range(READY_S * 10):
        with socket.socket() as wire:
            if wire.connect_ex((HOST, port)) == 0:
                return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise TimeoutError("the web server did not start")


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as wire:
        wire.bind((HOST, 0))
        return int(wire.getsockname()[1])
