"""What the engine would get wrong without a word, and what other editors draw: each planted in the clean case type, some as a file more."""

from __future__ import annotations

from .build import boundary, extensions, graph
from .planted import CHOICE, CONDITION, END, FRAME, NOTER, PHASE, SCRIPT, SHEET, TABLE, TIMER, A, B, Fault, extended

MORE = "autre.bpmn"
MESSAGE = '<messageEventDefinition id="md" messageRef="m"/>'


def process(flows: str, inside: dict[str, str] | None = None, **more: str) -> str:
    """A process more in the folder."""
    return graph(flows, inside, process="autre", **more)


def repeated(attributes: str, more: str = "") -> str:
    loop = extensions(f"<zeebe:loopCharacteristics {attributes}/>") if attributes else ""
    return f'<multiInstanceLoopCharacteristics id="mi">{loop}{more}</multiInstanceLoopCharacteristics>'


def called(ident: str, phase: bool) -> str:
    return f'<zeebe:calledElement processId="{ident}" propagateAllChildVariables="{str(phase).lower()}"/>'


def beside(event: str) -> str:
    """An event subprocess that begins with this event."""
    return (
        f'<subProcess id="sub" triggeredByEvent="true"><startEvent id="sb">{event}</startEvent><endEvent id="eb"/>'
        '<sequenceFlow id="fb" sourceRef="sb" targetRef="eb"/></subProcess>'
    )


def script(expression: str, result: str) -> str:
    return extensions(f'<zeebe:script expression="={expression}" resultVariable="{result}"/>')


