"""Processes that are kept running: started, watched, started again when they die, stopped in order."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
STEADY_S = 60.0
"""Having run that long, a child is well again: its next death is followed by the first pause."""
SET_PARENT_DEATH_SIGNAL = 1

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def bind_to_parent() -> None:
    """In a new child: out of the terminal's group (Ctrl-C is for the supervisor), and gone when the supervisor is killed."""
    os.setpgrp()
    if _libc:
        _libc.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


@dataclass
class Child:
    """One process that is kept running. `start` starts it; `patience` is how long it may take to stop, in seconds."""

    name: str
    start: Callable[..., subprocess.Popen]
    patience: float = 10.0
    process: subprocess.Popen | None = field(default=None, init=False)
    _pause: float = field(default=FIRST_PAUSE_S, init=False)
    _started: float = field(default=0.0, init=False)
    _again_at: float = field(default=0.0, init=False)
    _asked: bool = field(default=False, init=False)

    def run(self) -> None:
        """Start it now."""
        self._started = time.monotonic()
        self._again_at = 0.0
        self.process = self.start(preexec_fn=bind_to_parent)

    def look(self, say: Callable[[str], None]) -> None:
        """Notice that it died, and start it again after a pause that grows while it keeps dying."""
        now = time.monotonic()
        if self._again_at:
            if now >= self._again_at:
                self.run()
            return
        if self.process is None or self.process.poll() is None:
            return
        if now - self._started > STEADY_S:
            self._pause = FIRST_PAUSE_S
        self._again_at = now + self._pause
        say(f"{self.name} : {ending(self.process.returncode)} ; relance dans {self._pause:g} s.")
        self._pause = min(self._pause * 2, LONGEST_PAUSE_S)

    def ask(self) -> None:
        """Ask it to end. A program takes a second such signal as an order to drop everything: so it is sent once."""
        self._again_at = 0.0
        if not self._asked and self.process is not None and self.process.poll() is None:
            self._asked = True
            self.process.terminate()

    def stop(self) -> None:
        """Ask it to end and wait; kill it when it does not, or when waiting is interrupted."""
        self.ask()
        if self.process is None:
            return
        try:
            self.process.wait(self.patience)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            self.process.kill()
            self.process.wait()


def python(*arguments: str, environment: dict[str, str]) -> Callable[..., subprocess.Popen]:
    """How to start a module of this installation with this Python."""

    def start(**how: object) -> subprocess.Popen:
        return subprocess.Popen([sys.executable, *arguments], env=environment, stdin=subprocess.DEVNULL, **how)

    return start


def ending(status: int) -> str:
    """In words, how a process ended."""
    return f"tué par {signal.Signals(-status).name}" if status < 0 else f"terminé avec le code {status}"
