"""The workload: five steps of people in a row, a gateway, a timer, six fields a form. Written as a case type into a temporary folder.

The same process, forms and answers as those by which other workflow products were measured, so that the figures can be compared.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from app.config import ROOT

CODE = "FIVE"
STEPS = ("recevoir", "evaluer", "financer", "agir", "clore")
LANE, ROLE = "Agent consulaire", "agent_consulaire"
DEADLINE = "2 jo"
SHEET = f"""\
code: {CODE}
process: five
name: {{fr: "Cinq étapes", en: "Five steps"}}
description: {{fr: "Charge de mesure.", en: "Measured workload."}}
reference: {CODE}
confidentiality: C2
retention: {{years: 1, basis: ""}}
priority: P3
start: {{roles: [{ROLE}]}}
lanes: {{"{LANE}": {{role: {ROLE}, at: post}}}}
access: {{{ROLE}: write, chef_poste: decide}}
outcomes: {{fait: {{fr: "Fait", en: "Done"}}}}
"""
BPMN = """\
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="http://jatigi/bpmn" id="definitions_five">
  <bpmn:process id="five" name="Cinq étapes" isExecutable="true">
    <bpmn:laneSet id="lanes"><bpmn:lane id="lane" name={lane}>{refs}</bpmn:lane></bpmn:laneSet>
    <bpmn:startEvent id="debut"/>{users}
    <bpmn:boundaryEvent id="trente_jours" name="30 jours" attachedToRef="evaluer">
      <bpmn:timerEventDefinition id="timer"><bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P30D</bpmn:timeDuration>
      </bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:exclusiveGateway id="a_financer" name="À financer ?" default="f_non"/>
    <bpmn:endEvent id="fait"/><bpmn:endEvent id="refuse"/><bpmn:endEvent id="expire"/>{flows}
    <bpmn:sequenceFlow id="f_oui" sourceRef="a_financer" targetRef="financer">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=montant_evaluer &gt; 1000</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
  </bpmn:process>
</bpmn:definitions>
"""
USER = """
    <bpmn:userTask id="{step}" name="{title}"><bpmn:extensionElements><zeebe:userTask/>
      <zeebe:formDefinition formId="{code}_{step}"/>
      <zeebe:properties><zeebe:property name="deadline" value="{deadline}"/></zeebe:properties>
    </bpmn:extensionElements></bpmn:userTask>"""
LETTER = """
    <bpmn:sendTask id="prevenir" name="Prévenir la famille"><bpmn:extensionElements>
      <zeebe:taskDefinition type="notify"/>
      <zeebe:taskHeaders><zeebe:header key="template" value="confirmation_famille"/><zeebe:header key="to" value="chef_poste"/>
      </zeebe:taskHeaders>
    </bpmn:extensionElements></bpmn:sendTask>"""
LAST = ("f6", "agir", "clore")
FLOWS = (
    ("f1", "debut", "recevoir"),
    ("f2", "recevoir", "evaluer"),
    ("f3", "evaluer", "a_financer"),
    ("f_non", "a_financer", "refuse"),
    ("f5", "financer", "agir"),
    LAST,
    ("f7", "clore", "fait"),
    ("f8", "trente_jours", "expire"),
)


def write(root: Path, letter: bool = False) -> Path:
    """A folder of case types with this one and the shared files; `root` itself. `letter`: one is sent before the last step."""
    shutil.copytree(ROOT / "bpmn" / "_shared", root / "_shared")
    folder = root / "five-steps"
    folder.mkdir()
    (folder / "case_type.yaml").write_text(SHEET, "utf-8")
    (folder / "process.bpmn").write_text(_process(letter), "utf-8")
    for step in STEPS:
        (folder / f"{step}.form").write_text(json.dumps(_form(step), ensure_ascii=False), "utf-8")
    return root


def answers(step: str, number: int) -> dict[str, Any]:
    """What somebody types into the six fields of a step."""
    return {
        f"objet_{step}": f"Dossier {number}, étape {step}",
        f"avis_{step}": "favorable",
        f"montant_{step}": str(2_000 + number % 1000),
        f"date_{step}": "2026-01-15",
        f"urgent_{step}": number % 2 == 0,
        f"motif_{step}": "La famille a été entendue et le poste a vérifié les pièces du dossier.",
    }


def _process(letter: bool) -> str:
    users = "".join(USER.format(step=step, title=step.capitalize(), code=CODE, deadline=DEADLINE) for step in STEPS)
    flows = FLOWS
    if letter:
        flows = (*(flow for flow in FLOWS if flow != LAST), ("f6", "agir", "prevenir"), ("f9", "prevenir", "clore"))
    return BPMN.format(
        lane=quoteattr(LANE),
        refs="".join(f"<bpmn:flowNodeRef>{node}</bpmn:flowNodeRef>" for node in (*STEPS, "debut", "a_financer", "trente_jours")),
        users=users + (LETTER if letter else ""),
        flows="".join(f'\n    <bpmn:sequenceFlow id="{id_}" sourceRef="{source}" targetRef="{target}"/>' for id_, source, target in flows),
    )


def _form(step: str) -> dict[str, Any]:
    choices = [{"label": label, "value": label.lower()} for label in ("Favorable", "Défavorable", "Réservé")]
    fields: list[dict[str, Any]] = [
        {"key": "objet", "label": "Objet", "type": "textfield", "validate": {"required": True, "maxLength": 200}},
        {"key": "avis", "label": "Avis", "type": "select", "values": choices, "validate": {"required": True}},
        {"key": "montant", "label": "Montant", "type": "number", "decimalDigits": 0, "properties": {"kind": "money-xof"}},
        {"key": "date", "dateLabel": "Date", "type": "datetime", "subtype": "date", "validate": {"required": True}},
        {"key": "urgent", "label": "Urgent", "type": "checkbox", "properties": {"kind": "boolean"}},
        {"key": "motif", "label": "Motif", "type": "textarea", "validate": {"required": True, "maxLength": 5000}},
    ]
    for field in fields:
        field["key"] = f"{field['key']}_{step}"
        field["id"] = f"Field_{field['key']}"
    return {"type": "default", "schemaVersion": 18, "executionPlatform": "Camunda Cloud", "id": f"{CODE}_{step}", "components": fields}
