"""A fire of three hundred households over the JSON interface of the running system: gunicorn and two workers, one token a user."""

from __future__ import annotations

import contextlib
import datetime as dt
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.db.transaction import transaction
from app.db.users import User
from app.extensions import db
from app.jobs import deadlines as jobs
from app.services import api_tokens, clock, deadlines
from benchmarks import burst, clocked, fire, served
from benchmarks.measure import Times

WEB = "benchmarks.clocked:application()"
WORKER = "benchmarks.clocked"
SIDE_BY_SIDE = 4
PATIENCE_S = 300
LOOK_S = 0.1
KEPT_OPEN_S = 2.0


@dataclass
class Running:
    """The installation as programs outside see it."""

    port: int
    clock_file: Path
    tokens: dict[str, str] = field(default_factory=dict)
    lines: threading.local = field(default_factory=threading.local)

    def ask(self, user: str, method: str, path: str, body: Any = None, file: tuple[str, bytes] | None = None, key: str = "") -> Any:
        """See `fire.Ministry`."""
        media, content = file or ("application/json", b"" if body is None else json.dumps(body).encode())
        headers = {"Authorization": f"Bearer {self.tokens[user]}"} | ({"Content-Type": media} if content else {})
        line = self._line()
        line.request(method, f"/api/v1{path}", content or None, headers | ({"Idempotency-Key": key} if key else {}))
        answer = line.getresponse()
        said = answer.read()
        found = json.loads(said) if said else None
        if answer.status >= 400:
            raise fire.Refused(answer.status, found)
        return found

    def advance(self, moment: dt.datetime) -> None:
        """The clock of every process; what is due by then goes to the workers as the scheduler would send it, and is done."""
        clocked.set_to(self.clock_file, moment)
        jobs.sweep()
        self.wait(_nothing_due, f"what is due by {moment} is done")

    def wait(self, until: Callable[[], bool], what: str) -> None:
        """Asks again and again."""
        over = time.monotonic() + PATIENCE_S
        while not until():
            if time.monotonic() > over:
                raise TimeoutError(what)
            time.sleep(LOOK_S)

    def _line(self) -> http.client.HTTPConnection:
        """A connection of this thread, kept open, unless the server may have closed it meanwhile."""
        if not hasattr(self.lines, "own"):
            self.lines.own = http.client.HTTPConnection(served.HOST, self.port, timeout=60)
        elif time.monotonic() - self.lines.used > KEPT_OPEN_S:
            self.lines.own.close()
        self.lines.used = time.monotonic()
        return self.lines.own


@dataclass(frozen=True)
class Played:
    """The play, what it came to, and how a page answered meanwhile."""

    fire: fire.Fire
    case: dict[str, Any]
    figures: dict[str, int]
    meanwhile: dict[str, Times]
    processor_s: float


def measure(app: Flask, households: int) -> Played:
    """Starts web and workers on the database at hand, plays, stops them."""
    clock_file = Path(app.config["JATIGI"].data) / "clock"
    clocked.set_to(clock_file, fire.BEGINS)
    real = clock.now
    clocked.follow(clock_file)
    environment = {clocked.VARIABLE: str(clock_file)}
    port = served.free_port()
    processes = [served.start(app, port, WEB, **environment), *(burst.worker(app, WORKER, **environment) for _ in range(burst.WORKERS))]
    try:
        served.wait(port, processes[0])
        burst.wait_for(processes[1:], app.config["JATIGI"].redis_url)
        ministry = Running(port, clock_file, _tokens())
        return _play(ministry, fire.Fire(ministry, households, SIDE_BY_SIDE), processes)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait()
        clock.now = real


def _play(ministry: Running, play: fire.Fire, processes: list[Any]) -> Played:
    meanwhile: dict[str, Times] = {}
    idle = burst.spent(processes)
    with _probing(ministry, play, meanwhile):
        case = play.play()
    figures = ministry.ask(fire.CHIEF, "GET", f"/cases/{play.reference}/children?limit=1")["figures"]
    return Played(play, case, figures, meanwhile, burst.spent(processes) - idle)


@contextlib.contextmanager
def _probing(ministry: Running, play: fire.Fire, found: dict[str, Times]) -> Iterator[None]:
    """Meanwhile somebody else asks for their list five times a second."""
    over = threading.Event()

    def probe() -> None:
        while not over.wait(0.2):
            name = next(reversed(play.phases), "")
            with found.setdefault(name, Times()).one():
                ministry.ask("U-14", "GET", "/tasks?tab=mine")

    thread = threading.Thread(target=probe)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _nothing_due() -> bool:
    due = deadlines.due_case_ids(db.session(), clock.now(), 1)
    db.session.remove()
    return not due


def _tokens() -> dict[str, str]:
    users = list(db.session.execute(select(User.code, User.login).where(User.active.is_(True))))
    found = transaction(lambda unit: {code: api_tokens.issue(unit, login, "bench") for code, login in users}, clock.now)
    db.session.remove()
    return found
