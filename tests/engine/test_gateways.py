"""Branches and joins."""

import pytest

from tests.engine.small import FIELDS, Run, call, flow, gateway, path, process, read, user, xml
from workflows.engine import runtime
from workflows.engine.dialect import Definition
from workflows.errors import TaskNotOpen

BOTH = pytest.mark.parametrize("prune", [True, False], ids=["pruned", "whole"])


def asking(condition: str) -> str:
    return (
        user("u")
        + gateway("g", default="e")
        + user("v")
        + path("s", "u", "g")
        + flow("g", "v", condition)
        + flow("g", "e")
        + flow("v", "e")
    )


def test_null_is_no_answer_and_an_unknown_name_a_mistake():
    assert "vide" in Run(read(asking("x &gt; 5"))).do("u").incident.message
    assert "inconnu" in Run(read(asking("y &gt; 5"))).do("u").incident.message
    run = Run(read(asking("x != null and x &gt; 5")))
    with pytest.raises(TaskNotOpen):
        runtime.complete(run.definition, run.state, run.facts, run.now, "nothing", {})
    assert run.do("u", x=6).open


@pytest.mark.parametrize("kind", ["exclusive", "inclusive"])
def test_no_true_branch_and_no_default_is_an_incident_in_french(kind):
    body = user("u") + gateway("g", kind) + user("v") + user("w") + path("s", "u", "g") + flow("g", "v", "x = 1") + flow("g", "w", "x = 2")
    incident = Run(read(body + path("v", "e") + path("w", "e"))).do("u", x=3).incident
    assert (incident.step, "chemin par défaut" in incident.message) == ("g", True)


def test_an_incident_changes_nothing():
    run = Run(read(asking("x &gt; 5")))
    before = run.state
    out = run.do("u")
    assert (out.state, out.changes, out.open, out.trace, out.effects) == (None, (), (), (), ())
    assert out.incident.step == "g"
    assert run.look().open == run.open
    assert run.state == before
    assert run.do("u", x=6).open


def test_branches_are_tried_in_the_order_of_the_file():
    """Not by the height of shapes: moving a box must not change the path."""
    shapes = (
        '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC">'
        "<bpmndi:BPMNPlane>{}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )
    shape = '<bpmndi:BPMNShape bpmnElement="{}"><dc:Bounds x="0" y="{}" width="9" height="9"/></bpmndi:BPMNShape>'
    for high, low in ("vw", "wv"):
        body = gateway("g", default="e") + user("v") + user("w") + path("s", "g")
        body += flow("g", "v", "true") + flow("g", "w", "true") + flow("g", "e") + path("v", "e") + path("w", "e")
        drawn = shapes.format(shape.format(high, 10) + shape.format(low, 900))
        run = Run(Definition.read("main", [xml(process("main", body), drawn)], [], FIELDS))
        assert run.steps == ["v"]


def test_the_trace_names_the_flows_taken():
    run = Run(read(asking("x != null and x &gt; 5")))
    out = run.do("u", x=6)
    assert [(line.kind, line.element, line.detail, line.process) for line in out.trace] == [("gateway", "g", ["g_v"], "main")]
    run = Run(read(asking("x != null and x &gt; 5")))
    assert run.do("u").trace[0].detail == ["g_e"]


@BOTH
@pytest.mark.parametrize("order", ["abcd", "cabd", "dcba", "acbd"])
def test_a_join_of_four_inside_out(order, prune):
    """Two tokens wait, the last two come from a second split in one branch."""
    body = "".join(gateway(g, "parallel") for g in "opj") + "".join(map(user, "abcdv"))
    body += path("s", "o", "a", "j", "v", "e") + path("o", "b", "j") + path("o", "p", "c", "j") + path("p", "d", "j")
    run = Run(read(body), prune)
    for step in order:
        run.do(step)
    assert run.steps == ["v"], order


@BOTH
@pytest.mark.parametrize(("x", "expected"), [(1, ["a"]), (2, ["b"]), (3, ["a", "b"]), (4, ["c"])])
def test_an_inclusive_split(x, expected, prune):
    body = gateway("o", "inclusive", "c") + gateway("j", "inclusive") + "".join(map(user, "zabcv"))
    body += path("s", "z", "o") + flow("o", "a", "x = 1 or x = 3") + flow("o", "b", "x = 2 or x = 3") + flow("o", "c")
    body += path("a", "j", "v", "e") + path("b", "j") + path("c", "j")
    run = Run(read(body), prune)
    run.do("z", x=x)
    assert run.steps == expected
    assert run.out.trace[0].detail == [f"o_{step}" for step in expected]
    for step in expected:
        run.do(step)
    assert run.steps == ["v"]


@BOTH
def test_an_embedded_subprocess_writes_to_its_process(prune):
    inner = gateway("g", default="w") + user("u") + user("w") + user("y") + path("ss", "u", "g", "w", "se")
    inner += flow("g", "y", "x = 5") + path("y", "se")
    inner = f'<subProcess id="sub"><startEvent id="ss"/>{inner}<endEvent id="se"/></subProcess>'
    run = Run(read(inner + user("v") + path("s", "sub", "v", "e")), prune)
    run.do("u", x=5)
    assert run.facts == {"": {"x": 5}}
    assert run.steps == ["y"]
    assert {(task.process, task.scope) for task in run.open} == {("main", "")}
    run.do("y")
    assert run.steps == ["v"]
    assert run.do("v").ended


@BOTH
def test_terminate_ends_only_its_own_process(prune):
    stop = '<endEvent id="stop"><terminateEventDefinition/></endEvent>'
    sub = process(
        "sub", gateway("f", "parallel") + user("a") + user("b") + stop + path("is", "f", "a", "stop") + path("f", "b", "ie"), "is", "ie"
    )
    run = Run(read(call("c", "sub", True) + user("v") + path("s", "c", "v", "e"), after=sub), prune)
    assert run.steps == ["a", "b"]
    run.do("a")
    assert run.steps == ["v"]


def test_a_task_of_no_kind_is_passed():
    run = Run(read('<task id="t"/>' + user("v") + path("s", "t", "v", "e")))
    assert run.steps == ["v"]
