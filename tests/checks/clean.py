"""A case type that is clean in every way, with the shared folder beside it; each test plants one fault in it."""

from __future__ import annotations

from workflows.layout import layout

from .build import CHOICE, definitions, field, form

FRAME = definitions(
    """
  <process id="cadre" name="Cadre" isExecutable="true">
    <laneSet id="lanes"><lane id="l1" name="Agent"><flowNodeRef>recu</flowNodeRef><flowNodeRef>noter</flowNodeRef>
      <flowNodeRef>choix</flowNodeRef><flowNodeRef>rejoint</flowNodeRef><flowNodeRef>traiter</flowNodeRef><flowNodeRef>retrait</flowNodeRef>
      <flowNodeRef>payer</flowNodeRef><flowNodeRef>fin</flowNodeRef><flowNodeRef>relance</flowNodeRef><flowNodeRef>relancer</flowNodeRef>
      <flowNodeRef>relance_faite</flowNodeRef><flowNodeRef>retire</flowNodeRef></lane></laneSet>
    <startEvent id="recu" name="Reçu"/>
    <userTask id="noter" name="Noter"><extensionElements><zeebe:formDefinition formId="A"/><zeebe:properties>
      <zeebe:property name="deadline" value="P1: 4 h; *: 3 jo"/><zeebe:property name="status" value="instruction"/>
      </zeebe:properties></extensionElements></userTask>
    <exclusiveGateway id="choix" name="Accordé ?" default="f_non"/>
    <callActivity id="traiter" name="Traiter"><extensionElements>
      <zeebe:calledElement processId="phase" propagateAllChildVariables="true"/></extensionElements></callActivity>
    <boundaryEvent id="relance" name="Trois jours" attachedToRef="traiter" cancelActivity="false">
      <timerEventDefinition id="td1"><timeCycle>R3/P3D</timeCycle></timerEventDefinition></boundaryEvent>
    <sendTask id="relancer" name="Relancer"><extensionElements><zeebe:taskDefinition type="notify"/>
      <zeebe:taskHeaders><zeebe:header key="template" value="rappel"/><zeebe:header key="to" value="Agent"/></zeebe:taskHeaders>
      </extensionElements></sendTask>
    <endEvent id="relance_faite"/>
    <boundaryEvent id="retrait" name="Retrait" attachedToRef="traiter"><extensionElements>
      <zeebe:properties><zeebe:property name="form" value="A"/></zeebe:properties></extensionElements>
      <messageEventDefinition id="med" messageRef="m_retrait"/></boundaryEvent>
    <endEvent id="retire" name="Retiré"/>
    <exclusiveGateway id="rejoint"/>
    <callActivity id="payer" name="Payer"><extensionElements>
      <zeebe:calledElement processId="sp_pay" propagateAllChildVariables="false"/>
      <zeebe:ioMapping><zeebe:input source="=montant" target="montant"/>
        <zeebe:output source="=resultat" target="paiement"/></zeebe:ioMapping>
      </extensionElements></callActivity>
    <endEvent id="fin" name="Clos"/>
    <sequenceFlow id="f1" sourceRef="recu" targetRef="noter"/>
    <sequenceFlow id="f2" sourceRef="noter" targetRef="choix"/>
    <sequenceFlow id="f_oui" name="oui" sourceRef="choix" targetRef="traiter">
      <conditionExpression>=accord = "oui"</conditionExpression></sequenceFlow>
    <sequenceFlow id="f_non" name="non" sourceRef="choix" targetRef="rejoint"/>
    <sequenceFlow id="f3" sourceRef="traiter" targetRef="rejoint"/>
    <sequenceFlow id="f4" sourceRef="rejoint" targetRef="payer"/>
    <sequenceFlow id="f5" sourceRef="payer" targetRef="fin"/>
    <sequenceFlow id="f6" sourceRef="relance" targetRef="relancer"/>
    <sequenceFlow id="f7" sourceRef="relancer" targetRef="relance_faite"/>
    <sequenceFlow id="f8" sourceRef="retrait" targetRef="retire"/>
  </process>""",
    """<message id="m_retrait" name="MSG_RETRAIT"><extensionElements><zeebe:subscription correlationKey="=numero"/>
      </extensionElements></message>""",
)
PHASE = definitions(
    """
  <process id="phase" name="Phase" isExecutable="true">
    <laneSet id="lanes"><lane id="l1" name="Agent"><flowNodeRef>debut</flowNodeRef><flowNodeRef>fixer</flowNodeRef>
      <flowNodeRef>compter</flowNodeRef><flowNodeRef>decider</flowNodeRef><flowNodeRef>fini</flowNodeRef></lane></laneSet>
    <startEvent id="debut"/>
    <businessRuleTask id="fixer" name="Fixer la part"><extensionElements>
      <zeebe:calledDecision decisionId="part" resultVariable="part_etat"/></extensionElements></businessRuleTask>
    <scriptTask id="compter" name="Compter"><extensionElements>
      <zeebe:script expression="=(if tours = null then 0 else tours) + 1" resultVariable="tours"/></extensionElements></scriptTask>
    <userTask id="decider" name="Décider"><extensionElements><zeebe:formDefinition formId="B"/><zeebe:properties>
      <zeebe:property name="four_eyes" value="noter"/></zeebe:properties></extensionElements></userTask>
    <endEvent id="fini"/>
    <sequenceFlow id="f1" sourceRef="debut" targetRef="fixer"/>
    <sequenceFlow id="f2" sourceRef="fixer" targetRef="compter"/>
    <sequenceFlow id="f3" sourceRef="compter" targetRef="decider"/>
    <sequenceFlow id="f4" sourceRef="decider" targetRef="fini"/>
  </process>"""
)
PAY = definitions(
    """
  <process id="sp_pay" name="Paiement" isExecutable="true">
    <laneSet id="lanes"><lane id="l1" name="Comptable"><flowNodeRef>a_payer</flowNodeRef><flowNodeRef>ordonner</flowNodeRef>
      <flowNodeRef>verser</flowNodeRef><flowNodeRef>noter_paye</flowNodeRef><flowNodeRef>paye</flowNodeRef></lane></laneSet>
    <startEvent id="a_payer"/>
    <serviceTask id="ordonner" name="Ordonner"><extensionElements><zeebe:taskDefinition type="payment.order"/>
      <zeebe:ioMapping><zeebe:input source="=montant" target="montant"/></zeebe:ioMapping></extensionElements></serviceTask>
    <userTask id="verser" name="Verser"><extensionElements><zeebe:formDefinition formId="SP_V"/></extensionElements></userTask>
    <scriptTask id="noter_paye" name="Noter"><extensionElements>
      <zeebe:script expression="=&quot;paye&quot;" resultVariable="resultat"/></extensionElements></scriptTask>
    <endEvent id="paye"/>
    <sequenceFlow id="f1" sourceRef="a_payer" targetRef="ordonner"/>
    <sequenceFlow id="f2" sourceRef="ordonner" targetRef="verser"/>
    <sequenceFlow id="f3" sourceRef="verser" targetRef="noter_paye"/>
    <sequenceFlow id="f4" sourceRef="noter_paye" targetRef="paye"/>
  </process>"""
)
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n"><decision id="part" name="Part">
  <decisionTable id="t" hitPolicy="FIRST">
    <input id="i" label="Montant"><inputExpression id="ie" typeRef="number"><text>montant</text></inputExpression></input>
    <output id="o" name="part" typeRef="number"><defaultOutputEntry id="de"><text>0</text></defaultOutputEntry></output>
    <rule id="r1"><inputEntry id="a1"><text>&lt;= reglages.plafond</text></inputEntry>
      <outputEntry id="b1"><text>100</text></outputEntry></rule>
    <rule id="r2"><inputEntry id="a2"><text>&gt; reglages.plafond</text></inputEntry>
      <outputEntry id="b2"><text>50</text></outputEntry></rule>
  </decisionTable></decision></definitions>"""
SHEET = """code: ESS
process: cadre
name: {fr: Essai, en: Trial}
description: {fr: Un essai, en: A trial}
reference: ESS
retention: {years: 10}
start: {roles: [agent]}
lanes:
  Agent: {role: agent, at: post}
