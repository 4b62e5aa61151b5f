"""Faults, each planted in the clean case type by one small edit: file, text, what takes its place, the rule that names it, and where."""

from __future__ import annotations

from typing import NamedTuple

FRAME, PHASE, TABLE, SHEET = "process.bpmn", "phase.bpmn", "decisions.dmn", "case_type.yaml"
A, B, LETTER = "A.form", "B.form", "letters/rappel.txt"
CONDITION = '=accord = "oui"'
NOTER = '<userTask id="noter" name="Noter"><extensionElements>'
END = '<endEvent id="fin" name="Clos"/>'
CHOICE = '<exclusiveGateway id="choix" name="Accordé ?" default="f_non"/>'
TIMER = "<timeCycle>R3/P3D</timeCycle>"
SCRIPT = "=(if tours = null then 0 else tours) + 1"
CELL, DEFAULT = "&lt;= reglages.plafond", '<defaultOutputEntry id="de"><text>0</text></defaultOutputEntry>'
AVIS = '"key": "avis"'


class Fault(NamedTuple):
    file: str
    old: str
    new: str
    rule: str
    element: str | None = None  # where it is said; None: the edit takes the name away
    at: str = ""  # in which file it is said, when that is another one


def event(kind: str) -> str:
    return f'<endEvent id="fin" name="Clos"><{kind}EventDefinition id="x_ev"/></endEvent>'


def boundary(kind: str) -> tuple[str, str]:
    old = '<messageEventDefinition id="med" messageRef="m_retrait"/>'
    return old, f'<{kind}EventDefinition id="x_ev"/>'


def extended(inner: str) -> str:
    return NOTER + inner


