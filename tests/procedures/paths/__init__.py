"""The ways through the shared processes, told as functions: each drives one run and says what must be seen."""

from collections.abc import Callable

PATHS: dict[str, Callable[[], None]] = {}


def path(told: Callable[[], None]) -> Callable[[], None]:
    """Registers a way under its name."""
    PATHS[f"{told.__module__.rpartition('.')[2]}.{told.__name__}"] = told
    return told
