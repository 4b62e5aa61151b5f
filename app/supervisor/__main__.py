"""Starts and keeps everything: store, database, web, workers, scheduler. Ctrl-C stops them in order, the store last."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.request
from typing import IO

from app.config import ROOT, BadConfig, Config
from app.supervisor import claim, state, welcome
from app.supervisor.children import Child, bind_to_parent, python
from app.supervisor.store import NoStore, Store

LOOK_S = 0.1
FIRST_ANSWER_S = 180
LONGEST_JOB_S = 30


def say(text: str) -> None:
    """A line for whoever started us."""
    print(text, flush=True)


class Supervisor:
    """The whole installation on this machine."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._environment = self._surroundings()
        self._children: list[Child] = []
        self._embedded: Store | None = None
        self._store: Child | None = None
        self._stopping = False
        self._lock: IO[str] | None = None

    def run(self) -> None:
        """Start everything, keep it running until a signal, stop it."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._stop)
        self._lock = claim.folder(self._config)
        claim.port(self._config)
        try:
            self._start()
            while not self._stopping:
                self._look()
        finally:
            self._end()

    def _start(self) -> None:
        self._start_store()
        self._prepare()
        self._keep("Serveur web", *self._web(), patience=10)
        self._await_first_answer()
        for number in range(int(os.environ.get("JATIGI_WORKERS") or 2)):
            self._keep(f"Ouvrier {number + 1}", "-m", "app.worker", "worker", patience=LONGEST_JOB_S)
        self._keep("Veilleur", "-m", "app.worker", "scheduler", patience=LONGEST_JOB_S)

    def _start_store(self) -> None:
        if not os.environ.get("REDIS_URL"):
            self._embedded = Store(self._config.data / "store")
            self._store = Child("Serveur de files", self._embedded.start)
            self._store.run()

    def _prepare(self) -> None:
        """Bring the database to the version of the code, in a process of its own; meanwhile the store reads its file."""
        if state.look(self._config.database_url, self._config.bpmn).work:
            preparing = python("-m", "app.supervisor.prepare", environment=self._environment)(preexec_fn=bind_to_parent)
            while preparing.poll() is None and not self._stopping:
                self._look(0.02)
            if self._stopping:
                preparing.terminate()
                preparing.wait()
            elif preparing.returncode:
                raise SystemExit(f"La base de données n'a pas pu être préparée ({self._where()}) : voyez les lignes au-dessus.")
        if self._embedded and not self._stopping:
            self._embedded.wait(30)

    def _web(self) -> list[str]:
        bind = f"{self._config.host}:{self._config.port}"
        return ["-m", "gunicorn", "--config", "python:app.supervisor.web", "--bind", bind, "app.supervisor.web:application()"]

    def _await_first_answer(self) -> None:
        deadline = time.monotonic() + FIRST_ANSWER_S
        while not self._stopping and not self._answers():
            if time.monotonic() > deadline:
                raise SystemExit("Le serveur web ne répond pas depuis trois minutes : voyez les lignes au-dessus.")
            self._look(0.03)
        if not self._stopping:
            say(welcome.text(self._config, self._where()))

    def _answers(self) -> bool:
        address = f"http://{self._host()}:{self._config.port}/healthz"
        with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status == 200
        return False

    def _keep(self, name: str, *arguments: str, patience: float) -> None:
        if not self._stopping:
            self._children.append(Child(name, python(*arguments, environment=self._environment), patience))
            self._children[-1].run()

    def _look(self, pause: float = LOOK_S) -> None:
        for child in filter(None, [self._store, *self._children]):
            child.look(say)
        time.sleep(pause)

    def _stop(self, *_: object) -> None:
        if self._stopping:
            raise KeyboardInterrupt  # asked twice: what is being waited for is killed
        self._stopping = True

    def _end(self) -> None:
        """The web server is asked first, then the others; they end side by side, and the store after all who use it."""
        say("Arrêt ...")
        for child in self._children:
            child.ask()
        for child in filter(None, [*self._children, self._store]):
            child.stop()
        say("Arrêté.")

    def _surroundings(self) -> dict[str, str]:
        """What the children read: the same settings as ours, whatever folder they are in."""
        config = self._config
        metrics = config.data / "metrics"
        metrics.mkdir(exist_ok=True)
        for old in metrics.glob("*.db"):
            old.unlink(missing_ok=True)
        return os.environ | {
            "JATIGI_DATA": str(config.data),
            "DATABASE_URL": config.database_url,
            "REDIS_URL": config.redis_url,
            "PORT": str(config.port),
            "PROMETHEUS_MULTIPROC_DIR": str(metrics),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }

    def _host(self) -> str:
        return "127.0.0.1" if self._config.host in {"0.0.0.0", "::", ""} else self._config.host

    def _where(self) -> str:
        return self._config.database_url.rpartition("@")[2] if "@" in self._config.database_url else self._config.database_url


def main() -> None:
    """Entry of `make run`."""
    try:
        Supervisor(Config.from_environment()).run()
    except (BadConfig, NoStore, claim.NotOurs, state.Unreachable) as wrong:
        sys.exit(str(wrong))
    except subprocess.SubprocessError as wrong:
        sys.exit(f"Un programme n'a pas pu être lancé : {wrong}")


if __name__ == "__main__":
    main()