LIST = 'inputCollection="=liste" inputElement="un"'
BLOCK = "p{0}>u{0}>pj{0}; p{0}>v{0}>pj{0}"
CYCLE = "s>x>p; p>u1>p2; p>u2>p2; p2>x2; x2>x [=a = 1]; x2>e"
JUMP = "s>x0>p; p>u1>p2; p>u2>x; x>x0 [=a = 1]; x>p2; p2>e"
DRAWN = [
    Fault(MORE, "", process(CYCLE), "join-on-cycle", "p2"),
    Fault(MORE, "", process(JUMP), "step-opens-twice", "u1"),
    Fault(MORE, "", process("s>p; p>u>e; p>u2>e; x>p"), "step-unreachable", "x"),
    Fault(MORE, "", process("s>x>p; p>u>x; p>u2>e"), "step-opens-twice", "u2"),
    Fault(MORE, "", process("s>x; x>p [=a = 1]; x>u>p; p>u2>e; p>u3>e"), "parallel-both-ways", "p"),
    Fault(MORE, "", process("s>p1; " + "; ".join(BLOCK.format(n) for n in range(1, 5)) + "; pj1>p2; pj2>p3; pj3>p4; pj4>e"),
          "parallel-splits", "autre"),
    Fault(MORE, "", process("s>p; p>u>x; p>x; x>u2>e"), "step-opens-twice", "u2"),
    Fault(MORE, "", process(">".join(["s", *(f"u{n}" for n in range(201)), "e"])), "level-too-long", "autre"),
    Fault(MORE, "", process("s>u>e", extra=boundary("b", "u", "u")), "boundary-straight-back", "b"),
    Fault(MORE, "", process("s>g; g>u>e; g>t>e"), "event-gateway-target", "u"),
    Fault(MORE, "", process("s>u"), "end-missing", "autre"),
    Fault(MORE, "", process("s>x>u>x2; x2>x [=a = 1]; x2>e", {"u": repeated(LIST)}), "loop-may-run-alone", "x"),
    Fault(MORE, "", process("s>x>v>x2; x2>x [=a = 1]; x2>e"), "loop-automatic", "x"),
    *(Fault(MORE, "", process("s>u>e", extra=beside(event)), "event-subprocess-start", "sub") for event in (
        '<timerEventDefinition id="td"><timeDuration>P1D</timeDuration></timerEventDefinition>', '<signalEventDefinition id="sd"/>',
        '<conditionalEventDefinition id="cd"/>', "")),
    Fault(MORE, "", process("s>t>e", {"t": " "}), "event-unsupported", "t"),
    Fault(MORE, "", process("s>t>e", {"t": '<linkEventDefinition id="ld" name="x"/>'}), "event-unsupported", "t"),
    Fault(MORE, "", process("s>t>e", {"t": MESSAGE + '<signalEventDefinition id="sd"/>'}), "event-unsupported", "t"),
    Fault(MORE, "", process("s>u>e", {"e": MESSAGE}), "event-unsupported", "e"),
    Fault(MORE, "", process("s>u>e", extra=beside(MESSAGE).replace("subProcess", "transaction")), "element-unsupported", "sub"),
    Fault(MORE, "", process("s>u>e", extra=beside(MESSAGE).replace("subProcess", "adHocSubProcess")), "element-unsupported", "sub"),
    Fault(MORE, "", process("s>u>e").replace("userTask", "manualTask"), "element-unsupported", "u"),
    Fault(MORE, "", process("s>u>e").replace('"u"', '"u.BoundaryEventSplit"'), "id-pattern", "u.BoundaryEventSplit"),
    Fault(MORE, "", process("s>u>e").replace('id="u"', 'id=""'), "id-missing", None),
]  # fmt: skip
CALLS = [
    Fault(FRAME, "</extensionElements></callActivity>", f"</extensionElements>{repeated(LIST)}</callActivity>", "phase-instances",
          "traiter"),
    Fault(MORE, "", process("s>c>e", {"c": extensions(called("autre", False))}), "call-cycle", "c"),
    Fault(FRAME, '<zeebe:calledElement processId="phase" propagateAllChildVariables="true"/>',
          called("phase", True) + '<zeebe:ioMapping><zeebe:output source="=tours" target="tours"/></zeebe:ioMapping>', "phase-mapping",
          "traiter"),
    Fault(MORE, "", process("s>v>e", {"v": repeated(LIST)}), "instances-kind", "v"),
    Fault(MORE, "", process("s>u>e", {"u": repeated("")}), "instances-collection", "u"),
    Fault(MORE, "", process("s>u>e", {"u": repeated(LIST.replace('"=', '"'))}), "instances-collection", "u"),
    Fault(MORE, "", process("s>u>e", {"u": repeated(LIST + ' outputCollection="avis"')}), "instances-output", "u"),
    Fault(MORE, "", process("s>u>e", {"u": repeated(LIST, "<loopCardinality>1000000000</loopCardinality>")}), "instances-count", "u"),
    Fault(MORE, "", process("s>u>e", {"u": repeated(LIST, "<loopCardinality>=-1</loopCardinality>")}), "instances-count", "u"),
    Fault(MORE, "", process("s>t>e", {"t": '<messageEventDefinition id="md" messageRef="m9"/>'}, beside=
          '<message id="m9" name="MSG_RETRAIT">' + extensions('<zeebe:subscription correlationKey="=statut"/>') + "</message>"),
          "message-two-keys", "m_retrait", FRAME),
]  # fmt: skip
FEEL = [
    Fault(PHASE, SCRIPT, "=tours + 1", "counter-without-start", "compter"),
    Fault(PHASE, SCRIPT, "=montant / 0", "division-by-zero", "compter"),
    Fault(FRAME, CONDITION, "=montant / 0 &gt; 1", "division-by-zero", "f_oui"),
    Fault(TABLE, "<text>100</text>", "<text>montant / 0</text>", "table-content", "part"),
    Fault(PHASE, SCRIPT, "=date(accord)", "text-unreadable", "compter"),
    Fault(PHASE, SCRIPT, "=number(accord)", "text-unreadable", "compter"),
    Fault(PHASE, SCRIPT, "=date(&quot;2026-02-30&quot;)", "text-unreadable", "compter"),
    Fault(PHASE, SCRIPT, "=date(&quot;demain&quot;)", "text-unreadable", "compter"),
    Fault(PHASE, SCRIPT, "=duration(&quot;5 jours&quot;)", "text-unreadable", "compter"),
    Fault(PHASE, SCRIPT, "=matches(accord, &quot;(?=a)&quot;)", "text-unreadable", "compter"),
    Fault(PHASE, SCRIPT, '=@&quot;2026-02-30&quot;', "text-unreadable", "compter"),
    Fault(PHASE, SCRIPT, "=" + "1 + " * 1000 + "1", "expression-syntax", "compter"),
    Fault(PHASE, SCRIPT, "=" + "(" * 41 + "1" + ")" * 41, "expression-syntax", "compter"),
    Fault(PHASE, SCRIPT, "=__import__(&quot;os&quot;)", "expression-name", "compter"),
    Fault(PHASE, SCRIPT, "=montant.__class__", "expression-kind", "compter"),
    Fault(PHASE, SCRIPT, "=montant ** 2 or true", "expression-kind", "compter"),
    Fault(FRAME, CONDITION, '=[accord][item = "oui"] = "oui"', "expression-kind", "f_oui"),
    Fault(FRAME, CONDITION, "=not(tours)", "condition-null", "f_oui"),
    Fault(FRAME, CONDITION, "=tours = null or tours &gt; paiement", "condition-null", "f_oui"),
    Fault(FRAME, CONDITION, "=tours in [1..paiement]", "condition-null", "f_oui"),
    Fault(FRAME, CONDITION, CONDITION.removeprefix("="), "expression-sign", "f_oui"),
    Fault(FRAME, TIMER, "<timeDate>=date and time(&quot;2026-11-26T08:00:00&quot;)</timeDate>", "timer-unreadable", "relance"),
    Fault(FRAME, TIMER, "<timeDuration>=duration(&quot;-P1D&quot;)</timeDuration>", "timer-too-long", "relance"),
    Fault(FRAME, TIMER, "<timeDate>2026-11-26T08:00:00</timeDate>", "timer-unreadable", "relance"),
    Fault(B, '"key": "avis"', '"key": "date"', "name-function", "cadre", FRAME),
    Fault(B, 'accord != \\"oui\\"', 'accord != \\"peut-être\\"', "expression-code", "B"),
]  # fmt: skip
FOLDER = [
    Fault("autres.dmn", "", '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n"><decision id='
          '"part" name="Part"><literalExpression id="l"><text>1</text></literalExpression></decision></definitions>', "decision-twice",
          "part", TABLE),
    Fault("Z.form", "", '{"type": "default", "id": "Z", "components": []}', "form-unused", "Z"),
    Fault(MORE, "", '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "process-missing", ""),
    Fault(MORE, "", '<svg xmlns="http://www.w3.org/2000/svg"/>', "file-not-bpmn", ""),
    Fault(SHEET, "MSG_RETRAIT: {key: numero", "MSG_RETRAIT: {key: statut", "message-sheet-key", "MSG_RETRAIT", FRAME),
    Fault(FRAME, 'taskDefinition type="notify"', 'taskDefinition type="notifie"', "service-unknown", "relancer"),
    Fault(A, '"key": "accord"', '"key": "accorde"', "expression-name", "f_oui", FRAME),
    Fault(A, '"value": "oui"', '"value": "accord"', "expression-code", "f_oui", FRAME),
    Fault(FRAME, NOTER, extended('<s:postScript xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core"/>'), "extension-foreign", "noter"),
    Fault(FRAME, END, '<endEvent id="fin" name="Clos"><cancelEventDefinition id="x_ev"/></endEvent>', "event-unsupported", "fin"),
]  # fmt: skip
POOLS = (
    '<collaboration id="co"><participant id="pa" name="Cadre" processRef="autre"/><participant id="pb" name="Famille">'
    '<participantMultiplicity id="pm" minimum="2"/></participant><messageFlow id="mf" sourceRef="pb" targetRef="pa"/></collaboration>'
)
OTHER_TOOLS = [
    Fault(FRAME, NOTER, extended('<zeebe:assistant prompt="x"/>'), "extension-unsupported", "noter"),
    Fault(FRAME, 'processId="phase"', 'processId="phase" processIdExpression="accord"', "extension-unsupported", "traiter"),
    *(Fault(FRAME, NOTER, extended(f"<zeebe:{name}/>"), "extension-unsupported", "noter") for name in (
        "adHoc", "linkedResources", "conditionalFilter", "jobPriorityDefinition", "userTaskForm", "versionTag")),
    *(Fault(FRAME, CHOICE, CHOICE.replace("exclusiveGateway", f"eventBasedGateway {said}"), "attribute-unsupported", "choix")
      for said in ('eventGatewayType="Parallel"', 'instantiate="true"')),
    Fault(FRAME, "<message ", '<correlationProperty id="cp1" name="x"/><message ', "element-elsewhere", "cp1"),
    Fault(FRAME, "<message ", '<resource id="re1" name="x"/><message ', "element-elsewhere", "re1"),
    Fault(MORE, "", process("s>u>e", beside=POOLS), "element-elsewhere", "mf"),
    Fault(B, '"label": "Avis"', '"label": "Avant", "label": "Avis"', "form-word-twice", "avis"),
    Fault(B, '"type": "textarea"', '"type": "subform"', "form-component-unsupported", "avis"),
    *(Fault(B, '"type": "textarea"', f'"type": "{name}"', "form-component-unsupported", "avis") for name in (
        "button", "html", "table", "expression", "documentPreview", "script")),
    *(Fault(TABLE, '<decision id="part"', f'<decision id="autre" name="x"><{name} id="c"/></decision><decision id="part"',
            "decision-form-unsupported", "c")
      for name in ("relation", "list", "invocation", "functionDefinition", "conditional", "filter")),
    Fault(TABLE, '<decision id="part"', '<decisionService id="k" name="x"/><decision id="part"', "decision-form-unsupported", "k"),
]  # fmt: skip
LETTERS = [
    Fault("letters/rappel.en.txt", "Hello.", "Hello {{ accord }}.", "letter-version", "rappel"),
    Fault("letters/rappel.de.txt", "", "Subject: Erinnerung\n\nGuten Tag.\n", "letter-language", "rappel"),
    Fault("letters/autre.en.txt", "", "Subject: something else\n", "letter-original", "autre"),
]
TRAPS = [*DRAWN, *LETTERS, *CALLS, *FEEL, *FOLDER, *OTHER_TOOLS]
