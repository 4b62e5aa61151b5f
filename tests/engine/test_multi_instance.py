"""A step or a call for each element of a list."""

import datetime as dt

import pytest

from tests.engine.small import FORM, Run, box, call, flow, gateway, gives, path, process, read, takes, user, xml
from workflows.engine.dialect import Definition
from workflows.errors import BadDefinition

BOTH = pytest.mark.parametrize("prune", [True, False], ids=["pruned", "whole"])


def loop(given: str, sequential: bool = False, inside: str = "") -> str:
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"{box(f'<zeebe:loopCharacteristics {given}/>')}{inside}</multiInstanceLoopCharacteristics>"
    )


def collecting(element: str, collection: str = "=[10, 20, 30]", **how) -> str:
    return loop(f'inputCollection="{collection}" inputElement="i" outputCollection="out" outputElement="{element}"', **how)


def several(node: str) -> Definition:
    """main: `node` « c », then the step « v »; and a process « sub » of one step « u »."""
    sub = process("sub", user("u") + path("ss", "u", "se"), "ss", "se")
    return read(node + user("v") + path("s", "c", "v", "e"), after=sub)


CALL = call("c", "sub", mapping=takes("amount", "=i") + gives("r", "=x + amount"), inside=collecting("=r"))


@BOTH
def test_a_call_for_each_element_has_a_scope_of_its_own(prune):
    run = Run(several(CALL), prune)
    assert run.steps == ["u"] * 3
    assert len(run.facts) == 4
    run.do("u", 2, x=1)
    run.do("u", x=2)
    run.do("u", x=3)
    assert run.facts == {"": {"out": [12, 23, 31]}}
    assert run.steps == ["v"]


@BOTH
def test_one_after_the_other(prune):
    run = Run(several(user("c", inside=collecting("=x", sequential=True))), prune)
    for n in (10, 20, 30):
        assert [task.item["i"] for task in run.open] == [n]
        run.do("c", x=n)
    assert run.case["out"] == [10, 20, 30]
    assert run.steps == ["v"]


@BOTH
def test_enough_withdraws_the_others_and_keeps_their_places_empty(prune):
    enough = "<completionCondition>=x = 7</completionCondition>"
    run = Run(several(user("c", inside=collecting("=x", inside=enough))), prune)
    out = run.do("c", 1, x=7)
    assert sorted(how for _, how in out.closed) == ["done", "withdrawn", "withdrawn"]
    assert run.case["out"] == [None, 7, None]


@BOTH
def test_a_second_round_empties_the_list(prune):
    body = gateway("m") + user("c", inside=collecting("=x")) + user("q") + gateway("g", default="e")
    run = Run(read(body + path("s", "m", "c", "q", "g") + flow("g", "m", "le = 1") + flow("g", "e")), prune)
    for n in range(3):
        for x in range(3):
            run.do("c", x=10 * n + x)
        assert run.case["out"] == [10 * n, 10 * n + 1, 10 * n + 2]
        run.do("q", le=1)
        assert run.case["out"] == [None] * 3
        assert run.steps == ["c"] * 3


def test_an_empty_list_passes():
    run = Run(several(user("c", inside=collecting("=x", "=[]"))))
    assert run.steps == ["v"]
    assert run.case["out"] == []


def test_only_the_elements_that_a_filter_keeps():
    run = Run(several(user("c", inside=collecting("=x", "=[1, 5, 9][item &gt; 2]"))))
    assert [task.item["i"] for task in run.open] == [5, 9]


@pytest.mark.parametrize(("collection", "said"), [("=x", "une liste"), ("=for i in 1..201 return i", "plus de 200")])
def test_what_is_no_list_or_too_long_is_an_incident(collection, said):
    node = user("c", inside=collecting("=x", collection))
    run = Run(read(user("a") + node + path("s", "a", "c", "e")))
    assert said in run.do("a", x=5).incident.message


def test_instances_survive_another_reading_of_the_definition():
    """Another worker completes them; a date of an item stays a date."""
    several_ = user("u", inside=collecting("=x", "=[{le: le}, {le: le}]"))
    body = user("a") + several_ + user("v") + path("s", "a", "u", "v", "e")
    run = Run(read(body))
    run.do("a", le=dt.date(2026, 3, 1))
    assert [task.item["i"] for task in run.open] == [{"le": dt.date(2026, 3, 1)}] * 2
    run.definition = read(body)
    run.do("u", 1, x="second")
    run.do("u", x="first")
    assert run.steps == ["v"]
    assert run.case["out"] == ["first", "second"]
    assert run.open[0].item == {}


def test_instances_that_would_share_their_facts_are_refused():
    embedded = '<subProcess id="c"><startEvent id="ss"/><endEvent id="se"/>' + flow("ss", "se") + collecting("=x") + "</subProcess>"
    phase = CALL.replace('Variables="false"', 'Variables="true"')
    for node in (embedded, phase):
        with pytest.raises(BadDefinition, match="plusieurs exemplaires"):
            several(node)


def test_a_list_without_its_element_is_refused():
    wrong = loop('inputCollection="=[1]" outputCollection="out"')
    with pytest.raises(BadDefinition, match="vont ensemble"):
        Definition.read("main", [xml(process("main", f'<userTask id="c">{box(FORM)}{wrong}</userTask>' + path("s", "c", "e")))], [], {})
