"""Rules about what is drawn: each with a planted fault and a neighbour that is right."""

import pytest

from workflows.checks import boundaries, branches, elements, gateways, ids, loops

from .build import TIMER, boundary, definitions, extensions, graph, rules

MESSAGE = '<messageEventDefinition id="md" messageRef="m"/>'
SIGNAL = '<signalEventDefinition id="sd"/>'
LIST = extensions('<zeebe:loopCharacteristics inputCollection="=l" inputElement="i"/>')
MANY = f'<multiInstanceLoopCharacteristics id="mi">{LIST}</multiInstanceLoopCharacteristics>'


def called(process: str, phase: bool = True) -> str:
    return extensions(f'<zeebe:calledElement processId="{process}" propagateAllChildVariables="{"true" if phase else "false"}"/>')


TRIGGERED = " triggeredByEvent='true'"


def sub(inner: str, event: bool = False, ident: str = "sub") -> str:
    return f'<subProcess id="{ident}"{TRIGGERED if event else ""}>{inner}</subProcess>'


EVENT_SUB = (
    '<startEvent id="sb" isInterrupting="false">{event}</startEvent><endEvent id="eb"/>'
    '<sequenceFlow id="fb" sourceRef="sb" targetRef="eb"/>'
)


@pytest.mark.parametrize(
    ("family", "rule", "wrong", "right"),
    [
        (ids, "id-missing", graph("s>u>e").replace(' id="u"', ""), graph("s>u>e")),
        (ids, "id-pattern", graph("s>u1>e").replace("u1", "u.1"), graph("s>u1>e")),
        (ids, "id-pattern", graph("s>u1>e").replace("u1", "é"), graph("s>u_1>e")),
        (ids, "id-reserved", graph("s>u1>e").replace('"u1"', '"End"'), graph("s>u1>e").replace('"u1"', '"Ended"')),
        (ids, "id-twice", graph("s>u1>e").replace('"u1"', '"s"'), graph("s>u1>e")),
        (ids, "process-id-twice", graph("s>u>e", extra=sub("", ident="p")), graph("s>u>e", extra=sub("", ident="p2"))),
        (elements, "element-unsupported", graph("s>u>e").replace("userTask", "manualTask"), graph("s>u>e")),
        (elements, "element-unsupported", graph("s>u>e", {"u": '<standardLoopCharacteristics id="x"/>'}), graph("s>u>e", {"u": MANY})),
        (elements, "event-unsupported", graph("s>t>e", {"t": SIGNAL}), graph("s>t>e", {"t": MESSAGE})),
        (elements, "event-unsupported", graph("s>t>e", {"t": " "}), graph("s>t>e")),
        (elements, "event-unsupported", graph("s>u>e", {"e": '<errorEventDefinition id="x"/>'}), graph("s>u>e")),
        (elements, "start-event", graph("s>u>e", {"s": TIMER.format(id="s")}), graph("s>u>e")),
        (elements, "start-event", graph("s>u>e", {"s": MESSAGE}), graph("s>u>e")),
        (
            elements,
            "event-subprocess-start",
            graph("s>u>e", extra=sub(EVENT_SUB.format(event=TIMER.format(id="sb")), event=True)),
            graph("s>u>e", extra=sub(EVENT_SUB.format(event=MESSAGE), event=True)),
        ),
        (elements, "start-count", graph("s>u>e; s2>u"), graph("s>u>e")),
        (elements, "end-missing", graph("s>u"), graph("s>u>e")),
        (elements, "flow-dangling", graph("s>u>e").replace('targetRef="e"', 'targetRef="nobody"'), graph("s>u>e")),
        (elements, "step-unreachable", graph("s>u>e; u2>e"), graph("s>u>e; u>u2>e")),
        (elements, "step-dead-end", graph("s>x; x>u [=a = 1]; x>e"), graph("s>x; x>u [=a = 1]; x>e; u>e")),
        (gateways, "default-missing", graph("s>x; x>e [=a = 1]; x>e2 [=a = 2]"), graph("s>x; x>e [=a = 1]; x>e2")),
        (
            gateways,
            "default-with-condition",
            graph("s>x; x>e [=a = 1]; x>e2 [=a = 2]").replace('id="x"', 'id="x" default="f2"'),
            graph("s>x; x>e [=a = 1]; x>e2"),
        ),
        (gateways, "condition-missing", graph("s>x; x>e [=a = 1]; x>e2; x>e3"), graph("s>x; x>e [=a = 1]; x>e2 [=a = 2]; x>e3")),
        (gateways, "condition-elsewhere", graph("s>u; u>e [=a = 1]"), graph("s>u; u>e")),
        (gateways, "condition-elsewhere", graph("s>p; p>e [=a = 1]; p>e2"), graph("s>p; p>e; p>e2")),
        (gateways, "split-without-gateway", graph("s>u; u>e; u>e2"), graph("s>u>p; p>e; p>e2")),
        (gateways, "parallel-both-ways", graph("s>x; x>p [=a = 1]; x>u>p; p>e; p>e2"), graph("s>x; x>x2 [=a = 1]; x>u>x2>p; p>e; p>e2")),
        (gateways, "event-gateway-target", graph("s>g; g>t>e; g>u>e"), graph("s>g; g>t>e; g>t2>e")),
        (gateways, "event-gateway-target", graph("s>x; x>g>t>e; x>t [=a = 1]"), graph("s>g>t>e")),
        (boundaries, "boundary-host", graph("s>k>e", extra=boundary("b", "k", "e")), graph("s>u>e", extra=boundary("b", "u", "e"))),
        (
            boundaries,
            "boundary-entered",
            graph("s>u>e", extra=boundary("b", "u", "e") + '<sequenceFlow id="fz" sourceRef="s" targetRef="b"/>'),
            graph("s>u>e", extra=boundary("b", "u", "e")),
        ),
        (
            boundaries,
            "boundary-straight-back",
            graph("s>u>e", extra=boundary("b", "u", "u")),
            graph("s>x>u>e", extra=boundary("b", "u", "x")),
        ),
        (loops, "loop-automatic", graph("s>x>k>x2; x2>x [=a = 1]; x2>e"), graph("s>x>u>x2; x2>x [=a = 1]; x2>e")),
        (loops, "loop-automatic", graph("s>x>v>x2; x2>x [=a = 1]; x2>e"), graph("s>x>t>x2; x2>x [=a = 1]; x2>e")),
        (loops, "parallel-splits", graph("s>p1; " + "".join(f"p{n}>u{n}>p{n + 1}; p{n}>v{n}>p{n + 1}; " for n in (1, 3, 5, 7)) +
               "p2>p3; p4>p5; p6>p7; p8>e"), graph("s>p1; p1>u1>p2; p1>v1>p2; p2>e")),
        (
            loops,
            "join-on-cycle",
            graph("s>x>p; p>u>p2; p>u2>p2; p2>x2; x2>x [=a = 1]; x2>e"),
            graph("s>p; p>u>p2; p>u2>p2; p2>x2; x2>e2 [=a = 1]; x2>e"),
        ),
        (loops, "level-too-long", graph(">".join(["s", *(f"k{n}" for n in range(200)), "e"])), graph("s>k>e")),
        (branches, "step-opens-twice", graph("s>p; p>u>u3; p>u2>u3; u3>e"), graph("s>p; p>u>p2; p>u2>p2; p2>u3>e")),
        (
            branches,
            "step-opens-twice",
            graph("s>x>p; p>u>x2; p>u2>e; x2>x [=a = 1]; x2>e"),
            graph("s>p; p>u>x2; p>u2>e; x2>e2 [=a = 1]; x2>e"),
        ),
        (
            branches,
            "step-opens-twice",
            graph("s>u>u2>e", extra=boundary("b", "u", "u2", aside=True)),
            graph("s>u>u2>e; u3>e", extra=boundary("b", "u", "u3", aside=True)),
        ),
        (
            branches,
            "join-waits",
            graph("s>p; p>x; x>u>p2 [=a = 1]; x>e2; p>u2>p2; p2>e"),
            graph("s>p; p>x; x>u>x2 [=a = 1]; x>x2>p2; p>u2>p2; p2>e"),
        ),
        (
            branches,
            "join-waits",
            graph("s>p; p>u>p2; p>u2>p2; p2>e; u3>e", extra=boundary("b", "u", "u3")),
            graph("s>p; p>u>x>p2; p>u2>p2; p2>e; u3>x", extra=boundary("b", "u", "u3")),
        ),
        (branches, "join-waits", graph("s>x; x>u>p [=a = 1]; x>u2>p; p>e"), graph("s>o; o>u>o2 [=a = 1]; o>u2>o2; o2>e")),
    ],
)  # fmt: skip
def test_the_fault_is_found_and_its_neighbour_is_clean(family, rule, wrong, right):
    assert rule in rules(family, wrong)
    assert rules(family, right) == set()


