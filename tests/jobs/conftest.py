"""Queues of their own for each test, so that no worker of another takes their jobs."""

import uuid

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from app import queue


@pytest.fixture
def deadlines_queue(redis_url, monkeypatch):
    """The queue of deadlines, empty, and read by nobody."""
    name = f"deadlines-{uuid.uuid4().hex[:8]}"
    monkeypatch.setattr(queue, "DEADLINES", name)
    reader = Queue(name, connection=Redis.from_url(redis_url), serializer=JSONSerializer)
    yield reader
    reader.delete(delete_jobs=True)


@pytest.fixture
def no_queue(tmp_path, monkeypatch):
    """A store that does not answer."""
    silent = queue.connection(f"unix://{tmp_path / 'nobody.sock'}")
    monkeypatch.setattr(queue, "_connection", lambda _url: silent)
