"""Scenario files through the real services on SQLite: the odd ones."""

from pathlib import Path

import pytest

from tests.scenarios import files


@pytest.mark.parametrize("path", files.hand(0))
def test_scenario(path: Path, ministries_sqlite, tmp_path: Path):
    files.play(path, ministries_sqlite, tmp_path)
