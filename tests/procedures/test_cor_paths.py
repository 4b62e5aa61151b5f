"""Every scenario of the death abroad runs along its written path: steps, deadlines, messages, outcome."""

import pathlib

import pytest

from .played import ROOT, Played, read

FOLDER = "body-repatriation"
FILES = sorted((ROOT / "bpmn" / FOLDER / "scenarios").glob("*.yaml"))


def test_the_paths_that_the_dossier_tells_are_all_there():
    assert len(FILES) >= 14


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_scenario(path: pathlib.Path):
    Played(FOLDER, read(path)).play()
