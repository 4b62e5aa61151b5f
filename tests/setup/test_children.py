"""Processes that are kept running."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from app.supervisor.children import Child, python

LOOK = 0.02
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
ROOT = Path(__file__).resolve().parents[2]


def running(code: str, **how) -> Child:
    child = Child("It", python("-c", code, environment=dict(os.environ)), **how)
    child.run()
    return child


def until(condition, seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(LOOK)


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_what_dies_is_started_again():
    said = []
    child = running("import time; time.sleep(60)")
    first = child.process.pid
    os.kill(first, signal.SIGKILL)
    until(lambda: child.look(said.append) or child.process.pid != first)
    assert child.process.poll() is None
    assert said == ["It : tué par SIGKILL ; relance dans 0.5 s."]
    child.stop()


def test_what_keeps_dying_is_started_more_and_more_patiently(monkeypatch):
    monkeypatch.setattr("app.supervisor.children.FIRST_PAUSE_S", 0.02)
    said = []
    child = running("raise SystemExit(3)")
    child._pause = 0.02
    until(lambda: child.look(said.append) or len(said) == 4)
    assert [line.rpartition("dans ")[2] for line in said] == ["0.02 s.", "0.04 s.", "0.08 s.", "0.16 s."]
    assert "terminé avec le code 3" in said[0]
    child.stop()


def test_what_was_steady_is_started_again_at_once(monkeypatch):
    monkeypatch.setattr("app.supervisor.children.STEADY_S", 0.1)
    said = []
    child = running("import time; time.sleep(60)")
    child._pause = 30.0
    time.sleep(0.15)
    child.process.kill()
    until(lambda: child.look(said.append) or said)
    assert "relance dans 0.5 s" in said[0]
    child.stop()


def test_stopping_waits_and_then_kills():
    child = Child("It", lambda **how: subprocess.Popen([sys.executable, "-c", DEAF], stdout=subprocess.PIPE, **how), patience=0.2)
    child.run()
    child.process.stdout.readline()
    child.stop()
    assert child.process.returncode == -signal.SIGKILL


def test_a_stopped_child_is_not_started_again():
    child = running("import time; time.sleep(60)")
    child.stop()
    pid = child.process.pid
    assert child.process.returncode == -signal.SIGTERM
    child.stop()
    assert child.process.pid == pid


def test_children_do_not_outlive_a_killed_supervisor():
    code = (
        "import os, time\n"
        "from app.supervisor.children import Child, python\n"
        "child = Child('It', python('-c', 'import time; time.sleep(60)', environment=dict(os.environ)))\n"
        "child.run()\n"
        "print(child.process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    pid = int(parent.stdout.readline())
    assert not gone(pid)
    parent.kill()
    parent.wait()
    until(lambda: gone(pid))


def test_ctrl_c_in_the_terminal_does_not_reach_the_children():
    """It goes to the whole group of the terminal; the children are in groups of their own, and stopped in order."""
    child = running("import time; time.sleep(60)")
    assert os.getpgid(child.process.pid) == child.process.pid != os.getpgid(0)
    child.stop()
