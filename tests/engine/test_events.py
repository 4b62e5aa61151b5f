"""Messages, boundaries and event subprocesses."""

import pytest

from tests.engine.small import Run, boundary, box, call, flow, gateway, gives, message, on_message, path, process, read, timer, user
from workflows.outcome import Traced

BOTH = pytest.mark.parametrize("prune", [True, False], ids=["pruned", "whole"])
BRINGS = box(f"<zeebe:ioMapping>{gives('recu', '=montant')}{gives('de', '=upper case(qui)')}</zeebe:ioMapping>")


def aside(interrupting: str, title: str = "") -> str:
    """An event subprocess of one step « w »."""
    return (
        f'<subProcess id="es" triggeredByEvent="true"><startEvent id="ss" isInterrupting="{interrupting}">{on_message("m")}</startEvent>'
        + user("w")
        + '<endEvent id="ee"/>'
        + path("ss", "w", "ee")
        + "</subProcess>"
    )


@BOTH
@pytest.mark.parametrize("interrupting", ["false", "true"])
def test_an_event_subprocess_leaves_the_definition_alone(interrupting, prune):
    definition = read(user("u") + path("s", "u", "e") + aside(interrupting), message("m"))
    one = Run(definition, prune)
    one.say("m")
    assert one.steps == (["w"] if interrupting == "true" else ["u", "w"])
    for step in one.steps:
        one.do(step)
    assert one.out.ended == "completed"
    two = Run(definition, prune)
    two.do("u")
    assert two.out.ended == "completed"


def test_an_interrupting_event_subprocess_opens_once_and_its_message_is_then_no_longer_awaited():
    run = Run(read(user("u") + path("s", "u", "e") + aside("true"), message("m")))
    assert [(a.element, a.kind, a.message) for a in run.out.awaited] == [("ss", "event", "m")]
    assert run.say("m").taken == ("m",)
    assert not run.out.awaited
    assert not run.say("m").taken
    assert run.steps == ["w"]


def test_an_event_subprocess_aside_opens_as_often_as_its_message_comes():
    run = Run(read(user("u") + path("s", "u", "e") + aside("false"), message("m")))
    run.say("m")
    run.say("m")
    assert run.steps == ["u", "w", "w"]


@BOTH
def test_an_event_subprocess_in_a_called_process_interrupts_only_that(prune):
    sub = process("sub", user("u") + path("is", "u", "ie") + aside("true"), "is", "ie")
    run = Run(read(gateway("f", "parallel") + call("c", "sub") + user("v") + gateway("j", "parallel") + FORK, message("m"), sub), prune)
    run.say("m")
    assert run.steps == ["v", "w"]
    run.do("w")
    run.do("v")
    assert run.out.ended


FORK = path("s", "f", "c", "j", "e") + path("f", "v", "j")


def test_what_a_message_brings():
    """Declared outputs only; a plain name that is absent is null; an expression over what is absent is null too."""
    wait = f'<receiveTask id="r" name="Recevoir" messageRef="m">{BRINGS}</receiveTask>'
    run = Run(read(wait + user("v") + path("s", "r", "v", "e"), message("m", "=x")), facts={"x": "A"})
    assert not run.say("m", "B", qui="x").taken
    run.say("m", "A", montant=5, qui="moussa", autre=1)
    assert run.case == {"x": "A", "recu": 5, "de": "MOUSSA"}
    run = Run(read(wait + user("v") + path("s", "r", "v", "e"), message("m", "=x")), facts={"x": "A"})
    run.say("m", "A", qui="a")
    assert run.case["recu"] is None


def test_a_receiving_step_with_a_form_takes_its_fields():
    """No output is declared: the fields of the form are what an officer records; absent ones are null, others are not taken."""
    wait = f'<receiveTask id="r" messageRef="m">{box(FORM_PROPERTY)}</receiveTask>'
    run = Run(read(wait + user("v") + path("s", "r", "v", "e"), message("m")))
    assert run.out.awaited[0].extensions["form"] == "f"
    run.say("m", x=3, other=1)
    assert run.case == {"x": 3, "le": None}


FORM_PROPERTY = '<zeebe:properties><zeebe:property name="form" value="f"/></zeebe:properties>'


@BOTH
def test_a_message_without_waiter_is_kept_and_found_later(prune):
    from workflows.engine import runtime
    from workflows.outcome import Message

    wait = f'<receiveTask id="r" messageRef="m">{BRINGS}</receiveTask>'
    run = Run(read(user("a") + wait + user("v") + path("s", "a", "r", "v", "e"), message("m")), prune)
    assert not run.say("m").taken
    kept = [Message("k1", "m", {"montant": 1, "qui": "a"}), Message("k2", "m", {"montant": 2, "qui": "b"})]
    task = run.open[0]
    out = run.take(runtime.complete(run.definition, run.state, run.facts, run.now, task.id, {}, kept=kept))
    assert out.taken == ("k1",)
    assert run.case["recu"] == 1
    assert run.steps == ["v"]


