"""The queue only wakes: jobs are dotted names with ids, and say "look at this", never "do that".

The database holds what is to be done, and the scheduler's sweep finds what no job brought. So a job may come twice, late or never,
and a queue that does not answer is logged and never reaches a user.
"""

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from functools import lru_cache

from flask import current_app
from redis import Redis
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.exceptions import BusyLoadingError, ConnectionError, RedisError, TimeoutError
from redis.retry import Retry as Reconnect
from rq import Queue, Retry
from rq.serializers import JSONSerializer

from app import logs

log = logging.getLogger(__name__)

DEADLINES = "deadlines"
DEFAULT = "default"
NAMES = (DEADLINES, DEFAULT)
"""Queues, most urgent first."""

JOB_TIMEOUT_S = 300
AFTER_DUE = dt.timedelta(seconds=1)
"""RQ rounds moments down to the second: woken at the very moment, a job could find nothing due yet."""
SOON = dt.timedelta(seconds=2)
HORIZON = dt.timedelta(minutes=3)
"""How far ahead the queue knows what falls due. Later moments are told to it when they come near (`app.jobs.announcing`): most acts need
not talk to it at all, and it does not fill with what lies months away. Several times longer than the scheduler sleeps."""
FAILED_KEPT_S = 7 * 24 * 3600
WEB_TIMEOUT_S = 1.0

Id = int | str
Argument = Id | Sequence[Id]


def enqueue(name: str, *arguments: Argument, queue: str = DEFAULT) -> bool:
    """Have the function of dotted `name` called now with ids. Whether the queue took it; if not, that is logged."""
    return enqueue_many(name, [arguments], queue)


def enqueue_soon(name: str, *arguments: Id, queue: str = DEFAULT) -> bool:
    """Have it called with ids within a few seconds: once, however many ask meanwhile. Whether the queue took it.

    Ten thousand deadlines would otherwise ask for ten thousand sweeps of the outbox, three hundred children for three hundred looks at
    their operation. It runs after the time in which others are turned away, so it sees what they have committed.
    """
    checked = _ids(arguments)

    def send() -> None:
        target = _queue(queue)
        asked = ":".join(("jatigi:soon", name, *map(str, checked)))
        if target.connection.set(asked, 1, nx=True, px=int(SOON.total_seconds() * 1000)):
            job = target.create_job(name, args=checked, **_how())
            target.schedule_job(job, dt.datetime.now(dt.UTC) + SOON + AFTER_DUE)

    return _attempt(send, name)


def enqueue_many(name: str, calls: Iterable[Sequence[Argument]], queue: str = DEFAULT) -> bool:
    """The same for several calls in one trip. Raises TypeError for arguments that are not ids."""
    data = [Queue.prepare_data(name, args=_ids(arguments), **_how()) for arguments in calls]

    def send() -> None:
        _queue(queue).enqueue_many(data)

    return _attempt(send, name)


def enqueue_at(due: dt.datetime, name: str, *arguments: Argument, queue: str = DEADLINES) -> bool:
    """Have it called one second after `due` (aware). Raises TypeError for arguments that are not ids."""
    checked = _ids(arguments)

    def send() -> None:
        target = _queue(queue)
        job = target.create_job(name, args=checked, **_how())
        target.schedule_job(job, due + AFTER_DUE)

    return _attempt(send, name)


def waiting(queue: str = DEADLINES) -> int | None:
    """How many jobs wait; None when the queue does not answer."""
    try:
        return _queue(queue).count
    except RedisError:
        return None


def connection(url: str) -> Redis:
    """A connection for pages: it answers or fails within a second."""
    short = {"socket_timeout": WEB_TIMEOUT_S, "socket_connect_timeout": WEB_TIMEOUT_S}
    return Redis.from_url(url, retry=Reconnect(NoBackoff(), 1), **short)


def patient_connection(url: str) -> Redis:
    """A connection for workers: it outlives a store that is restarted, for more than a minute."""
    retry = Reconnect(ExponentialBackoff(cap=2, base=0.1), 40)
    return Redis.from_url(url, retry=retry, retry_on_error=[ConnectionError, TimeoutError, BusyLoadingError], health_check_interval=15)


def _queue(name: str) -> Queue:
    return Queue(name, connection=_connection(current_app.config["JATIGI"].redis_url), serializer=JSONSerializer)


@lru_cache(maxsize=8)
def _connection(url: str) -> Redis:
    return connection(url)


def _how() -> dict:
    return {
        "timeout": JOB_TIMEOUT_S,
        "result_ttl": 0,
        "failure_ttl": FAILED_KEPT_S,
        "retry": Retry(max=3, interval=[5, 30, 120]),
        "meta": {"request_id": logs.request_id()},
    }


def _attempt(send, name: str) -> bool:
    if not current_app.config["JATIGI"].redis_url:
        return False  # a scratch database with a simulated clock has no queue
    try:
        send()
    except (RedisError, OSError) as error:
        log.warning("enqueue_failed", extra={"job": name, "reason": str(error)})
        return False
    return True


def _ids(arguments: Sequence[Argument]) -> tuple[Argument, ...]:
    for argument in arguments:
        parts = argument if isinstance(argument, list | tuple) else [argument]
        if not all(isinstance(part, int | str) and not isinstance(part, bool) for part in parts):
            raise TypeError(f"A job takes ids only, not {argument!r}: what it needs to know is in the database.")
    return tuple(list(argument) if isinstance(argument, tuple) else argument for argument in arguments)
