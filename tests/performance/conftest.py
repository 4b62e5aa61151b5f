"""The measured workload in the demonstration's ministry, on each database in turn."""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app.db.transaction import transaction
from app.demo import staff
from app.extensions import db, limiter
from app.services import clock, versions
from benchmarks import workload

Ask = Callable[[str], Any]


@pytest.fixture
def measured(ministry: Flask, tmp_path: Path) -> Flask:
    """The ministry with the five-step case type, which sends a letter before its last step."""
    root = workload.write(tmp_path / "types", letter=True)
    transaction(lambda unit: versions.deploy_folder(unit.session, root, unit.now), clock.now)
    db.session.remove()
    return ministry


@pytest.fixture
def ask(measured: Flask, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Pages as an officer of Abidjan gets them, each in a context of its own."""
    monkeypatch.setitem(measured.config, "WTF_CSRF_ENABLED", False)
    monkeypatch.setattr(limiter, "enabled", False)
    client = measured.test_client()

    def send(address: str, data: dict[str, str] | None = None) -> Any:
        return contextvars.Context().run(client.open, address, method="POST" if data else "GET", data=data)

    assert send("/connexion", {"login": "nbouare", "password": staff.PASSWORD}).status_code == 303
    return send
