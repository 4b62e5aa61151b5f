"""What an act passed: elements that were done and arrows that were taken, in the words of the files; nothing that was only opened."""

from collections import Counter

from tests.engine.small import Run, boundary, box, call, flow, gateway, message, on_message, path, process, read, timer, user
from workflows.outcome import Passed


def ids(run: Run, process_: str = "main") -> list[str]:
    return [one.id for one in run.out.passed if one.process == process_]


def test_an_act_passes_what_it_did_and_the_flows_it_took():
    run = Run(read(user("u") + gateway("g", default="e") + path("s", "u", "g", "e") + flow("g", "v", "x = 1") + user("v") + path("v", "e")))
    assert ids(run) == ["s", "s_u"]
    run.do("u", x=1)
    assert ids(run) == ["u", "u_g", "g", "g_v"]
    run.do("v")
    assert ids(run) == ["v", "v_e", "e"]
    assert run.look().passed == ()


def test_a_step_that_is_withdrawn_is_not_passed_and_its_border_is():
    late = boundary("b", "u", timer("timeDuration", "P1D")) + boundary("r", "u", timer("timeDuration", "PT1H"), interrupting=False)
    run = Run(read(user("u") + late + path("s", "u", "e") + path("b", "e") + user("w") + path("r", "w", "e")))
    assert ids(run) == ["s", "s_u"]
    run.wait(hours=2)
    assert ids(run) == ["r", "r_w"]
    run.wait(days=1)
    assert "u" not in ids(run)
    assert ids(run) == ["b", "b_e", "e"]


def test_what_a_call_passes_belongs_to_the_process_that_draws_it():
    sub = process("sub", user("u") + path("is", "u", "ie"), "is", "ie")
    run = Run(read(call("c", "sub") + path("s", "c", "e"), after=sub))
    assert run.out.passed == (Passed("main", "s"), Passed("main", "s_c"), Passed("sub", "is"), Passed("sub", "is_u"))
    run.do("u")
    assert ids(run, "sub") == ["u", "u_ie", "ie"]
    assert ids(run) == ["c", "c_e", "e"]


def test_each_instance_of_a_repeated_step_is_passed_and_its_flow_once():
    items = box('<zeebe:loopCharacteristics inputCollection="=[1, 2]"/>')
    loop = f"<multiInstanceLoopCharacteristics>{items}</multiInstanceLoopCharacteristics>"
    run = Run(read(user("u", inside=loop) + path("s", "u", "e")))
    run.do("u")
    assert ids(run) == ["u"]
    run.do("u")
    assert Counter(ids(run)) == {"u": 1, "u_e": 1, "e": 1}


def test_only_the_event_that_came_first_is_passed():
    def caught(id_: str, event: str) -> str:
        return f'<intermediateCatchEvent id="{id_}">{event}</intermediateCatchEvent>'

    events = caught("m1", on_message("m")) + caught("t1", timer("timeDuration", "P1D"))
    flows = path("s", "g", "m1", "e") + path("g", "t1", "e")
    run = Run(read('<eventBasedGateway id="g"/>' + events + flows, message("m")))
    run.say("m")
    assert ids(run) == ["g", "g_m1", "m1", "m1_e", "e"]


def test_an_incident_passes_nothing():
    run = Run(
        read(
            user("u") + gateway("g") + path("s", "u", "g") + flow("g", "e", "x = 1") + flow("g", "v", "x = 2") + user("v") + path("v", "e")
        )
    )
    assert run.do("u", x=3).incident
    assert run.out.passed == ()