promoted: {amount: montant}
events:
  MSG_RETRAIT: {key: numero, form: A, record: [agent], fr: Retrait, en: Withdrawal}
"""
SHARED_SHEET = """facts: {numero: string, statut: string}
languages: {fr: {fr: Français, en: French}, en: {fr: Anglais, en: English}}
lanes:
  Comptable: {role: comptable, at: central}
"""
ROLES = """roles:
  agent: {fr: Agent, en: Officer, at: post, sees: posts}
  comptable: {fr: Comptable, en: Accountant, at: central, sees: sheet}
"""
FRENCH = (
    *("Cadre", "Phase", "Part", "Agent", "Reçu", "Noter", "Accordé ?", "Traiter", "Trois jours", "Relancer", "Retrait", "Retiré"),
    *("Payer", "Clos"),
    *("oui", "non", "Fixer la part", "Compter", "Décider", "Oui", "Non", "A", "B", "Montant", "Accord", "Avis"),
)
SHARED_FRENCH = ("Paiement", "Comptable", "Ordonner", "Verser", "Noter", "SP_V", "Date_versement")


def po(*texts: str) -> str:
    head = 'msgid ""\nmsgstr ""\n"Language: en\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    return head + "\n".join(f'msgid "{text}"\nmsgstr "EN {text}"\n' for text in dict.fromkeys(texts))


def shared() -> dict[str, str | bytes]:
    """A clean shared folder."""
    return {
        "shared.yaml": SHARED_SHEET,
        "roles.yaml": ROLES,
        "settings.yaml": "plafond: 250000\n",
        "sp_pay.bpmn": layout(PAY.encode()),
        "V.form": form("SP_V", field("date_versement", "datetime", subtype="date")),
        "translations/en.po": po(*SHARED_FRENCH),
    }


def clean() -> dict[str, str | bytes]:
    """A clean case type, with the shared folder beside it."""
    own = {
        "case_type.yaml": SHEET,
        "process.bpmn": layout(FRAME.encode()),
        "phase.bpmn": layout(PHASE.encode()),
        "decisions.dmn": TABLE,
        "A.form": form(
            "A",
            field("montant", "number", decimalDigits=0, validate={"required": True}),
            field("accord", "radio", validate={"required": True}, **CHOICE),
        ),
        "B.form": form("B", field("avis", "textarea", conditional={"hide": '=accord != "oui"'})),
        "letters/rappel.txt": "Objet : rappel\n\nBonjour.\n",
        "letters/rappel.en.txt": "Subject: reminder\n\nHello.\n",
        "translations/en.po": po(*FRENCH),
    }
    return own | {f"_shared/{path}": text for path, text in shared().items()}


def changed(path: str, old: str, new: str) -> dict[str, str | bytes]:
    """The clean case type with one text replaced in one file; the diagram is drawn anew."""
    files = clean()
    text = files[path].decode() if isinstance(files[path], bytes) else files[path]
    assert old in text, f"{old} is not in {path}"
    text = text.replace(old, new)
    files[path] = layout(text.encode()) if path.endswith(".bpmn") else text
    return files