@BOTH
def test_of_two_waiters_the_one_that_answers_gets_it(prune):
    """Two calls wait for the same message with values of their own; an officer may name the waiter instead."""
    wait = f'<receiveTask id="r" messageRef="m">{BRINGS}</receiveTask>'
    sub = process("sub", user("u") + wait + path("is", "u", "r", "ie"), "is", "ie")
    calls = "".join(call(id_, "sub") for id_ in "cd")
    body = gateway("f", "parallel") + calls + gateway("j", "parallel") + path("s", "f", "c", "j", "e") + path("f", "d", "j")
    run = Run(read(body, message("m", "=x"), sub), prune)
    run.do("u", x="A")
    run.do("u", x="B")
    first, second = run.out.awaited
    assert first.scope != second.scope
    assert not run.say("m", "C").taken
    run.say("m", "B", qui="q")
    assert [a.scope for a in run.out.awaited] == [first.scope]
    assert not run.say("m", waiter="nobody").taken
    assert run.say("m", waiter=first.id, qui="q").ended == "completed"


@BOTH
def test_the_first_of_several_alternatives_wins(prune):
    alternatives = "".join(
        f'<intermediateCatchEvent id="{m}">{box(form) if form else ""}{on_message(m)}</intermediateCatchEvent>'
        for m, form in (("oui", FORM_PROPERTY), ("non", ""))
    )
    late = f'<intermediateCatchEvent id="tard">{timer("timeDuration", "P2D")}</intermediateCatchEvent>'
    body = gateway("g", "eventBased") + alternatives + late + user("a") + user("b") + user("c")
    body += path("s", "g", "oui", "a", "e") + path("g", "non", "b", "e") + path("g", "tard", "c", "e")
    for name, step in (("oui", "a"), ("non", "b")):
        run = Run(read(body, message("oui") + message("non")), prune)
        assert [(a.element, a.kind, a.extensions.get("form")) for a in run.out.awaited] == [
            ("oui", "gateway", "f"),
            ("non", "gateway", None),
        ]
        run.say(name)
        assert run.steps == [step]
        assert Traced("message", "g", name, "main") in run.out.trace
        assert not run.out.timers
    run = Run(read(body, message("oui") + message("non")), prune)
    assert run.wait(days=2).opened[0].step == "c"
    assert not run.out.awaited


def test_two_files_may_use_one_message_id_for_two_messages():
    """Ids are only unique in their file."""
    from tests.engine.small import FIELDS, xml
    from workflows.engine.dialect import Definition

    def catching(name: str, key: str) -> str:
        return message("m", key).replace('name="m"', f'name="{name}"')

    wait = f'<receiveTask id="r" messageRef="m">{BRINGS}</receiveTask>'
    main = xml(catching("un", "=x"), process("main", call("c", "sub") + wait + path("s", "c", "r", "e")))
    sub = xml(catching("deux", "=le"), process("sub", wait + path("is", "r", "ie"), "is", "ie"))
    run = Run(Definition.read("main", [main, sub], [], FIELDS), facts={"x": 1, "le": 2})
    assert not run.say("un", 1, qui="q").taken
    assert run.say("deux", 2, qui="q").taken
    assert run.say("un", 1, qui="q").ended


@BOTH
def test_a_message_aside_comes_as_often_as_it_likes_and_one_that_interrupts_once(prune):
    body = user("u") + boundary("b", "u", on_message("m"), False) + user("w") + path("s", "u", "e") + path("b", "w", "e")
    run = Run(read(body, message("m")), prune)
    assert run.out.awaited[0].kind == "boundary"
    assert run.out.awaited[0].host == run.open[0].id
    run.say("m")
    run.say("m")
    assert run.steps == ["u", "w", "w"]
    run.do("u")
    assert run.steps == ["w", "w"]
    assert not run.say("m").taken
    run.do("w")
    assert run.do("w").ended
    run = Run(read(body.replace(' cancelActivity="false"', ""), message("m")), prune)
    assert run.say("m").closed[0][1] == "withdrawn"
    assert run.steps == ["w"]


def test_an_interrupting_boundary_back_to_its_host_needs_a_node_between():
    """A trap of the parser, which the checks refuse: straight back doubles the host from the second time on."""
    around = message("m")
    straight = read(user("u") + boundary("b", "u", on_message("m")) + path("s", "u", "e") + flow("b", "u"), around)
    run = Run(straight)
    run.say("m")
    run.say("m")
    assert run.steps == ["u", "u"]
    between = read(user("u") + gateway("g") + boundary("b", "u", on_message("m")) + path("s", "g", "u", "e") + flow("b", "g"), around)
    run = Run(between)
    for _ in range(4):
        run.say("m")
        assert run.steps == ["u"]
