"""The chain of history entries: canonical bytes, their hash, and digests of personal values.

What is stored is what is hashed; nothing is ever rebuilt from columns. A personal value enters as a salted digest and stands
beside the entry, so that erasing it later leaves the proof whole.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import orjson

GENESIS = ""
LIMIT = 2**53
ENTRY, PERSONAL = b"\x00", b"\x02"


def canonical(value: Any) -> str:
    """One text for one value: sorted keys, no spaces. Texts, booleans, null, lists, objects, and integers within 2^53 only.

    Raises TypeError or ValueError for anything else (floats have more than one writing).
    """
    _check(value)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _check(value: Any) -> None:
    if value is None or isinstance(value, (str, bool)):
        return
    if isinstance(value, int):
        if abs(value) > LIMIT:
            raise ValueError("an integer beyond 2^53 has more than one reading")
        return
    if isinstance(value, list):
        for item in value:
            _check(item)
        return
    if isinstance(value, dict) and all(isinstance(key, str) and (key.isascii() or max(key) < "\U00010000") for key in value):
        for item in value.values():
            _check(item)
        return
    raise TypeError(f"{type(value).__name__} has no canonical writing")


def link(entry: str) -> str:
    """Hash of an entry's canonical text: what the next entry names as `prev`, 64 hexadecimal digits."""
    return hashlib.sha256(ENTRY + entry.encode()).hexdigest()


def sealed(place: str, field: str, value: Any) -> tuple[str, list[Any]]:
    """Digest of a personal value in its place (case and entry), and [salt, value] to be kept beside the entry."""
    salt = secrets.token_hex(16)
    return digest(salt, place, field, value), [salt, value]


def digest(salt: str, place: str, field: str, value: Any) -> str:
    """The digest that stands in an entry for a personal value."""
    return hashlib.sha256(PERSONAL + bytes.fromhex(salt) + canonical([place, field, value]).encode()).hexdigest()


@dataclass(frozen=True)
class Flaw:
    """The first place at which a chain does not hold."""

    seq: int
    reason: str


def verify(rows: Iterable[tuple[int, str, dict[str, Any] | None]], head: str, count: int) -> Flaw | None:
    """Goes along a chain of (seq, canonical entry, personal values or None) and says where it breaks; None when it is intact.

    head, count: what the case itself says of its chain. An entry that was rewritten in good form is named itself, not the one after
    it, as long as what comes after confirms that one.
    """
    previous, last = GENESIS, 0
    waiting = iter(rows)
    row = next(waiting, None)
    while row is not None:
        following = next(waiting, None)
        seq, text, personal = row
        if seq != last + 1:
            return Flaw(last + 1, "missing")
        entry = _read(text)
        if entry is None or entry.get("seq") != seq:
            return Flaw(seq, "altered" if entry is None else "missing")
        if entry.get("prev") != previous:
            return Flaw(last if last and _confirmed(text, following, head) else seq, "altered")
        if not _values_hold(entry, seq, personal):
            return Flaw(seq, "value_altered")
        previous, last, row = link(text), seq, following
    if last != count:
        return Flaw(min(last, count) + 1, "missing")
    return None if previous == head else Flaw(last, "altered")


def _read(text: str) -> dict[str, Any] | None:
    """The entry of a text; None when it is not written as entries are."""
    try:
        entry = json.loads(text)
        return entry if isinstance(entry, dict) and canonical(entry) == text else None
    except (ValueError, TypeError, RecursionError):
        return None


def _confirmed(text: str, following: tuple[int, str, Any] | None, head: str) -> bool:
    """Whether what comes after an entry, or the case itself, names just this text."""
    if following is None:
        return link(text) == head
    entry = _read(following[1])
    return entry is not None and entry.get("prev") == link(text)


def _values_hold(entry: dict[str, Any], seq: int, personal: dict[str, Any] | None) -> bool:
    place, sealed = f"{entry.get('case')}/{seq}", entry.get("sealed") or {}
    return all(sealed.get(field) == digest(salt, place, field, value) for field, (salt, value) in (personal or {}).items())
