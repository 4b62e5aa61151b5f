"""One JSON object a line, whoever logs, with the request it belongs to."""

import json
import logging
import subprocess
import sys

import pytest
import structlog

from app import logs
from tests.support import source

CODE = """
import logging
from app import logs
logs.configure("INFO", process="worker")
with logs.belonging_to("abc123", job="app.jobs.deadlines.fire_cases"):
    logging.getLogger("app.jobs").warning("deadline_failed", extra={"case": 12})
    try:
        raise ValueError("Traoré\\nrm -rf")
    except ValueError:
        logging.getLogger("app.jobs").exception("broken")
logging.getLogger("app.jobs").info("after")
logging.getLogger("alembic").info("quiet")
"""


@pytest.fixture
def lines() -> list[dict]:
    result = subprocess.run([sys.executable, "-c", CODE], cwd=source.ROOT, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in result.stderr.splitlines()]


def test_every_line_says_what_and_where_it_belongs(lines):
    first = lines[0]
    told = {"event": "deadline_failed", "level": "warning", "case": 12, "process": "worker", "request_id": "abc123"}
    assert told.items() <= first.items()
    assert first["job"] == "app.jobs.deadlines.fire_cases"
    assert first["timestamp"].endswith("Z")


def test_an_error_is_one_line_too_and_keeps_its_letters(lines):
    assert len(lines) == 3
    assert lines[1]["exception"][0]["exc_value"] == "Traoré\nrm -rf"


def test_what_comes_after_belongs_to_nobody(lines):
    assert lines[2]["event"] == "after"
    assert "request_id" not in lines[2]


@pytest.mark.parametrize("given", ["short-Id-1", "a" * 64])
def test_a_plain_id_of_the_caller_is_kept(given):
    assert logs.begin_request(given) == given == logs.request_id()


@pytest.mark.parametrize("given", [None, "", "a" * 65, "two words", "line\nbreak", "é", '"}'])
def test_anything_else_is_replaced(given):
    assert logs.begin_request(given) != given
    assert len(logs.request_id()) == 16


@pytest.fixture(autouse=True)
def _leave_nothing_bound():
    yield
    structlog.contextvars.clear_contextvars()
    logging.getLogger().setLevel(logging.WARNING)
