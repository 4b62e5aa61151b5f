"""One command runs everything, keeps it running, and stops it in order."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis, RedisError

from tests.support import source

pytestmark = pytest.mark.long

FIRST_ANSWER = 180


class Installation:
    """A supervisor in a folder of its own, with what it prints."""

    def __init__(self, data: Path, **settings: str) -> None:
        self.data = data
        self.port = free_port()
        surroundings = {name: value for name, value in os.environ.items() if name not in {"REDIS_URL", "DATABASE_URL"}}
        settings = {"JATIGI_DATA": str(data), "PORT": str(self.port), "JATIGI_DEMO": "0", "JATIGI_WORKERS": "1"} | settings
        self.output = (data.parent / f"{data.name}.out").open("w+")
        command = [sys.executable, "-m", "app.supervisor"]
        how = {"cwd": source.ROOT, "env": surroundings | settings, "stdout": self.output, "stderr": self.output}
        self.process = subprocess.Popen(command, start_new_session=True, **how)

    def text(self) -> str:
        return Path(self.output.name).read_text()

    def await_text(self, wanted: str, seconds: float = FIRST_ANSWER) -> None:
        deadline = time.monotonic() + seconds
        while wanted not in self.text():
            assert time.monotonic() < deadline, f"never said {wanted!r}:\n{self.text()}"
            assert self.process.poll() is None or wanted in self.text(), self.text()
            time.sleep(0.05)

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.read()

    def await_answer(self) -> None:
        deadline = time.monotonic() + FIRST_ANSWER
        while True:
            with contextlib.suppress(OSError):
                self.get("/healthz")
                return
            assert time.monotonic() < deadline, self.text()
            time.sleep(0.05)

    def children(self) -> dict[str, int]:
        """Name -> process id of what the supervisor started."""
        names = {"valkey-server": "store", "gunicorn": "web", "app.worker worker": "worker", "app.worker scheduler": "scheduler"}
        found = {}
        for pid, command in offspring(self.process.pid):
            name = next((name for part, name in names.items() if part in command), None)
            if name:
                found[name] = pid
        return found

    def await_children(self, *names: str) -> dict[str, int]:
        deadline = time.monotonic() + 30
        while not set(names) <= set(found := self.children()):
            assert time.monotonic() < deadline, f"{names} are not there, only {found}:\n{self.text()}"
            time.sleep(0.05)
        return found

    def end(self, number: signal.Signals = signal.SIGINT, seconds: float = 90) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(seconds)


def offspring(parent: int) -> Iterator[tuple[int, str]]:
    """Process id and command line of the children of a process."""
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            if int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                yield int(folder.name), (folder / "cmdline").read_text().replace("\0", " ")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def installation(tmp_path_factory):
    installation = Installation(tmp_path_factory.mktemp("s") / "d")
    installation.await_text("Jatigi répond")
    yield installation
    with contextlib.suppress(Exception):
        installation.end()
    installation.process.kill()


def test_the_address_that_is_printed_answers(installation):
    address = re.search(r"Jatigi répond : (\S+)", installation.text())[1]
    assert address == f"http://127.0.0.1:{installation.port}"
    assert installation.get("/healthz") == b'{"status":"ok"}\n'
    assert b'"database":"ok"' in installation.get("/readyz")


@pytest.mark.parametrize("name", ["worker", "scheduler", "store", "web"])
def test_what_is_killed_comes_back(installation, name):
    before = installation.await_children("store", "web", "worker", "scheduler")
    os.kill(before[name], signal.SIGKILL)
    deadline = time.monotonic() + 30
    while installation.children().get(name) in {None, before[name]}:
        assert time.monotonic() < deadline, installation.text()
        time.sleep(0.05)
    now = installation.children()
    assert {other: now.get(other) for other in before if other != name} == {other: pid for other, pid in before.items() if other != name}
    assert "tué par SIGKILL ; relance dans" in installation.text()


def test_a_second_one_on_the_same_data_is_refused(installation):
    other = Installation(installation.data)
    assert other.process.wait(90) == 1
    assert "tourne déjà sur" in other.text() and "JATIGI_DATA" in other.text()


def test_a_port_that_is_taken_is_told(installation, tmp_path):
    installation.await_answer()
    other = Installation(tmp_path / "d", PORT=str(installation.port))
    assert other.process.wait(90) == 1
    assert f"Le port {installation.port} n'est pas libre" in other.text()
    assert not other.children()


def test_ctrl_c_stops_all_the_store_last(installation):
    """Whoever uses the store ends first: what they still enqueue is kept."""
    children = installation.await_children("store", "web", "worker", "scheduler")
    with Redis(unix_socket_path=str(installation.data / "store.sock")) as store:
        installation.process.send_signal(signal.SIGINT)
        last = {}
        while installation.process.poll() is None:
            alive = {name for name, pid in children.items() if Path(f"/proc/{pid}").exists()}
            if alive - {"store"}:
                try:
                    store.ping()
                except RedisError:
                    # It may have gone since we looked: but only when whoever uses it is gone as well.
                    assert not [name for name in alive - {"store"} if Path(f"/proc/{children[name]}").exists()]
            for name in alive:
                last[name] = time.monotonic()
            time.sleep(0.005)
    assert installation.process.returncode == 0
    assert max(last, key=last.get) == "store"
    assert installation.text().rstrip().endswith("Arrêté.")
    assert not [name for name, pid in children.items() if Path(f"/proc/{pid}").exists()]


def test_started_again_it_finds_nothing_to_do_and_the_same_secret(installation):
    installation.end()
    secret = (installation.data / "secret_key").read_text()
    again = Installation(installation.data)
    again.await_text("Jatigi répond")
    assert again.end(signal.SIGTERM) == 0
    assert (installation.data / "secret_key").read_text() == secret
    assert "Mise à niveau" not in again.text()


def test_stopped_while_it_starts_it_leaves_nothing_behind(tmp_path_factory):
    installation = Installation(tmp_path_factory.mktemp("s") / "d")
    installation.await_children("store")
    store = installation.children()["store"]
    assert installation.end() == 0
    assert not Path(f"/proc/{store}").exists()
    assert "Jatigi répond" not in installation.text()
