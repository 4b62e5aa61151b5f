"""Idempotency: the same act sent twice happens once and is answered the same."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from sqlalchemy import bindparam, select, update

from app.db.outbox import RequestKey
from app.db.transaction import Unit
from app.db.upserts import InsertOnce
from app.services.errors import Invalid, Refusal

_KEY = RequestKey.__table__
_CLAIM = InsertOnce(_KEY)
_KNOWN = select(_KEY.c.body_hash, _KEY.c.answer).where(_KEY.c.actor == bindparam("by"), _KEY.c.key == bindparam("as"))
_ANSWER = update(_KEY).where(_KEY.c.actor == bindparam("by"), _KEY.c.key == bindparam("as")).values(answer=bindparam("answer"))


class KeyReused(Refusal):
    """A key came back with other data."""

    status = 422

    def __init__(self) -> None:
        super().__init__("key_reused")


def body_hash(*parts: Any) -> str:
    """Digest of what an act was given."""
    return hashlib.sha256(orjson.dumps(parts, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)).hexdigest()


def claim(unit: Unit, actor: str, key: str | None, body: str) -> dict[str, Any] | None:
    """First statement of an act. None: go on. A dictionary: it happened before, and this was the answer. KeyReused."""
    if key is None:
        return None
    if not 8 <= len(key) <= 120:
        raise Invalid({"key": "8 à 120 signes"})
    if _CLAIM.execute(unit.connection, {"actor": actor, "key": key, "body_hash": body, "made_at": unit.now}):
        return None
    known = unit.connection.execute(_KNOWN, {"by": actor, "as": key}).one()
    if known.body_hash != body:
        raise KeyReused
    return dict(known.answer or {})


def answer(unit: Unit, actor: str, key: str | None, value: dict[str, Any]) -> None:
    """Keeps what the act answered; last statement before the commit."""
    if key is not None:
        unit.connection.execute(_ANSWER, {"by": actor, "as": key, "answer": value})
