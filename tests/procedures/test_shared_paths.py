"""Every shared process, driven through the engine alone: every branch, loop, message and timer is passed at least once."""

import functools

import pytest
from lxml import etree

from tests.procedures.paths import PATHS, appeal, authorities, closing, documents, family, funding, intake, mission, nationality, payment
from tests.procedures.shared import SEEN, SHARED

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SPLITS = (BPMN + "exclusiveGateway", BPMN + "inclusiveGateway")
STEPS = tuple(
    BPMN + kind
    for kind in ("userTask", "serviceTask", "sendTask", "businessRuleTask", "receiveTask", "boundaryEvent", "intermediateCatchEvent")
)
MODULES = (appeal, authorities, closing, documents, family, funding, intake, mission, nationality, payment)


@functools.cache
def passed(name: str) -> None:
    """Drives a path, once however many tests ask for it."""
    PATHS[name]()


@pytest.mark.parametrize("name", PATHS)
def test_path(name):
    passed(name)


def test_every_step_and_every_branch_is_passed():
    for name in PATHS:
        passed(name)
    drawn = set()
    for file in SHARED.glob("*.bpmn"):
        for process in etree.parse(file).iter(BPMN + "process"):
            drawn |= {(process.get("id"), node.get("id")) for node in process.iter(*STEPS)}
            gateways = {node.get("id") for node in process.iter(*SPLITS) if len(node.findall(BPMN + "outgoing")) > 1}
            flows = process.iter(BPMN + "sequenceFlow")
            drawn |= {(process.get("id"), flow.get("id")) for flow in flows if flow.get("sourceRef") in gateways}
    assert sorted(drawn - SEEN) == []
    assert len(drawn) > 250
    assert all(module.__name__.rpartition(".")[2] in {name.partition(".")[0] for name in PATHS} for module in MODULES)
