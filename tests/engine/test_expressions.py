"""Each place of a BPMN file that holds an expression, run; and nothing but FEEL runs anywhere."""

from decimal import Decimal

import pytest

from tests.engine.case import BEGIN
from tests.engine.small import Run, box, call, flow, gateway, gives, message, path, process, read, takes, user
from workflows.engine.dialect.environment import Environment
from workflows.errors import BadDefinition
from workflows.feel import FeelError, Host


def asking(condition: str, kind: str = "exclusive", sign: str = "=") -> str:
    choice = gateway("g", kind, "bas").replace("/>", ' name="Montant élevé ?"/>')
    high = flow("g", "haut", condition).replace(">=", ">" + sign, 1)
    return (
        user("u")
        + choice
        + user("haut")
        + user("bas")
        + path("s", "u", "g")
        + high
        + flow("g", "bas")
        + path("haut", "e")
        + path("bas", "e")
    )


@pytest.mark.parametrize("kind", ["exclusive", "inclusive"])
@pytest.mark.parametrize(("amount", "step"), [(500_001, "haut"), (500_000, "bas")])
def test_a_gateway_decides(kind, amount, step):
    run = Run(read(asking("x &gt; 500000", kind)))
    run.do("u", x=amount)
    assert run.steps == [step]


def test_an_empty_field_stops_the_gateway_instead_of_taking_the_default():
    incident = Run(read(asking("x &gt; 500000"))).do("u", x=None).incident
    assert incident.step == "g"
    assert incident.message.startswith("« Montant élevé ? » : la condition reste sans réponse")


def test_the_author_may_say_what_an_empty_field_means():
    run = Run(read(asking("x != null and x &gt; 500000")))
    run.do("u", x=None)
    assert run.steps == ["bas"]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("montnat &gt; 3", "nom inconnu : « montnat »"),
        ("x", "ne donne pas un oui/non"),
        ('x &gt; "3"', "impossible de comparer"),
        ('__import__("os").system("id")', "inconnu"),
        ("x.__class__ = 3", "n'a pas de « __class__ »"),
        ("x &gt; (", "s'arrête trop tôt"),
    ],
)
def test_a_wrong_condition_is_an_incident_with_its_place(condition, said):
    incident = Run(read(asking(condition))).do("u", x=5).incident
    assert incident.step == "g"
    assert said in incident.message


def test_a_condition_without_its_sign_is_refused_when_the_file_is_read():
    with pytest.raises(BadDefinition, match="commencer par « = »"):
        read(asking("x &gt; 3", sign=""))


def test_a_script_computes_one_fact():
    script = f'<scriptTask id="c" name="Calculer">{box(SCRIPT)}</scriptTask>'
    run = Run(read(user("u") + script + user("v") + path("s", "u", "c", "v", "e")))
    run.do("u", x=[{"montant": 1}, {"montant": 2}])
    assert run.case["moyenne"] == Decimal("0.75")
    run = Run(read(user("u") + script + user("v") + path("s", "u", "c", "v", "e")))
    assert run.do("u", x=[{"montant": "un"}]).incident.step == "c"


SCRIPT = '<zeebe:script expression="=sum(x.montant) / 4" resultVariable="moyenne"/>'


def test_whole_results_are_integers_again():
    script = f'<scriptTask id="c">{box(SCRIPT.replace("/ 4", "* 2"))}</scriptTask>'
    run = Run(read(user("u") + script + user("v") + path("s", "u", "c", "v", "e")))
    run.do("u", x=[{"montant": 1}, {"montant": 2}])
    assert run.case["moyenne"] == 6
    assert type(run.case["moyenne"]) is int


def test_a_correlation_is_read_in_the_scope_of_the_waiter():
    wait = '<receiveTask id="r" messageRef="m"/>'
    run = Run(read(user("u") + wait + user("v") + path("s", "u", "r", "v", "e"), message("m", "=upper case(x)")))
    run.do("u", x="cor-12")
    assert not run.say("m", "cor-12").taken
    assert run.say("m", "COR-12").taken


def test_a_wrong_correlation_is_an_incident_of_the_message():
    wait = '<receiveTask id="r" messageRef="m"/>'
    run = Run(read(wait + user("v") + path("s", "r", "v", "e"), message("m", "=inexistant")))
    assert "inconnu" in run.say("m", "x").incident.message


def test_inputs_of_a_call_are_read_by_the_caller_and_outputs_by_the_called():
    mapping = takes("double", "=x * 2") + gives("rendu", "=double + x")
    sub = process("sub", user("u") + path("is", "u", "ie"), "is", "ie")
    run = Run(read(user("a") + call("c", "sub", mapping=mapping) + user("v") + path("s", "a", "c", "v", "e"), after=sub))
    run.do("a", x=5)
    run.do("u", x=1)
    assert run.facts == {"": {"x": 5, "rendu": 11}}


def test_today_follows_the_clock_that_is_given():
    run = Run(read(asking('today() = date("2026-02-09")')))
    assert run.now == BEGIN
    run.do("u")
    assert run.steps == ["haut"]


@pytest.mark.parametrize(
    "text", ['=__import__("os")', '=open("/etc/passwd")', "=(1).__class__", "__import__('os').system('id')", "1 + 1", ""]
)
def test_the_environment_evaluates_feel_alone(text):
    with pytest.raises(FeelError):
        Environment(Host()).evaluate(text, {})


def test_no_script_and_no_service_is_ever_run():
    environment = Environment(Host())
    for script in ("import os", 'x =__import__("os")', "x =1"):
        with pytest.raises(FeelError):
            environment.execute(script, {})
    with pytest.raises(FeelError):
        environment.call_service({})
