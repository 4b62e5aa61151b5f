"""Scenario files through the real services on PostgreSQL: a quarter of them (SQLite plays all; `make scenarios`: all on both)."""

from pathlib import Path

import pytest

from tests.scenarios import files


@pytest.mark.parametrize("path", files.sample())
def test_scenario(path: Path, ministries_pg, tmp_path: Path):
    files.play(path, ministries_pg, tmp_path)
