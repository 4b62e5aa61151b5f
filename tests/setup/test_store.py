"""The embedded store."""

import signal

import pytest
from redis import Redis

from app.supervisor.store import NoStore, Store


@pytest.fixture
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("s")


def test_it_keeps_what_was_written_when_it_is_killed(folder):
    store = Store(folder / "store")
    for round_number in range(3):
        process = store.start()
        store.wait(10)
        with Redis.from_url(store.url) as client:
            assert client.llen("jobs") == round_number
            client.rpush("jobs", "look at case 12")
            client.execute_command("WAITAOF", 1, 0, 2000)
        process.send_signal(signal.SIGKILL)
        process.wait()


def test_only_its_owner_may_talk_to_it(folder):
    store = Store(folder / "store")
    process = store.start()
    store.wait(10)
    assert store.socket.stat().st_mode & 0o777 == 0o700
    process.terminate()
    process.wait()


def test_it_refuses_rather_than_forgets(folder):
    store = Store(folder / "store", durable=False)
    process = store.start()
    store.wait(10)
    with Redis.from_url(store.url) as client:
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
    process.terminate()
    process.wait()


def test_a_silent_store_is_told(folder):
    with pytest.raises(NoStore, match="ne répond pas"):
        Store(folder / "store").wait(0.05)


def test_a_folder_too_deep_for_a_socket_is_told(folder):
    with pytest.raises(NoStore, match="JATIGI_DATA"):
        Store(folder / ("x" * 120) / "store").start()
