"""What is said when everything answers."""

import hashlib
from pathlib import Path

from app.config import Config


def text(config: Config, database: str) -> str:
    """Address, accounts of the demonstration when there is one, how to stop."""
    where = [f"Jatigi répond : {config.public_url}", f"  dossier : {config.data}    base : {database}"]
    return "\n".join(["", *where, *accounts(config), "Ctrl-C arrête tout.", ""])


def keep_accounts(config: Config, lines: list[str]) -> None:
    """Remember the accounts of the demonstration that was loaded into this database."""
    _file(config).write_text("\n".join(lines))


def accounts(config: Config) -> list[str]:
    """One line an account; none when this database holds no demonstration."""
    file = _file(config)
    return ["", *(f"  {line}" for line in file.read_text().splitlines()), ""] if file.exists() else []


def _file(config: Config) -> Path:
    return config.data / f"demonstration-{hashlib.sha256(config.database_url.encode()).hexdigest()[:8]}.txt"
