"""What an application sees: open steps, jobs, effects, waits, the trace, and a look without an act."""

import datetime as dt

import pytest

from tests.engine.case import BEGIN
from tests.engine.small import (
    FIELDS,
    Run,
    boundary,
    box,
    call,
    flow,
    gateway,
    message,
    on_message,
    path,
    process,
    read,
    takes,
    timer,
    user,
    xml,
)
from workflows.engine import runtime
from workflows.engine.dialect import Definition
from workflows.facts import Change
from workflows.feel import FeelError, Signature
from workflows.outcome import Message, ScopeRef, Traced


def service(id_: str, mapping: str = "", handler: str = "funding.reserve") -> str:
    inside = f'<zeebe:taskDefinition type="{handler}"/>' + (f"<zeebe:ioMapping>{mapping}</zeebe:ioMapping>" if mapping else "")
    return f'<serviceTask id="{id_}" name="Réserver">{box(inside)}</serviceTask>'


JOB = service(
    "j",
    '<zeebe:input source="=x * 2" target="montant"/><zeebe:input source="fixe" target="mot"/>'
    '<zeebe:output source="=reservation" target="reservation_id"/><zeebe:output source="=disponible = true" target="ok"/>',
)


def test_a_job_gets_its_inputs_and_only_its_outputs_become_facts():
    run = Run(read(user("u") + JOB + user("v") + path("s", "u", "j", "v", "e")))
    run.do("u", x=21)
    job = run.open[0]
    assert (job.step, job.job, job.title) == ("j", "funding.reserve", "Réserver")
    assert job.inputs == {"montant": 42, "mot": "fixe"}
    out = run.do("j", reservation="R-1", disponible=True, autre="x")
    assert out.changes == (Change("", "reservation_id", "R-1"), Change("", "ok", True))
    assert run.steps == ["v"]


def test_a_job_that_answers_nothing_leaves_its_plain_outputs_null():
    run = Run(read(user("u") + service("j", '<zeebe:output source="=r" target="r"/>') + path("s", "u", "j", "e")))
    run.do("u")
    assert run.do("j").ended
    assert run.case == {"r": None}


def test_a_job_that_interrupts_nothing_without_mapping_changes_nothing():
    run = Run(read(user("u") + service("j") + path("s", "u", "j", "e")))
    run.do("u")
    assert run.do("j", x=1).changes == ()


def test_outputs_of_a_persons_step_come_on_top_of_its_answers():
    step = user(
        "u", '<zeebe:ioMapping><zeebe:input source="=1 + 1" target="deux"/><zeebe:output source="=x + 1" target="y"/></zeebe:ioMapping>'
    )
    run = Run(read(step + user("v") + path("s", "u", "v", "e")))
    assert run.open[0].inputs == {"deux": 2}
    run.do("u", x=1)
    assert run.case == {"x": 1, "y": 2}


def test_a_send_task_leaves_its_headers_and_inputs_as_an_effect():
    inside = (
        '<zeebe:taskDefinition type="notify"/><zeebe:taskHeaders><zeebe:header key="template" value="condoleances"/>'
        '<zeebe:header key="to" value="=if x = 1 then &quot;ministre&quot; else &quot;chef_poste&quot;"/></zeebe:taskHeaders>'
        '<zeebe:ioMapping><zeebe:input source="=le" target="date_deces"/></zeebe:ioMapping>'
    )
    run = Run(read(user("u") + f'<sendTask id="n" name="Prévenir">{box(inside)}</sendTask>' + path("s", "u", "n", "e")))
    (effect,) = run.do("u", x=1, le=dt.date(2026, 2, 1)).effects
    assert (effect.type, effect.element, effect.title, effect.process, effect.scope) == ("notify", "n", "Prévenir", "main", "")
    assert effect.headers == {"template": "condoleances", "to": "ministre"}
    assert effect.inputs == {"date_deces": dt.date(2026, 2, 1)}


PROPERTIES = (
    '<zeebe:properties><zeebe:property name="deadline" value="=le"/><zeebe:property name="four_eyes" value="u"/>'
    '<zeebe:property name="role" value="=if x &gt; 5 then &quot;ministre&quot; else &quot;chef_poste&quot;"/></zeebe:properties>'
)


