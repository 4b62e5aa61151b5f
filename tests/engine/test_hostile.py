"""Files that are refused before the engine sees them: each with one French sentence that says where and what to do."""

import gzip

import pytest

from tests.engine.small import FIELDS, Run, box, flow, gateway, message, on_message, path, process, read, user, xml
from workflows.engine.dialect import Definition
from workflows.errors import BadDefinition


def refused(text: bytes, said: str) -> None:
    with pytest.raises(BadDefinition, match=said):
        Definition.read("main", {"f.bpmn": text}, [], FIELDS)


PLAIN = xml(process("main", user("u") + path("s", "u", "e")))
BOMB = (
    b'<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa">' + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)) + b"]>"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "XML lisible"),
        (b"montant > 5", "XML lisible"),
        (PLAIN[:-10], "XML lisible"),
        (gzip.compress(PLAIN), "XML lisible"),
        (b"<html/>", "BPMN 2.0"),
        (PLAIN.replace(b"BPMN/20100524", b"BPMN/19990101"), "BPMN 2.0"),
        (BOMB + PLAIN.replace(b'name="x"', b'name="&i;"'), "XML lisible|DOCTYPE"),
        (b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + PLAIN, "DOCTYPE"),
        (b"<!DOCTYPE d>" + PLAIN, "DOCTYPE"),
        (b"<a>" * 5000, "XML lisible"),
        (PLAIN + b"<!--" + b"x" * 1_000_000 + b"-->", "dépasse"),
    ],
)
def test_what_is_no_bpmn_file(text, said):
    refused(text, said)


