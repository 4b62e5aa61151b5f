"""One JSON object a line on standard error, whoever logs, with the id of the request or job it belongs to."""

import logging
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from structlog.contextvars import bind_contextvars, bound_contextvars, clear_contextvars, get_contextvars, merge_contextvars

SHARED = [
    merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
QUIET = ("spiff", "alembic", "rq.scheduler", "urllib3", "fontTools")
"""Loggers that tell more than anybody reads below a warning."""


def configure(level: str = "INFO", process: str = "") -> None:
    """Send all logging of this process, the standard library's included, to standard error as JSON lines."""
    finish = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.dict_tracebacks,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=SHARED, processors=finish))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    if process:
        bind_contextvars(process=process)


def begin_request(given: str | None = None) -> str:
    """Start a request: forget the one before, bind and return its id (`given` when it is short and plain, else a new one)."""
    kept = {name: value for name, value in get_contextvars().items() if name == "process"}
    request_id = given if given and len(given) <= 64 and given.isascii() and given.replace("-", "").isalnum() else new_id()
    clear_contextvars()
    bind_contextvars(**kept, request_id=request_id)
    return request_id


def request_id() -> str:
    """The id of the request or job that runs, a new one outside of any."""
    return get_contextvars().get("request_id") or new_id()


def new_id() -> str:
    """A new id of a request."""
    return secrets.token_hex(8)


@contextmanager
def belonging_to(request_id: str, **names: object) -> Iterator[None]:
    """Lines written inside carry this id and these names."""
    with bound_contextvars(request_id=request_id, **names):
        yield
