"""What is said when everything answers."""

from app.config import Config


def text(config: Config, database: str) -> str:
    """Address, accounts of the demonstration when they are there, how to stop."""
    where = [f"Jatigi runs: {config.public_url}", f"  data: {config.data}    database: {database}"]
    return "\n".join(["", *where, *accounts(), "  Ctrl-C stops everything.", ""])


def accounts() -> list[str]:
    """One line a demonstration account."""
    return []
