"""Every scenario of one project runs along its written path. That all that is drawn is passed: tests/uncovered.yaml of its folder."""

import functools
import pathlib

import pytest

from .played import Played, case_type, of_one_case, read

pytestmark = pytest.mark.xdist_group("project_paths")  # one worker, so that no scenario is played twice
FOLDER = "project-financing"
FILES = of_one_case(FOLDER)


@functools.cache
def played(path: pathlib.Path) -> Played:
    run = Played(FOLDER, read(path))
    for line in run.scenario["steps"]:
        run.line(line)
        run.expect(line.get("expect", {}))
    return run


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_scenario(path: pathlib.Path):
    run = played(path)
    assert run.path == run.scenario["expect"]["path"]
    assert run.last.ended


def test_the_outcomes_of_the_sheet_are_those_that_the_scenarios_reach():
    assert {read(path)["expect"].get("outcome") for path in FILES} == set(case_type(FOLDER).outcomes)