def test_properties_written_as_expressions_arrive_evaluated_and_follow_their_facts():
    run = Run(read(user("u") + user("v", PROPERTIES) + path("s", "u", "v", "e")))
    run.do("u", x=9, le=BEGIN)
    assert run.open[0].extensions == {"form": "f", "deadline": BEGIN, "four_eyes": "u", "role": "ministre"}
    run.set(x=1, le=None)
    assert run.open[0].extensions == {"form": "f", "deadline": None, "four_eyes": "u", "role": "chef_poste"}


def test_system_names_lie_below_every_scope():
    """Settings are read, never written, never « unknown »; a fact of the same name hides them."""
    body = (
        user("u")
        + gateway("g", default="e")
        + user("v")
        + path("s", "u", "g")
        + flow("g", "v", "reglages.plafond &gt; x")
        + flow("g", "e")
        + path("v", "e")
    )
    run = Run(read(body), system={"reglages": {"plafond": 5}})
    run.do("u", x=1)
    assert run.steps == ["v"]
    assert run.case == {"x": 1}
    assert "inconnu" in Run(read(body)).do("u", x=1).incident.message


def test_facts_of_the_system_belong_to_the_case_and_are_null_when_unset():
    body = (
        user("u")
        + gateway("g", default="e")
        + user("v")
        + path("s", "u", "g")
        + flow("g", "v", "pays_interdit = null")
        + flow("g", "e")
        + path("v", "e")
    )
    run = Run(read(body, facts=["pays_interdit"]))
    run.do("u")
    assert run.steps == ["v"]
    run = Run(read(body, facts=["pays_interdit"]), facts={"pays_interdit": True})
    assert run.do("u").ended


def test_functions_of_the_act_stand_beside_those_of_the_definition():
    body = (
        user("u")
        + gateway("g", default="e")
        + user("v")
        + path("s", "u", "g")
        + flow("g", "v", "un() + deux() = 3")
        + flow("g", "e")
        + path("v", "e")
    )
    one, two = Signature("un() -> number", lambda: 1), Signature("deux() -> number", lambda: 2)
    run = Run(read(body, functions={"un": one}), functions={"deux": two})
    run.do("u")
    assert run.steps == ["v"]


def test_a_step_says_its_scopes_and_a_view_reads_them():
    """A shared process has an account of its own; what it declares hides the caller's, the rest shows through."""
    sub = process("sub", user("u", "") + path("is", "u", "ie"), "is", "ie").replace('formId="f"', 'formId="g"')
    forms = {"f": ["x", "le"], "g": ["x"]}
    run = Run(read(user("a") + call("c", "sub", mapping=takes("montant", "=x")) + path("s", "a", "c", "e"), after=sub, forms=forms))
    run.do("a", x=7, le=BEGIN)
    (task,) = run.open
    assert task.chain == (ScopeRef(task.scope, "sub"), ScopeRef("", "main"))
    assert task.process == "sub"
    seen = run.definition.view(run.facts, task.chain, task.item, {"reglages": {}})
    assert seen == {"x": None, "le": BEGIN, "montant": 7, "reglages": {}}
    assert run.definition.view(run.facts, [list(ref) for ref in task.chain]) == {key: seen[key] for key in ("x", "le", "montant")}
    assert run.definition.evaluate("=montant + 1", seen, BEGIN) == 8
    assert run.definition.evaluate("montant", seen, BEGIN) == "montant"
    with pytest.raises(FeelError, match="inconnu"):
        run.definition.evaluate("=autre", seen, BEGIN)


def test_a_phase_writes_where_its_caller_writes():
    sub = process("sub", user("u") + path("is", "u", "ie"), "is", "ie")
    run = Run(read(call("c", "sub", True) + user("v") + path("s", "c", "v", "e"), after=sub))
    assert run.open[0].scope == ""
    run.do("u", x=3)
    assert run.facts == {"": {"x": 3}}