def test_a_called_process_may_be_the_person_in_a_loop():
    asks = graph("s>u>e", process="asks")
    computes = graph("s>k>e", process="computes")
    loop = "s>x>c>x2; x2>x [=a = 1]; x2>e"
    assert rules(loops, {"p.bpmn": graph(loop, {"c": called("asks")}), "q.bpmn": asks}) == set()
    assert rules(loops, {"p.bpmn": graph(loop, {"c": called("computes")}), "q.bpmn": computes}) == {"loop-automatic"}


def test_a_called_process_that_may_skip_its_person_is_an_advice():
    skips = graph("s>x; x>u>e [=b = 1]; x>e", process="skips")
    loop = graph("s>x>c>x2; x2>x [=a = 1]; x2>e", {"c": called("skips")})
    assert rules(loops, {"p.bpmn": loop, "q.bpmn": skips}) == {"loop-may-run-alone"}


@pytest.mark.parametrize(
    ("loop", "skips", "scripts"),
    [
        ("s>x>c>x2; x2>x [=a = 1]; x2>e", "s>x; x>u>e [=a = 1]; x>e", {}),  # what leads back leads to the person
        ("s>x>c>x2; x2>k>x [=b = 2]; x2>e", "s>x; x>e [=a = true]; x>u>e", {"k": ("null", "a")}),  # what was done is forgotten
        ("s>k0>x>c>k>x2; x2>x [=count(l) < 3]; x2>e", "s>x; x>u>e [=b = 1]; x>e", {"k0": ("[]", "l"), "k": ("append(l, 1)", "l")}),
        ("s>k0>x>c>k>x2; x2>x [=b = 2 and n < 3]; x2>e", "s>x; x>u>e [=b = 1]; x>e", {"k0": ("0", "n"), "k": ("n + 1", "n")}),
    ],
)
def test_a_loop_whose_rounds_end_by_themselves_or_meet_somebody_is_none(loop, skips, scripts):
    own = 'propagateAllChildVariables="false"' if "k0" in scripts else 'propagateAllChildVariables="true"'
    inside = {k: extensions(f'<zeebe:script expression="={text}" resultVariable="{fact}"/>') for k, (text, fact) in scripts.items()}
    inside["c"] = extensions(f'<zeebe:calledElement processId="skips" {own}/>')
    files = {"p.bpmn": graph(loop, inside), "q.bpmn": graph(skips, process="skips")}
    assert rules(loops, files) == set()
    if "k" in scripts:
        assert rules(loops, files | {"p.bpmn": graph(loop, inside | {"k": extensions("")})}) == {"loop-may-run-alone"}


