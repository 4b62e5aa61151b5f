"""One at a time, over all processes and machines of an installation: for work that would do no harm twice, only cost twice."""

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.engine import Engine


@contextmanager
def only_one(engine: Engine, name: str) -> Iterator[bool]:
    """Whether nobody else is inside under this name. The database frees the place of a process that dies."""
    if engine.dialect.name == "sqlite":
        with open(f"{engine.url.database}.{name}.lock", "w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True
        return
    key = zlib.crc32(f"jatigi:{name}".encode())
    # Outside a transaction: one held open for the whole time would stop the database from cleaning up.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        got = connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": key}).scalar_one()
        try:
            yield got
        finally:
            if got:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})
