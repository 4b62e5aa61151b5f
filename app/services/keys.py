"""Idempotency: the same act sent twice happens once and is answered the same.

Most acts claim their key first and write the answer last. The one that happens all day, the completion of a task, reads the key together
with the task, under the lock of the case (`WITH_KEY`, `replayed`), and writes it once, with its answer (`keep`): whoever sends the same
again waits for that lock and then finds it.
"""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from sqlalchemy import FromClause, bindparam, select, update

from app.db.outbox import RequestKey
from app.db.transaction import LostUpdate, Unit
from app.db.upserts import InsertOnce
from app.services.errors import Invalid, Refusal

_KEY = RequestKey.__table__
_CLAIM = InsertOnce(_KEY)
_KNOWN = select(_KEY.c.body_hash, _KEY.c.answer).where(_KEY.c.actor == bindparam("by"), _KEY.c.key == bindparam("as"))
WITH_KEY = (_KEY.c.body_hash.label("known_body"), _KEY.c.answer.label("known_answer"))
"""Columns of a statement that reads `beside` a key, bound as `by` and `as`; null when the act has not happened."""
_ANSWER = update(_KEY).where(_KEY.c.actor == bindparam("by"), _KEY.c.key == bindparam("as")).values(answer=bindparam("answer"))


class KeyReused(Refusal):
    """A key came back with other data."""

    status = 422

    def __init__(self) -> None:
        super().__init__("key_reused")


def body_hash(*parts: Any) -> str:
    """Digest of what an act was given."""
    return hashlib.sha256(orjson.dumps(parts, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)).hexdigest()


def ensure_fit(key: str) -> None:
    """Invalid for a key too short to be one of its kind, or too long to be kept."""
    if not 8 <= len(key) <= 120:
        raise Invalid({"key": "8 à 120 signes"})


def replayed(known: str, answer: dict[str, Any] | None, body: str) -> dict[str, Any]:
    """What an act answered when it happened, by the digest that was kept of it. KeyReused when it was given something else."""
    if known != body:
        raise KeyReused
    return dict(answer or {})


def claim(unit: Unit, actor: str, key: str | None, body: str) -> dict[str, Any] | None:
    """First statement of an act. None: go on. A dictionary: it happened before, and this was the answer. KeyReused."""
    if key is None:
        return None
    ensure_fit(key)
    if _CLAIM.execute(unit.connection, {"actor": actor, "key": key, "body_hash": body, "made_at": unit.now}):
        return None
    known = unit.connection.execute(_KNOWN, {"by": actor, "as": key}).one()
    return replayed(known.body_hash, known.answer, body)


def answer(unit: Unit, actor: str, key: str | None, value: dict[str, Any]) -> None:
    """Keeps what the act answered; last statement before the commit."""
    if key is not None:
        unit.connection.execute(_ANSWER, {"by": actor, "as": key, "answer": value})


def beside(table: FromClause) -> FromClause:
    """A table, and the row of the key of the act if there is one."""
    return table.outerjoin(_KEY, (_KEY.c.actor == bindparam("by")) & (_KEY.c.key == bindparam("as")))


def keep(unit: Unit, actor: str, key: str, body: str, value: dict[str, Any]) -> None:
    """Writes a key that was looked for under the lock, with the answer; last statement before the commit.

    LostUpdate when the key came in meanwhile, with an act on another case: the repetition finds it and refuses.
    """
    if not _CLAIM.execute(unit.connection, {"actor": actor, "key": key, "body_hash": body, "answer": value, "made_at": unit.now}):
        raise LostUpdate(key)
