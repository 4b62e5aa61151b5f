"""The queue takes ids and dotted names; silent or not, it disturbs nobody."""

import datetime as dt
import time
import uuid

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from app import logs, queue
from app.config import Config

FIRE = "app.jobs.deadlines.fire_cases"
NOW = dt.datetime(2026, 11, 2, 8, 0, 0, 700_000, dt.UTC)


@pytest.fixture
def kept(redis_url, tmp_path, monkeypatch):
    """An application context on queues of its own, and a way to read them."""
    name = f"test-{uuid.uuid4().hex}"
    monkeypatch.setattr(queue, "DEFAULT", name)
    app = Flask("queue")
    app.config["JATIGI"] = Config(data=tmp_path, database_url="", redis_url=redis_url, secret_key="x" * 40)
    reader = Queue(name, connection=Redis.from_url(redis_url), serializer=JSONSerializer)
    with app.app_context():
        yield reader
    reader.delete(delete_jobs=True)


@pytest.fixture
def silent(tmp_path):
    """An application context whose store does not exist."""
    app = Flask("silent")
    app.config["JATIGI"] = Config(data=tmp_path, database_url="", redis_url=f"unix://{tmp_path / 'nobody.sock'}", secret_key="x" * 40)
    with app.app_context():
        yield


def test_a_job_is_a_name_and_ids_in_json(kept):
    with logs.belonging_to("abc123"):
        assert queue.enqueue(FIRE, [1, 2, 3], queue=kept.name)
    job = kept.jobs[0]
    assert (job.func_name, job.args) == (FIRE, [[1, 2, 3]])
    assert job.data.startswith(b'["app.jobs') or b"app.jobs" in job.data
    assert job.meta == {"request_id": "abc123"}
    assert (job.result_ttl, job.retries_left) == (0, 3)


def test_many_jobs_go_in_one_trip(kept):
    assert queue.enqueue_many(FIRE, [[[number]] for number in range(20)], kept.name)
    assert sorted(job.args[0][0] for job in kept.jobs) == list(range(20))


def test_a_deadline_is_woken_after_it_is_due_never_before(kept):
    """RQ rounds down to the second: 8:00:00.7 would be woken 0.7 s early."""
    assert queue.enqueue_at(NOW, FIRE, [7], queue=kept.name)
    job_id = kept.scheduled_job_registry.get_job_ids()[0]
    woken = kept.scheduled_job_registry.get_scheduled_time(job_id)
    assert dt.timedelta(0) <= woken - NOW <= dt.timedelta(seconds=1)


def test_what_many_ask_for_comes_once_for_each_id_and_after_they_have_asked(kept):
    """It sees what the last of them wrote: it is due only after nobody is turned away any more."""
    name = f"app.jobs.look_{uuid.uuid4().hex}"
    asked = dt.datetime.now(dt.UTC)
    assert all(queue.enqueue_soon(name, number, queue=kept.name) for _ in range(50) for number in (1, 2))
    job_id, _ = kept.scheduled_job_registry.get_job_ids()
    assert kept.scheduled_job_registry.get_scheduled_time(job_id) >= (asked + queue.SOON).replace(microsecond=0)


@pytest.mark.parametrize("argument", [{"id": 1}, 1.5, None, True, NOW, [1, None], [{"a": 1}]])
def test_anything_but_ids_is_a_mistake_of_ours(kept, argument):
    with pytest.raises(TypeError, match="ids only"):
        queue.enqueue(FIRE, argument, queue=kept.name)
    assert kept.count == 0


def test_a_store_that_does_not_answer_is_logged_and_quick(silent, caplog):
    began = time.monotonic()
    assert queue.enqueue(FIRE, [1]) is False
    assert queue.enqueue_at(NOW, FIRE, [1]) is False
    assert queue.waiting() is None
    assert time.monotonic() - began < 1
    assert [record.message for record in caplog.records] == ["enqueue_failed", "enqueue_failed"]
