"""What machines ask, and what every request leaves in the log."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import OperationalError

from app.services import condition
from app.web import health


@pytest.fixture
def requests_logged(caplog):
    caplog.set_level("INFO", logger="app.web.health")
    return lambda: [record for record in caplog.records if record.message == "request"]


def test_it_lives_and_is_ready(client):
    assert client.get("/healthz").json == {"status": "ok"}
    assert client.get("/readyz").json == {"status": "ok", "database": "ok", "store": "ok"}


def test_without_a_database_it_lives_but_is_not_ready(client, monkeypatch):
    def away(_session):
        raise OperationalError("SELECT 1", None, ConnectionError("gone"))

    monkeypatch.setattr(condition, "ping", away)
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"status": "unavailable", "database": "unreachable", "store": "ok"}


def test_a_silent_store_is_told_but_does_not_take_it_out_of_service(client, monkeypatch):
    monkeypatch.setattr(health.queue, "waiting", lambda *_: None)
    assert client.get("/readyz").json == {"status": "ok", "database": "ok", "store": "unreachable"}
    assert "jatigi_jobs_waiting -1" in client.get("/metrics").text


def test_measures_count_requests_and_what_waits(client):
    client.get("/readyz")
    text = client.get("/metrics").text
    assert 'jatigi_answers_total{endpoint="health.ready",method="GET",status="200"}' in text
    for name in ("open_tasks", "timers_overdue", "timers_late_seconds", "messages_unsent", "incidents_open", "jobs_waiting"):
        assert f"\njatigi_{name} 0" in text


@pytest.mark.parametrize("how", [{"environ_base": {"REMOTE_ADDR": "10.0.0.7"}}, {"headers": {"X-Forwarded-For": "10.0.0.7"}}])
def test_measures_are_for_this_machine(client, how):
    assert client.get("/metrics", **how).status_code == 404


def test_measures_are_for_whoever_bears_the_token(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "JATIGI", replace(app.config["JATIGI"], metrics_token="secret-42"))
    elsewhere = {"environ_base": {"REMOTE_ADDR": "10.0.0.7"}}
    assert client.get("/metrics").status_code == 404
    for given, status in (("wrong", 404), ("clé", 404), ("secret-42", 200)):
        assert client.get("/metrics", headers={"Authorization": f"Bearer {given}"}, **elsewhere).status_code == status


def test_each_answer_carries_the_id_that_its_log_has(client):
    given = client.get("/healthz", headers={"X-Request-Id": "from-the-proxy-1"})
    assert given.headers["X-Request-Id"] == "from-the-proxy-1"
    made = {client.get("/healthz").headers["X-Request-Id"] for _ in range(3)}
    assert len(made) == 3


def test_the_log_has_one_line_a_request_without_what_was_typed(client, requests_logged):
    client.get("/aide?q=Awa+Traor%C3%A9")
    client.get("/healthz")
    client.get("/static/theme.css")
    lines = requests_logged()
    assert [(line.method, line.path, line.status) for line in lines] == [("GET", "/aide", 200)]
    assert "Awa" not in str([vars(line) for line in lines])