def test_the_message_names_the_file():
    refused(b"", r"^f\.bpmn : ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_a_file_says_its_own_encoding(encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?>' + PLAIN.decode().replace('id="u"', 'id="u" name="Étape"')
    run = Run(Definition.read("main", [text.encode(encoding)], [], FIELDS))
    assert run.open[0].title == "Étape"


def test_comments_and_instructions_are_not_read():
    text = PLAIN.replace(b"<startEvent", b"<!-- a comment --><?an instruction?><startEvent")
    assert Run(Definition.read("main", [text], [], FIELDS)).steps == ["u"]


@pytest.mark.parametrize(
    ("node", "said"),
    [
        ('<manualTask id="u"/>', "tâche utilisateur"),
        ('<subProcess id="u"><startEvent id="a"><timerEventDefinition/></startEvent><endEvent id="b"/></subProcess>', "début simple"),
        ('<transaction id="u"/>', "sous-processus"),
        ('<adHocSubProcess id="u"/>', "ordre des étapes"),
        ('<complexGateway id="u"/>', "inclusive"),
        ('<intermediateCatchEvent id="u"><signalEventDefinition/></intermediateCatchEvent>', "employer un message"),
        ('<intermediateCatchEvent id="u"><conditionalEventDefinition/></intermediateCatchEvent>', "minuterie"),
        ('<intermediateCatchEvent id="u"/>', "exactement un message"),
        ('<intermediateThrowEvent id="u"><messageEventDefinition messageRef="m"/></intermediateThrowEvent>', "tâche d'envoi"),
        ('<receiveTask id="u"/>', "nomme son message"),
        ('<serviceTask id="u"/>', "nomme son traitement"),
        ('<sendTask id="u"/>', "nomme son traitement"),
        ('<businessRuleTask id="u"/>', "nomme sa table"),
        ('<scriptTask id="u"><script>import os</script></scriptTask>', "« script »"),
        ('<scriptTask id="u"/>', "donne un fait"),
        ('<callActivity id="u"/>', "nomme son processus"),
        ('<userTask id="u"><standardLoopCharacteristics/></userTask>', "boucle"),
        (
            '<userTask id="u"><multiInstanceLoopCharacteristics><loopCardinality>1000000000</loopCardinality>'
            "</multiInstanceLoopCharacteristics></userTask>",
            "loopCardinality",
        ),
        ('<userTask id="u"><multiInstanceLoopCharacteristics/></userTask>', "parcourt une liste"),
        ('<userTask id="u"/><userTask id="u"/>', "deux fois"),
        ('<dataObject id="do"/><userTask id="u"/>', "champs des formulaires"),
    ],
)
def test_what_the_engine_would_get_wrong(node, said):
    refused(xml(message("m"), process("main", node + path("s", "u", "e"))), said)


@pytest.mark.parametrize("name", ["End", "Start", "p.EndJoin", "u.BoundaryEventSplit", "", "1a", "été", "x" * 65, "a b"])
def test_ids_that_make_steps_vanish(name):
    refused(xml(process("main", f'<userTask id="{name}">{box("")}</userTask>' + path("s", name, "e"))), "identifiant")


def test_a_flow_from_or_to_nowhere():
    refused(xml(process("main", user("u") + path("s", "u", "e") + flow("u", "nowhere"))), "« nowhere » n'est pas dans « main »")
    inner = '<subProcess id="sub"><startEvent id="ss"/>' + user("v") + '<endEvent id="se"/>' + path("ss", "v", "se") + "</subProcess>"
    refused(xml(process("main", inner + path("s", "sub", "e") + flow("s", "v"))), "« v » n'est pas dans « main »")


def test_a_branch_without_condition():
    body = user("v") + gateway("g", default="e") + user("w") + path("s", "g", "e") + path("g", "v", "e") + path("g", "w", "e")
    refused(xml(process("main", body)), "ni condition, ni n'est le chemin par défaut")


def test_processes_that_call_each_other_without_end():
    def calling(id_: str, called: str) -> str:
        call = f'<callActivity id="c">{box(f"""<zeebe:calledElement processId="{called}"/>""")}</callActivity>'
        return process(id_, call + path("s", "c", "e"))

    refused(xml(calling("main", "main")), "s'appelle lui-même")
    refused(xml(calling("main", "sub"), calling("sub", "main")), "main → sub → main")
    refused(xml(calling("main", "sub")), "qu'aucun fichier ne contient")


def test_what_is_named_must_exist():
    rule = f'<businessRuleTask id="r">{box(CALLED)}</businessRuleTask>'
    refused(xml(process("main", rule + path("s", "r", "e"))), "la décision « part » est appelée")
    refused(xml(process("other", user("u") + path("s", "u", "e"))), "aucun fichier ne contient le processus « main »")
    refused(xml(process("main", f'<receiveTask id="r" messageRef="m"/>{path("s", "r", "e")}')), "« main » ne se lit pas")
    with pytest.raises(BadDefinition, match="existe dans deux fichiers"):
        Definition.read("main", [PLAIN, PLAIN], [], FIELDS)


CALLED = '<zeebe:calledDecision decisionId="part" resultVariable="part"/>'


def test_tables_are_read_as_strictly():
    for text in (b"<!DOCTYPE d>" + TABLE, TABLE[:-5], b"x" * 2_100_000):
        with pytest.raises(BadDefinition, match=r"^t\.dmn : "):
            Definition.read("main", {"f.bpmn": PLAIN}, {"t.dmn": text}, FIELDS)
    with pytest.raises(BadDefinition, match="existe déjà"):
        Definition.read("main", [PLAIN], [TABLE, TABLE], FIELDS)


TABLE = (
    b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="x"><decision id="part" name="part">'
    b"<literalExpression><text>1</text></literalExpression></decision></definitions>"
)


def test_too_many_steps_in_a_row():
    names = [f"u{n}" for n in range(250)]
    refused(xml(process("main", "".join(map(user, names)) + path("s", *names, "e"))), "plus de 200 étapes")


def test_two_hundred_steps_in_a_row_run():
    names = [f"u{n}" for n in range(190)]
    run = Run(read("".join(map(user, names)) + path("s", *names, "e")))
    assert run.steps == ["u0"]
    run.do("u0")
    assert run.steps == ["u1"]


def test_an_event_subprocess_starts_by_a_message():
    for start in ('<startEvent id="es"/>', '<startEvent id="es"><timerEventDefinition/></startEvent>'):
        aside = f'<subProcess id="a" triggeredByEvent="true">{start}<endEvent id="ee"/>{flow("es", "ee")}</subProcess>'
        refused(xml(process("main", user("u") + path("s", "u", "e") + aside)), "commence par un message")


def test_a_boundary_waits_for_one_thing():
    two = '<boundaryEvent id="b" attachedToRef="u">' + on_message("m") + "<timerEventDefinition/></boundaryEvent>"
    refused(xml(message("m"), process("main", user("u") + two + path("s", "u", "e") + path("b", "e"))), "exactement un message")