def test_a_list_that_a_condition_says_is_not_empty_has_somebody():
    more = {"u": MANY}
    assert rules(loops, graph("s>x>u>x2; x2>x [=count(l) > 0]; x2>e", more)) == set()
    assert rules(loops, graph("s>x>u>x2; x2>x [=count(m) > 0]; x2>e", more)) == {"loop-may-run-alone"}


def test_a_list_may_be_empty_so_a_repeated_step_is_no_person():
    assert "loop-automatic" not in rules(loops, graph("s>x>u>x2; x2>x [=a = 1]; x2>e"))
    assert rules(loops, graph("s>x>u>x2; x2>x [=a = 1]; x2>e", {"u": MANY})) == {"loop-may-run-alone"}


def test_each_embedded_subprocess_is_a_level_of_its_own():
    inner = '<startEvent id="s1"/><scriptTask id="k1"/><sequenceFlow id="g1" sourceRef="s1" targetRef="k1"/>'
    assert rules(elements, graph("s>u>e", extra=sub(inner))) >= {"end-missing", "step-dead-end", "step-unreachable"}


def test_a_terminate_end_lets_no_branch_wait():
    ended = graph("s>p; p>u>p2; p>x; x>u2>p2 [=a = 1]; x>e2; p2>e", {"e2": '<terminateEventDefinition id="te"/>'})
    assert rules(branches, ended) == set()


def test_too_many_ways_are_said_and_not_tried_for_ever():
    wide = "s>p; " + " ".join(f"p>{'>'.join(f'u{b}_{n}' for n in range(12))}>p2;" for b in range(6)) + "p2>e"
    assert "branches-beyond" in rules(branches, graph(wide))


def test_two_faults_are_both_found():
    assert rules(None, definitions('<process id="p"><userTask/></process>')) >= {"id-missing", "start-count", "process-not-executable"}
