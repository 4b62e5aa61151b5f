"""Scenario files through the real services on PostgreSQL: every other one (all are played on SQLite)."""

from pathlib import Path

import pytest

from tests.scenarios import files


@pytest.mark.parametrize("path", files.hand(0), ids=files.name)
def test_scenario(path: Path, ministry_pg, tmp_path: Path):
    files.play(path, tmp_path)
