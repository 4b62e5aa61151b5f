"""What must be ours alone before anything starts."""

import fcntl
import socket
from typing import IO

from app.config import Config


class NotOurs(RuntimeError):
    """Somebody else has it; the message says what to do."""


def folder(config: Config) -> IO[str]:
    """One supervisor a data folder, as long as the file returned is open. Raises NotOurs."""
    lock = (config.data / "supervisor.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise NotOurs(f"Jatigi tourne déjà sur {config.data}. Arrêtez-le d'abord, ou donnez un autre dossier par JATIGI_DATA.") from None
    return lock


def port(config: Config) -> None:
    """A port nobody else listens on: the web server would silently share it. Raises NotOurs."""
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            raise NotOurs(f"Le port {config.port} n'est pas libre ({error.strerror}). Donnez-en un autre par PORT.") from None
