"""THE commit: one transaction per act, retried as a whole, with what follows only after it succeeded."""

from __future__ import annotations

import datetime as dt
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from app.db.connections import begin_write
from app.extensions import db

T = TypeVar("T")
log = logging.getLogger(__name__)

ATTEMPTS = 4
RETRYABLE = {"40001", "40P01", "55P03", "25P03", "57P01", "08006", "08003"}
"""PostgreSQL: serialization, deadlock, lock not available, idle in transaction, shutdown, lost connections."""


class LostUpdate(Exception):
    """A row that was read has been changed by somebody else before it was written: the use case is repeated."""


@dataclass
class Unit:
    """One transaction for writing: the session, its moment, its connection, and what is done after the commit.

    The connection takes the statements that every act makes: it knows nothing of mapped objects, which cost twice the time.
    """

    session: Session
    now: dt.datetime
    connection: Connection
    after: list[Callable[[], object]] = field(default_factory=list)

    def after_commit(self, hook: Callable[[], object]) -> None:
        """`hook` runs once the commit has succeeded; its failure is logged and never reaches the user (the sweep makes up for it)."""
        self.after.append(hook)


def transaction(work: Callable[[Unit], T], now: Callable[[], dt.datetime]) -> T:
    """Runs `work` in a transaction for writing and commits once. The whole of it is repeated when the database asks for that.

    `work` must therefore do nothing outside the database; whatever else follows goes through `Unit.after_commit`.
    Raises what `work` raises (nothing of it is written then).
    """
    for attempt in range(1, ATTEMPTS + 1):
        session = db.session()
        if session.in_transaction():
            session.rollback()
        try:
            unit = Unit(session, now(), begin_write(session))
            answer = work(unit)
            session.commit()
        except (DBAPIError, LostUpdate, StaleDataError) as error:
            session.rollback()
            db.session.remove()
            if attempt == ATTEMPTS or not _may_repeat(error):
                raise
            time.sleep(random.uniform(0.01, 0.05) * 2**attempt)
        except BaseException:
            session.rollback()
            raise
        else:
            _follow(unit)
            return answer
    raise AssertionError("unreachable")


def _may_repeat(error: Exception) -> bool:
    if isinstance(error, (LostUpdate, StaleDataError)):
        return True
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlstate", None)
    return error.connection_invalidated or code in RETRYABLE or "database is locked" in str(error.orig)


def _follow(unit: Unit) -> None:
    for hook in unit.after:
        try:
            hook()
        except Exception:
            log.exception("after_commit_failed")
