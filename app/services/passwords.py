"""Passwords: argon2id with 19 MiB, two passes, one lane (20 ms), and never more than a few at once."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200
AT_ONCE = 3

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turn = threading.BoundedSemaphore(AT_ONCE)
# Verified when the account does not exist or has no password, so that the answer takes as long.
_NOBODY = _hasher.hash("no account has this password")


def digest(password: str) -> str:
    """The text to keep for a password. ValueError when it is shorter or longer than what we accept."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise ValueError(f"a password has {SHORTEST} to {LONGEST} characters")
    with _turn:
        return _hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept; as slow for nobody as for somebody."""
    if len(password) > LONGEST:
        password = ""
    with _turn:
        try:
            return _hasher.verify(kept or _NOBODY, password) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def outdated(kept: str) -> bool:
    """Whether a kept password was made with other parameters than today's."""
    return _hasher.check_needs_rehash(kept)
