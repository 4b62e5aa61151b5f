"""Every scenario of one project runs along its written path; all together pass all that is drawn."""

import functools
import pathlib

import pytest

from workflows.coverage import RECORD, read_record

from .played import ROOT, Played, case_type, of_one_case, read
from .test_cor_paths import STEPS

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


def test_every_step_and_every_branch_is_passed_by_some_scenario():
    """By these, or by those of several cases, whose passages the record of the folder holds."""
    visited, record = set().union(*(played(path).visited for path in FILES)), read_record((ROOT / "bpmn" / FOLDER / RECORD).read_bytes())
    own = case_type(FOLDER)
    drawn = {where for where, step in own.elements.in_process.items() if step.kind in STEPS and not own.processes[where[0]].shared}
    choices = {(process, step.id) for (process, _), step in own.elements.in_process.items() if step.kind == "exclusiveGateway"}
    flows = [flow for flow in own.elements.flows.values() if not own.processes[flow.process].shared]
    named = {(flow.process, flow.id) for flow in flows if (flow.process, flow.source) in choices and flow.title}
    assert len(drawn) > 90
    assert [(process, id_) for process, id_ in sorted((drawn | named) - visited) if id_ not in record.passed(process)] == []


def test_the_outcomes_of_the_sheet_are_those_that_the_scenarios_reach():
    assert {read(path)["expect"].get("outcome") for path in FILES} == set(case_type(FOLDER).outcomes)