FILES = [
    Fault(FRAME, "</definitions>", "", "file-not-xml", ""),
    Fault(FRAME, "<definitions ", "<!DOCTYPE d><definitions ", "file-doctype", ""),
    Fault(FRAME, "<definitions ", "<plan><definitions ", "file-not-xml", ""),
    Fault(TABLE, "</decisionTable>", "", "file-not-xml", ""),
    Fault(A, '"components"', "components", "form-not-json", ""),
    Fault(A, '"components"', '"parts"', "form-unreadable", "A"),
    Fault(SHEET, "lanes:", "lanes: {", "yaml-unreadable", ""),
    Fault(SHEET, "code: ESS", "code: ESS\ncode: ESS", "yaml-unreadable", ""),
    Fault(SHEET, "code: ESS", "code: &x ESS\nother: *x", "yaml-unreadable", ""),
    Fault("translations/en.po", 'msgid "Phase"', "phase = phase", "translation-unreadable", ""),
]
DIALECT = [
    Fault(FRAME, ' modeler:executionPlatform="Camunda Cloud"', "", "platform-missing", "defs"),
    Fault(FRAME, 'executionPlatformVersion="8.6.0"', 'executionPlatformVersion="8.2.0"', "platform-version", "defs"),
    Fault(FRAME, 'name="Cadre" isExecutable="true"', 'name="Cadre"', "process-not-executable", "cadre"),
    Fault(FRAME, END, END.replace("/>", "><extensionElements><zeebe:ioMapping/></extensionElements></endEvent>"),
          "end-does-nothing", "fin"),
    Fault(FRAME, NOTER, '<userTask id="noter" name="Noter" camunda:assignee="x" xmlns:camunda="http://camunda.org/schema/1.0/bpmn">'
          "<extensionElements>", "extension-foreign", "noter"),
    Fault(FRAME, NOTER, extended('<c:formData xmlns:c="http://camunda.org/schema/1.0/bpmn"/>'), "extension-foreign", "noter"),
    Fault(FRAME, NOTER, extended('<s:preScript xmlns:s="http://spiffworkflow.org/bpmn/schema/1.0/core"/>'), "extension-foreign", "noter"),
    Fault(FRAME, NOTER, extended('<o:x xmlns:o="http://example.org/o"/>'), "extension-foreign", "noter"),
    Fault(FRAME, NOTER, extended('<zeebe:assignmentDefinition assignee="x"/>'), "extension-unsupported", "noter"),
    Fault(FRAME, NOTER, extended('<zeebe:taskSchedule dueDate="=now()"/>'), "extension-unsupported", "noter"),
    Fault(FRAME, NOTER, extended("<zeebe:executionListeners/>"), "extension-unsupported", "noter"),
    Fault(FRAME, NOTER, extended("<zeebe:taskListeners/>"), "extension-unsupported", "noter"),
    Fault(FRAME, NOTER, extended('<zeebe:priorityDefinition priority="5"/>'), "extension-unsupported", "noter"),
    Fault(FRAME, 'formDefinition formId="A"', 'formDefinition formId="A" bindingType="deployment"', "extension-unsupported", "noter"),
    Fault(FRAME, 'taskDefinition type="notify"', 'taskDefinition type="notify" retries="3"', "extension-unsupported", "relancer"),
    Fault(FRAME, 'processId="phase"', 'processId="=accord"', "extension-unsupported", "traiter"),
    Fault(PHASE, 'decisionId="part"', 'decisionId="=accord"', "extension-unsupported", "fixer"),
    Fault(FRAME, '<userTask id="noter" name="Noter">', '<userTask id="noter" name="Noter" isForCompensation="true">',
          "attribute-unsupported", "noter"),
    Fault(FRAME, f"<conditionExpression>{CONDITION}", f'<conditionExpression language="javascript">{CONDITION}',
          "expression-language", "f_oui"),
    Fault(FRAME, "<message ", '<error id="e1" name="x"/><message ', "element-elsewhere", "e1"),
    Fault(FRAME, "<message ", '<signal id="s1" name="x"/><message ', "element-elsewhere", "s1"),
    Fault(PHASE, f'<zeebe:script expression="{SCRIPT}" resultVariable="tours"/>', "", "result-name", "compter"),
    Fault(PHASE, f'<extensionElements>\n      <zeebe:script expression="{SCRIPT}" resultVariable="tours"/></extensionElements>',
          "<script>print(1)</script>", "script-language", "compter"),
]  # fmt: skip
ELEMENTS = [
    *(Fault(FRAME, END, event(kind), "event-unsupported", "fin") for kind in ("error", "signal", "escalation", "message", "compensate")),
    *(Fault(FRAME, *boundary(kind), "event-unsupported", "retrait") for kind in ("error", "signal", "escalation", "conditional")),
    *(Fault(FRAME, f'{NOTER}', f'<userTask id="noter" name="Noter"><{kind}/><extensionElements>', "element-unsupported", "noter")
      for kind in ("standardLoopCharacteristics", "ioSpecification", "potentialOwner", "dataInputAssociation")),
    Fault(FRAME, "<startEvent", '<dataObjectReference id="d1"/><startEvent', "element-unsupported", "d1"),
    Fault(FRAME, "<startEvent", '<dataStoreReference id="d1"/><startEvent', "element-unsupported", "d1"),
    Fault(FRAME, CHOICE, CHOICE.replace("exclusive", "complex"), "element-unsupported", "choix"),
    Fault(PHASE, '<startEvent id="debut"/>', '<startEvent id="debut"><timerEventDefinition id="t"><timeDuration>P1D</timeDuration>'
          "</timerEventDefinition></startEvent>", "start-event", "debut"),
    Fault(FRAME, '<startEvent id="recu" name="Reçu"/>', '<startEvent id="recu" name="Reçu"/><startEvent id="r2"/>', "start-count", "cadre"),
    Fault(FRAME, "<startEvent", '<userTask id="seul" name="Noter"/><startEvent', "step-unreachable", "seul"),
    Fault(FRAME, "<startEvent", '<userTask id="seul" name="Noter"/><startEvent', "step-dead-end", "seul"),
    Fault(PHASE, 'sourceRef="decider" targetRef="fini"', 'sourceRef="decider" targetRef="ailleurs"', "flow-dangling", "f4"),
]  # fmt: skip
IDS = [
    Fault(FRAME, 'id="relance_faite"', 'id="relance faite"', "id-pattern", "relance faite"),
    Fault(FRAME, 'id="relance_faite"', 'id="End"', "id-reserved", "End"),
    Fault(FRAME, '<endEvent id="retire" name="Retiré"/>', '<endEvent name="Retiré"/>', "id-missing", None),
    Fault(FRAME, '<endEvent id="retire" name="Retiré"/>', '<endEvent id="fin" name="Retiré"/>', "id-twice", "fin"),
    Fault(PHASE, '<process id="phase"', '<process id="sp_pay"', "process-id-twice", "sp_pay"),
]
FLOWS = [
    Fault(FRAME, ' default="f_non"', "", "default-missing", "choix"),
    Fault(FRAME, ' default="f_non"', ' default="f9"', "default-missing", "choix"),
    Fault(FRAME, ' default="f_non"', ' default="f_oui"', "default-with-condition", "f_oui"),
    Fault(FRAME, f"<conditionExpression>{CONDITION}</conditionExpression>", "", "condition-missing", "f_oui"),
    Fault(FRAME, '<sequenceFlow id="f2" sourceRef="noter" targetRef="choix"/>',
          '<sequenceFlow id="f2" sourceRef="noter" targetRef="choix"><conditionExpression>=true</conditionExpression></sequenceFlow>',
          "condition-elsewhere", "f2"),
    Fault(FRAME, 'sourceRef="choix" targetRef="rejoint"', 'sourceRef="noter" targetRef="rejoint"', "split-without-gateway", "noter"),
    Fault(FRAME, '<exclusiveGateway id="rejoint"/>', '<parallelGateway id="rejoint"/>', "join-waits", "rejoint"),
    Fault(FRAME, CHOICE, CHOICE.replace("exclusive", "parallel").replace(' default="f_non"', ""), "step-opens-twice", "payer"),
    Fault(FRAME, 'sourceRef="retrait" targetRef="retire"', 'sourceRef="retrait" targetRef="traiter"', "boundary-straight-back", "retrait"),
    Fault(FRAME, 'attachedToRef="traiter">', 'attachedToRef="choix">', "boundary-host", "retrait"),
    Fault(FRAME, 'sourceRef="relancer" targetRef="relance_faite"', 'sourceRef="relancer" targetRef="retrait"',
          "boundary-entered", "retrait"),
    Fault(PHASE, 'sourceRef="compter" targetRef="decider"', 'sourceRef="compter" targetRef="fixer"', "loop-automatic", "fixer"),
    Fault(FRAME, 'processId="phase"', 'processId="phrase"', "call-unknown", "traiter"),
    Fault(FRAME, 'processId="phase"', 'processId="cadre"', "call-cycle", "traiter"),
    Fault(FRAME, 'processId="sp_pay" propagateAllChildVariables="false"', 'processId="sp_pay" propagateAllChildVariables="true"',
          "phase-of-shared", "payer"),
    Fault(FRAME, '<zeebe:output source="=resultat" target="paiement"/>', "", "call-without-output", "payer"),
    Fault(FRAME, '<zeebe:input source="=montant" target="montant"/>', "", "call-input-missing", "payer"),
    Fault(FRAME, 'source="=resultat" target="paiement"', 'source="=tours" target="paiement"', "expression-name", "payer"),
    Fault(FRAME, 'processId="sp_pay" propagateAllChildVariables="false"', 'processId="phase" propagateAllChildVariables="false"',
          "result-unset", "fini", PHASE),
]  # fmt: skip
MESSAGES = [
    Fault(FRAME, 'messageRef="m_retrait"', 'messageRef="m_autre"', "message-missing", "retrait"),
    Fault(FRAME, ' name="MSG_RETRAIT"', "", "message-name", "m_retrait"),
    Fault(FRAME, '<zeebe:subscription correlationKey="=numero"/>', "", "message-correlation", "m_retrait"),
    Fault(FRAME, 'correlationKey="=numero"', 'correlationKey="numero"', "message-correlation", "m_retrait"),
    Fault(FRAME, 'correlationKey="=numero"', 'correlationKey="=montant"', "message-sheet-key", "MSG_RETRAIT"),
    Fault(FRAME, "<message ", '<message id="m0" name="MSG_RIEN"/><message ', "message-unused", "m0"),
    Fault(FRAME, 'name="MSG_RETRAIT"', 'name="MSG_RETRAITE"', "message-unlisted", "retrait"),
    Fault(SHEET, "MSG_RETRAIT:", "MSG_AUTRE: {fr: Autre, en: Other}\n  MSG_RETRAIT:", "message-unawaited", "MSG_AUTRE"),
    Fault(FRAME, '<zeebe:properties><zeebe:property name="form" value="A"/></zeebe:properties>',
          '<zeebe:ioMapping><zeebe:output source="=motif" target="avis"/></zeebe:ioMapping>', "message-without-form", "retrait"),
]  # fmt: skip
TIMERS = [
    Fault(FRAME, TIMER, "", "timer-form", "relance"),
    Fault(FRAME, TIMER, TIMER + "<timeDuration>P1D</timeDuration>", "timer-form", "relance"),
    Fault(FRAME, TIMER, "<timeCycle>R3/3 jours</timeCycle>", "timer-unreadable", "relance"),
    Fault(FRAME, TIMER, "<timeCycle>R/2001-01-01T00:00:00Z/P1D</timeCycle>", "timer-unreadable", "relance"),
    Fault(FRAME, TIMER, "<timeDate>2026-11-26</timeDate>", "timer-unreadable", "relance"),
    Fault(FRAME, TIMER, "<timeDuration>-P1D</timeDuration>", "timer-unreadable", "relance"),
    Fault(FRAME, TIMER, "<timeDuration>P99Y</timeDuration>", "timer-too-long", "relance"),
    Fault(FRAME, TIMER, "<timeDuration>P99999999999M</timeDuration>", "timer-unreadable", "relance"),
    Fault(FRAME, TIMER, "<timeCycle>R3/PT10M</timeCycle>", "timer-cycle-fast", "relance"),
    Fault(FRAME, TIMER, "<timeCycle>R/PT0S</timeCycle>", "timer-cycle-fast", "relance"),
    Fault(FRAME, TIMER, "<timeCycle>R/PT2H</timeCycle>", "timer-cycle-endless", "relance"),
    Fault(FRAME, 'attachedToRef="traiter" cancelActivity="false"', 'attachedToRef="traiter"', "timer-cycle-place", "relance"),
    Fault(FRAME, TIMER, "<timeDate>=today()</timeDate>", "expression-kind", "relance"),
    Fault(FRAME, TIMER, "<timeDate>=limite - 1</timeDate>", "expression-name", "relance"),
]
EXPRESSIONS = [
    Fault(PHASE, SCRIPT, "=decimal(montant / 2, 0)", "rounding-half-even", "compter"),
    Fault(PHASE, SCRIPT, "=sum(montants)", "sum-of-nothing", "compter"),
    Fault(PHASE, SCRIPT, "=[montant][0]", "list-from-one", "compter"),
    Fault(PHASE, SCRIPT, "=(if tours = null then 0) + 1", "expression-syntax", "compter"),
    Fault(PHASE, SCRIPT, "=tours == 1", "expression-syntax", "compter"),
    Fault(PHASE, SCRIPT, "=((((tours", "expression-syntax", "compter"),
    Fault(PHASE, SCRIPT, "=", "expression-syntax", "compter"),
    Fault(PHASE, SCRIPT, "tours + 1", "expression-sign", "compter"),
    Fault(PHASE, SCRIPT, "=compte(tours)", "expression-name", "compter"),
    Fault(FRAME, CONDITION, '=acord = "oui"', "expression-name", "f_oui"),
    Fault(FRAME, CONDITION, '=accord = "peut-être"', "expression-code", "f_oui"),
    Fault(FRAME, CONDITION, "=accord = 3", "expression-kind", "f_oui"),
    Fault(FRAME, CONDITION, "=montant", "expression-kind", "f_oui"),
    Fault(FRAME, CONDITION, "=tours &gt; 3", "condition-null", "f_oui"),
    Fault(FRAME, CONDITION, "=not(tours &gt; 3)", "condition-null", "f_oui"),
    Fault(FRAME, 'name="deadline" value="P1: 4 h; *: 3 jo"', 'name="deadline" value="=today()"', "expression-kind", "noter"),
    Fault(PHASE, ' resultVariable="part_etat"', "", "result-name", "fixer"),
]
TABLES = [
    Fault(PHASE, 'decisionId="part"', 'decisionId="parts"', "decision-unknown", "fixer"),
    Fault(TABLE, 'hitPolicy="FIRST"', 'hitPolicy="LAST"', "decision-unreadable", ""),
    Fault(TABLE, '<inputEntry id="a2"><text>&gt; reglages.plafond</text></inputEntry>', "", "decision-unreadable", ""),
    Fault(TABLE, "DMN/20191111/MODEL/", "DMN/20180521/MODEL/", "decision-namespace", ""),
    Fault(TABLE, '<decision id="part"', '<decision id="autre" name="x"><context id="c"/></decision><decision id="part"',
          "decision-form-unsupported", "c"),
    Fault(TABLE, '<decision id="part"', '<businessKnowledgeModel id="k" name="x"/><decision id="part"', "decision-form-unsupported", "k"),
    Fault(TABLE, '<inputExpression id="ie"', '<inputExpression id="ie" expressionLanguage="juel"', "expression-language", "ie"),
    Fault(TABLE, "<decisionTable", '<informationRequirement id="ir"><requiredDecision href="#rien"/></informationRequirement>'
          "<decisionTable", "decision-requirement", "part"),
    Fault(TABLE, "<decisionTable", '<informationRequirement id="ir"><requiredDecision href="#part"/></informationRequirement>'
          "<decisionTable", "decision-cycle", "part"),
    Fault(TABLE, "<text>montant</text>", "<text>montnat</text>", "table-content", "part"),
    Fault(TABLE, "<text>100</text>", "<text>100 +</text>", "table-content", "part"),
    Fault(TABLE, CELL, '"oui"', "table-content", "part"),
    Fault(TABLE, "&gt; reglages.plafond", "&lt; 100", "table-rows", "part"),
    Fault(TABLE, f'{DEFAULT}</output>\n<rule id="r1"><inputEntry id="a1"><text>{CELL}',
          '</output><rule id="r1"><inputEntry id="a1"><text>&lt; reglages.plafond', "table-gap", "part"),
    Fault(TABLE, "</decisionTable></decision>", '</decisionTable></decision><decision id="seule" name="x"><literalExpression id="l">'
          "<text>1</text></literalExpression></decision>", "decision-unused", "seule"),
]  # fmt: skip
FORMS = [
    Fault(PHASE, 'formId="B"', 'formId="C"', "form-unknown", "decider"),
    Fault(PHASE, '<zeebe:formDefinition formId="B"/>', "", "form-missing", "decider"),
    Fault(B, '"id": "B"', '"id": "A"', "form-twice", "A"),
    Fault(A, '"key": "montant"', '"key": "count"', "name-function", "cadre", FRAME),
    Fault(B, AVIS, '"key": "montant"', "name-two-kinds", "cadre", FRAME),
    Fault(B, 'accord != \\"oui\\"', 'acord != \\"oui\\"', "expression-name", "B"),
    Fault(B, 'accord != \\"oui\\"', "tours > 3", "condition-null", "B"),
    Fault(B, '"=accord', '"accord', "form-unreadable", "avis"),
    Fault(B, AVIS, '"key": "l\'avis"', "form-unreadable", "B"),
    Fault(B, '"type": "textarea"', '"type": "taglist"', "form-component-unsupported", "avis"),
    Fault(B, '"type": "textarea"', '"type": "iframe"', "form-component-unsupported", "avis"),
    Fault(B, '"type": "textarea"', '"type": "oracle"', "form-unreadable", "avis"),
    Fault(B, AVIS, f'"defaultValue": "rien", {AVIS}', "form-attribute-unsupported", "avis"),
    Fault(B, AVIS, f'"readonly": "=true", {AVIS}', "form-attribute-unsupported", "avis"),
    Fault(B, AVIS, f'"validate": {{"required": "=true"}}, {AVIS}', "form-attribute-unsupported", "avis"),
    Fault(B, '"label": "Avis"', '"label": "=nom"', "form-attribute-unsupported", "avis"),
    Fault(B, f'{AVIS},\n   "label": "Avis",\n   "type": "textarea"', '"id": "g",\n   "type": "group"', "form-group-path", "g"),
    Fault(B, AVIS, '"id": "sans"', "form-field-without-key", "sans"),
    Fault(B, AVIS, f'"properties": {{"kind": "computed", "decision": "rien"}}, {AVIS}', "form-decision-unknown", "avis"),
    Fault(B, AVIS, f'"properties": {{"effect": "chanter(fort)", "effect_when": "=true"}}, {AVIS}', "effect-unknown", "avis"),
]
PEOPLE = [
    Fault(FRAME, "<flowNodeRef>noter</flowNodeRef>", "", "lane-missing", "noter"),
    Fault(FRAME, '<lane id="l1" name="Agent">', '<lane id="l1" name="Agente">', "lane-unknown", "l1"),
    Fault(FRAME, '<laneSet id="lanes">', '<laneSet id="lanes"><lane id="l0" name="Vide"/>', "lane-empty", "l0"),
    Fault(FRAME, "<flowNodeRef>noter</flowNodeRef>", "<flowNodeRef>noter</flowNodeRef><flowNodeRef>rien</flowNodeRef>",
          "lane-reference", "l1"),
    Fault(SHEET, "Agent: {role: agent, at: post}", "Agent: {role: agente, at: post}", "role-unknown", "Agent"),
    Fault(SHEET, "start: {roles: [agent]}", "start: {roles: [agente]}", "role-unknown", "start"),
    Fault(SHEET, "record: [agent]", "record: [agente]", "role-unknown", "events.MSG_RETRAIT"),
    Fault(SHEET, "lanes:", "access: {chef: read}\nlanes:", "role-unknown", "access"),
    Fault(SHEET, "lanes:", 'lanes:\n  Chef: {role: agent, at: post}', "lane-unused", "Chef"),
    Fault(FRAME, 'name="status" value="instruction"', 'name="status" value="instructions"', "status-unknown", "noter"),
    Fault(FRAME, 'name="status"', 'name="statuts"', "property-unknown", "noter"),
    Fault(FRAME, 'name="status" value="instruction"', 'name="reminders" value="non"', "property-value", "noter"),
    Fault(FRAME, 'name="status" value="instruction"', 'name="obligations" value="dette"', "property-value", "noter"),
    Fault(FRAME, "P1: 4 h; *: 3 jo", "3 jours", "deadline-unreadable", "noter"),
    Fault(FRAME, "P1: 4 h; *: 3 jo", "P1: 4 h", "deadline-unreadable", "noter"),
    Fault(PHASE, 'name="four_eyes" value="noter"', 'name="four_eyes" value="notre"', "four-eyes-unknown", "decider"),
    Fault(PHASE, 'name="four_eyes" value="noter"', 'name="control" value="funding.decisions"', "control-unknown", "decider"),
    Fault(FRAME, '<zeebe:taskDefinition type="notify"/>', "", "service-missing", "relancer"),
    Fault(FRAME, 'key="template" value="rappel"', 'key="template" value="rapel"', "letter-missing", "relancer"),
    Fault(FRAME, 'key="to" value="Agent"', 'key="to" value="Agente"', "letter-to", "relancer"),
]  # fmt: skip
SHEETS = [
    Fault(SHEET, "code: ESS", "code: essai", "sheet-invalid", "code"),
    Fault(SHEET, "code: ESS", "code: ESS\ncouleur: bleu", "sheet-invalid", "couleur"),
    Fault(SHEET, "name: {fr: Essai, en: Trial}", "name: {fr: Essai}", "sheet-invalid", "name.en"),
    Fault(SHEET, "years: 10", "years: dix", "sheet-invalid", "retention.years"),
    Fault(SHEET, "process: cadre", "process: cadres", "frame-unknown", "process"),
    Fault(SHEET, "{amount: montant}", "{amount: montnat}", "fact-unknown", "promoted.amount"),
    Fault(SHEET, "{amount: montant}", "{amount: avis}", "promoted-kind", "promoted.amount"),
    Fault(SHEET, "lanes:", "public_fields: [secret]\nlanes:", "fact-unknown", "public_fields"),
    Fault(SHEET, "lanes:", "facts: {age: siecles}\nlanes:", "fact-kind", "age"),
    Fault(SHEET, "lanes:", "start_form: Z\nlanes:", "sheet-form-unknown", "start_form"),
    Fault(SHEET, "form: A", "form: Z", "sheet-form-unknown", "events.MSG_RETRAIT"),
    Fault(SHEET, "key: numero", "key: nombre", "fact-unknown", "events.MSG_RETRAIT"),
]
TEXTS = [
    Fault(LETTER, "Bonjour.", "Bonjour {{ nom.", "letter-syntax", "rappel"),
    Fault(LETTER, "Bonjour.", "{% if accord %} Bonjour.", "letter-syntax", "rappel"),
    Fault(LETTER, "Bonjour.", "{{ accord | fort }}", "letter-syntax", "rappel"),
    Fault(LETTER, "Bonjour.", "Bonjour {{ prenom }}.", "letter-placeholder", "rappel"),
    Fault(LETTER, "Bonjour.", "{% for x in range(9) %}{{ x }}{% endfor %}", "letter-construct", "rappel"),
    Fault(LETTER, "Bonjour.", "{% include 'autre' %}", "letter-construct", "rappel"),
    Fault(LETTER, "Bonjour.", "{{ accord.__class__() }}", "letter-construct", "rappel"),
    Fault(FRAME, 'name="Clos"', 'name="Fermé"', "translation-missing", "fin"),
    Fault(B, '"label": "Avis"', '"label": "Opinion"', "translation-missing", "B.avis"),
]
SERVICES = [
    Fault(FRAME, 'type="notify"/>', 'type="notify"/><zeebe:ioMapping><zeebe:input source="=monta" target="x"/></zeebe:ioMapping>',
          "expression-name", "relancer"),
]  # fmt: skip
ADVICES = [
    Fault(FRAME, 'key="template" value="rappel"', 'key="template" value="retard"', "letter-unused", "rappel", LETTER),
    Fault(SHEET, "form: A", "form: B", "message-two-forms", "retrait", FRAME),
    Fault(FRAME, '<sendTask id="relancer" name="Relancer">', '<receiveTask id="attendre" name="Noter" messageRef="m_retrait"/>'
          '<sequenceFlow id="f9" sourceRef="relance" targetRef="attendre"/><sequenceFlow id="f10" sourceRef="attendre" '
          'targetRef="relancer"/><sendTask id="relancer" name="Relancer">', "frame-held-open", "relance"),
    Fault(FRAME, '<sendTask id="relancer" name="Relancer"><extensionElements><zeebe:taskDefinition type="notify"/>',
          '<sendTask id="relancer" name="Relancer"><extensionElements><zeebe:taskDefinition type="case.status"/><zeebe:ioMapping>'
          '<zeebe:input source="=&quot;fini&quot;" target="statut"/></zeebe:ioMapping>', "input-code", "relancer"),
]  # fmt: skip
FAULTS = [
    *FILES,
    *DIALECT,
    *ELEMENTS,
    *IDS,
    *FLOWS,
    *MESSAGES,
    *TIMERS,
    *EXPRESSIONS,
    *TABLES,
    *FORMS,
    *PEOPLE,
    *SHEETS,
    *TEXTS,
    *SERVICES,
    *ADVICES,
]
