"""SQLite's writers queue fairly.

SQLite lets waiting writers poll: of eight writers, the unlucky one waits for seconds or fails. An advisory lock on a file beside the
database, taken before BEGIN IMMEDIATE and given back when the connection returns to its pool, is granted in turn by the kernel. The
kernel also takes it back from a process that dies.
"""

import contextlib
import fcntl
import os
import threading

PATIENCE = 30.0


class Turn:
    """One connection's place in the queue."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self._held = False

    def take(self, patience: float | None = None) -> bool:
        """Wait at most `patience` (PATIENCE) seconds; whether it is now this connection's turn."""
        if self._held:
            return True
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._held = True
        except BlockingIOError:
            self._held = self._wait(PATIENCE if patience is None else patience)
        return self._held

    def give_back(self) -> None:
        """Let the next one in."""
        if self._held:
            self._held = False
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Leave the queue."""
        with contextlib.suppress(OSError):
            os.close(self._file)

    def _wait(self, patience: float) -> bool:
        # A blocking flock has no timeout and signals reach the main thread only: so another thread waits, on a descriptor of its own.
        wait = _Wait(self._file)
        return wait.won(patience)


class _Wait:
    def __init__(self, file: int) -> None:
        self._file = os.dup(file)  # the same open file: what the thread locks, this connection holds
        self._guard = threading.Lock()
        self._granted = threading.Event()
        self._given_up = False
        threading.Thread(target=self._run, daemon=True).start()

    def won(self, patience: float) -> bool:
        self._granted.wait(patience)
        with self._guard:
            self._given_up = not self._granted.is_set()
            return not self._given_up

    def _run(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX)
            with self._guard:
                if self._given_up:
                    fcntl.flock(self._file, fcntl.LOCK_UN)
                else:
                    self._granted.set()
        finally:
            os.close(self._file)
