"""Scenario files through the real services on SQLite: the even ones."""

from pathlib import Path

import pytest

from tests.scenarios import files


@pytest.mark.parametrize("path", files.hand(1))
def test_scenario(path: Path, ministries_sqlite, tmp_path: Path):
    files.play(path, ministries_sqlite, tmp_path)