def test_a_look_is_what_the_last_act_said():
    body = user("u") + boundary("b", "u", timer("timeDate", "=le"), False) + user("w") + boundary("m1", "u", on_message("m"), False)
    wait = '<receiveTask id="r" messageRef="m"/>'
    body = (
        gateway("f", "parallel")
        + body
        + wait
        + path("s", "f", "u", "e")
        + path("f", "r", "e")
        + path("b", "w", "e")
        + path("m1", "w2", "e")
        + user("w2")
    )
    run = Run(read(body, message("m")), facts={"le": BEGIN + dt.timedelta(days=1)})
    run.wait(hours=1)
    seen, out = run.look(), run.out
    assert (seen.open, seen.timers, seen.awaited, seen.scopes) == (out.open, out.timers, out.awaited, out.scopes)
    assert seen.state == out.state
    assert (seen.opened, seen.closed, seen.changes, seen.trace, seen.effects) == ((), (), (), (), ())
    assert {(a.element, a.kind) for a in seen.awaited} == {("m1", "boundary"), ("r", "step")}
    assert out.waiting == ("m",)
    run.now += dt.timedelta(days=9)
    assert run.look().timers == out.timers, "looking fires nothing"


def test_a_look_at_an_ended_case():
    run = Run(read(user("u") + path("s", "u", "e")))
    run.do("u")
    assert run.out.ended == "completed"
    assert run.look().ended == "completed"
    out = runtime.deliver(run.definition, run.state, run.facts, run.now, Message("m", "any"))
    assert (out.taken, out.open, out.ended) == ((), (), "completed")


def test_a_cancelled_case_withdraws_all():
    run = Run(read(user("u") + boundary("b", "u", timer("timeDuration", "P1D")) + user("w") + path("s", "u", "e") + path("b", "w", "e")))
    opened = run.open[0].id
    out = run.act(runtime.cancel)
    assert (out.ended, out.closed, out.timers, out.open) == ("cancelled", ((opened, "withdrawn"),), (), ())


def test_the_fired_rows_of_a_table_are_in_the_trace():
    table = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="x"><decision id="part" name="part">'
        '<decisionTable hitPolicy="FIRST"><input id="i"><inputExpression><text>x</text></inputExpression></input>'
        '<output id="o" name="part"/>'
        + "".join(
            f'<rule id="r{n}"><inputEntry><text>{a}</text></inputEntry><outputEntry><text>{b}</text></outputEntry></rule>'
            for n, (a, b) in enumerate([("&lt; 5", 1), ("-", 2)])
        )
        + "</decisionTable></decision></definitions>"
    )
    rule = f'<businessRuleTask id="r">{box(CALLED)}</businessRuleTask>'
    run = Run(read(user("u") + rule + path("s", "u", "r", "e"), dmn=[table.encode()]))
    out = run.do("u", x=9)
    assert out.trace == (Traced("rule", "r", {"rows": {"part": [2]}, "value": 2}, "main"),)
    assert out.changes[-1] == Change("", "part", 2)


CALLED = '<zeebe:calledDecision decisionId="part" resultVariable="part"/>'


def test_lanes_of_a_subprocess_reach_its_steps():
    lanes = '<laneSet id="l"><lane id="l1" name="Chef de poste"><flowNodeRef>sub</flowNodeRef></lane></laneSet>'
    inner = '<subProcess id="sub"><startEvent id="ss"/>' + user("u") + '<endEvent id="se"/>' + path("ss", "u", "se") + "</subProcess>"
    run = Run(Definition.read("main", [xml(process("main", lanes + inner + path("s", "sub", "e")))], [], FIELDS))
    assert run.open[0].lane == "Chef de poste"


def test_now_needs_a_zone():
    definition = read(user("u") + path("s", "u", "e"))
    with pytest.raises(ValueError, match="zone"):
        runtime.start(definition, {"": {}}, dt.datetime(2026, 1, 1))


def test_given_facts_are_never_touched():
    run = Run(read(user("u") + path("s", "u", "e")))
    facts = {"": {"x": [1]}}
    runtime.complete(run.definition, run.state, facts, run.now, run.open[0].id, {"x": [2]})
    assert facts == {"": {"x": [1]}}


def test_a_host_function_that_fails_is_an_incident():
    def fail() -> None:
        raise ZeroDivisionError

    body = (
        user("u")
        + gateway("g", default="e")
        + user("v")
        + path("s", "u", "g")
        + flow("g", "v", "rompu() = 1")
        + flow("g", "e")
        + path("v", "e")
    )
    run = Run(read(body), functions={"rompu": Signature("rompu() -> number", fail)})
    incident = run.do("u").incident
    assert (incident.step, "ZeroDivisionError" in incident.message) == ("g", True)
