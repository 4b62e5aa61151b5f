"""A fire whose list is open, in a copy of a furnished ministry."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import ROOT
from app.extensions import db, limiter
from app.scenarios.reading import read
from tests.app.services.staging import StagedCase
from tests.support import databases
from tests.support.applications import FILL, make_app

SCENARIO = ROOT / "bpmn" / "fire-victim-support" / "scenarios" / "enveloppe-insuffisante.yaml"


@pytest.fixture
def fire(tmp_path: Path) -> Iterator[StagedCase]:
    """A market fire at the moment before its census is sent in."""
    databases.copy_sqlite(databases.sqlite_template("ministry", FILL["ministry"]), tmp_path / "ministry.db")
    app = make_app(f"sqlite:///{tmp_path / 'ministry.db'}", tmp_path)
    app.config["WTF_CSRF_ENABLED"] = False
    limiter.enabled = False
    with app.app_context():
        content = read(SCENARIO)
        case = StagedCase("SIN", content, tmp_path / "documents")
        case.app, case.rest = app, list(content["steps"])
        while "list" not in case.rest[0]:
            case.play_line()
        yield case
        db.session.remove()
    limiter.enabled = True
