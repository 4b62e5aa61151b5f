"""Every scenario of the aid to a detained compatriot runs along its written path: steps, deadlines, money, outcome."""

import functools
import pathlib

import pytest

from .played import Played, case_type, of_one_case, read

FOLDER = "detainee-legal-aid"
FILES = of_one_case(FOLDER)


@functools.cache
def played(path: pathlib.Path) -> Played:
    return Played(FOLDER, read(path)).play()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_scenario(path: pathlib.Path):
    run = played(path)
    assert run.path == run.scenario["expect"]["path"]


def test_every_step_of_a_person_is_done_by_some_scenario():
    own = case_type(FOLDER)
    done = set().union(*(played(path).visited for path in FILES))
    mine = {where for where, step in own.elements.in_process.items() if step.kind == "userTask" and not own.processes[where[0]].shared}
    assert len(mine) > 30
    assert mine - done == {("det_recevoir", "confirmer_doublon")}  # asked only when the registers hold another case of the person


def test_most_outcomes_of_the_sheet_are_reached():
    reached = {played(path).scenario["expect"].get("outcome") for path in FILES} - {None}
    assert set(case_type(FOLDER).outcomes) - reached == {"transfere", "doublon", "sans_suite"}
