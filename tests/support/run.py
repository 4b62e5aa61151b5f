"""One folder per test run, shared by its processes: what the first one starts serves all, and the main process stops it at the end."""

import fcntl
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

VARIABLE = "JATIGI_TEST_RUN"
PREFIX = "jatigi-tests-"


def open_run() -> None:
    """Called by the main process before it starts others: make the folder, and clear what killed runs left behind."""
    for old in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        owner = old / "owner"
        if owner.exists() and owner.owner() == _me() and not _alive(int(owner.read_text() or 0)):
            _clear(old)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    folder.chmod(0o711)  # a server under another uid has its folder below
    (folder / "owner").write_text(str(os.getpid()))
    os.environ[VARIABLE] = str(folder)


def close_run() -> None:
    """Called by the main process at the end."""
    if folder := os.environ.pop(VARIABLE, None):
        _clear(Path(folder))


def folder() -> Path:
    """The folder of this run."""
    return Path(os.environ[VARIABLE])


@contextmanager
def alone(name: str) -> Iterator[Path]:
    """Only one process of the run at a time is inside; gives the path of a file that says what is already done."""
    with open(folder() / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder() / f"{name}.done"


def register(name: str, pid: int, stop: signal.Signals) -> None:
    """Have the process stopped at the end of the run."""
    (folder() / f"{name}.pid").write_text(f"{pid} {int(stop)}")


def _clear(path: Path) -> None:
    for file in path.glob("*.pid"):
        pid, stop = map(int, file.read_text().split())
        with suppress(OSError):
            os.kill(pid, stop)
    shutil.rmtree(path, ignore_errors=True)


def _alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists() if Path("/proc").exists() else True


def _me() -> str:
    import pwd

    return pwd.getpwuid(os.geteuid()).pw_name
