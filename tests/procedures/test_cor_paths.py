"""Every scenario of the death abroad runs along its written path: steps, deadlines, outcome; together they pass all that is drawn."""

import functools
import pathlib

import pytest

from .played import Played, case_type, of_one_case, read

FOLDER = "body-repatriation"
FILES = of_one_case(FOLDER)
STEPS = {
    *("userTask", "receiveTask", "serviceTask", "sendTask", "businessRuleTask"),
    *("boundaryEvent", "intermediateCatchEvent"),
}


@functools.cache
def played(path: pathlib.Path) -> Played:
    return Played(FOLDER, read(path)).play()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_scenario(path: pathlib.Path):
    run = played(path)
    assert run.path == run.scenario["expect"]["path"]


def test_every_step_and_every_branch_is_passed_by_some_scenario():
    visited = set().union(*(played(path).visited for path in FILES))
    own = case_type(FOLDER)
    drawn = {where for where, step in own.elements.in_process.items() if step.kind in STEPS and not own.processes[where[0]].shared}
    choices = {(process, step.id) for (process, _), step in own.elements.in_process.items() if step.kind == "exclusiveGateway"}
    flows = [flow for flow in own.elements.flows.values() if not own.processes[flow.process].shared]
    branches = [flow for flow in flows if (flow.process, flow.source) in choices]
    named = {(flow.process, flow.id) for flow in branches if flow.title}
    assert len(FILES) >= 14
    assert len(drawn) > 100
    assert sorted((drawn | named) - visited) == []


def test_the_outcomes_of_the_sheet_are_those_that_the_scenarios_reach():
    reached = {played(path).scenario["expect"].get("outcome") for path in FILES} - {None}
    assert reached | {"irrecevable"} == set(case_type(FOLDER).outcomes)
