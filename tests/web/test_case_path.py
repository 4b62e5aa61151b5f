"""Of two calls of one diagram, only the one to which the choices led is drawn as under way."""

import functools

import pytest

from app.config import ROOT
from app.web.case_path import Calls
from workflows.catalog import CaseType, read_folder


@functools.cache
def detainee() -> CaseType:
    return CaseType.read(read_folder(ROOT / "bpmn" / "detainee-legal-aid"))


@pytest.mark.parametrize(("answer", "call"), [("oui", "nationalite_a_cote"), ("non", "nationalite_d_abord")])
def test_the_call_to_which_the_choices_led(answer, call):
    case_type = detainee()
    both = {"nationalite_a_cote", "nationalite_d_abord"}
    (nationality,) = {case_type.step("det", one).called for one in both}
    urgent = {flow.id for flow in case_type.elements.flows.values() if flow.source == "g_ordre" and flow.title == answer}
    single = {flow.id for flow in case_type.elements.flows.values() if flow.process == "det" and flow.target == "g_ordre"}
    assert len(urgent) == 1
    calls = Calls(case_type, {nationality})
    assert calls.leading_to("det", {nationality}, urgent | single) & both == {call}
