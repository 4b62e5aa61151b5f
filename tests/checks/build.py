"""Processes written as « s>u>e », forms and bundles in memory: what the tests of the checks are made of."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from types import ModuleType

from workflows.checks import Bundle, Known, check_bundle

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:modeler="http://camunda.org/schema/modeler/1.0" modeler:executionPlatform="Camunda Cloud" '
    'modeler:executionPlatformVersion="8.6.0"'
)
KINDS = {
    "s": "startEvent",
    "e": "endEvent",
    "u": "userTask",
    "k": "scriptTask",
    "x": "exclusiveGateway",
    "p": "parallelGateway",
    "o": "inclusiveGateway",
    "g": "eventBasedGateway",
    "c": "callActivity",
    "t": "intermediateCatchEvent",
    "v": "serviceTask",
    "r": "receiveTask",
    "m": "sendTask",
    "d": "businessRuleTask",
}
TIMER = '<timerEventDefinition id="td_{id}"><timeDuration>P1D</timeDuration></timerEventDefinition>'


def definitions(inner: str, beside: str = "") -> str:
    return f'<definitions {NAMESPACES} id="defs">{beside}{inner}</definitions>'


def graph(flows: str, inside: dict[str, str] | None = None, beside: str = "", process: str = "p", extra: str = "") -> str:
    """A process from « s>u>x; x>e; x>u2 [=a = true] ». The first letter of an id says its kind; the last flow of an exclusive gateway
    without a condition is its default. `inside`: XML within a node; `extra`: XML beside the nodes; `beside`: beside the process."""
    inside = inside or {}
    nodes: dict[str, None] = {}
    arrows: list[tuple[str, str, str]] = []
    for part in filter(None, (part.strip() for part in flows.split(";"))):
        found = re.fullmatch(r"([\w>]+)(?:\s*\[(.*)\])?", part)
        steps = found[1].split(">")
        nodes.update(dict.fromkeys(steps))
        arrows += [(a, b, found[2] or "") for a, b in pairwise(steps)]
    defaults = {}
    for number, (source, _, condition) in enumerate(arrows):
        choices = sum(1 for a in arrows if a[0] == source)
        if source[0] in "xo" and choices > 1 and not condition:
            defaults[source] = f"f{number}"
    drawn = []
    for node in nodes:
        default = f' default="{defaults[node]}"' if node in defaults else ""
        content = inside.get(node, TIMER.format(id=node) if node[0] == "t" else "")
        drawn.append(f'<{KINDS[node[0]]} id="{node}"{default}>{content}</{KINDS[node[0]]}>')
    for number, (source, target, condition) in enumerate(arrows):
        said = f"<conditionExpression>{escape(condition)}</conditionExpression>" if condition else ""
        drawn.append(f'<sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}">{said}</sequenceFlow>')
    return definitions(f'<process id="{process}" isExecutable="true">{"".join(drawn)}{extra}</process>', beside)


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def boundary(ident: str, host: str, target: str, aside: bool = False, event: str = "") -> str:
    """A boundary event and its flow."""
    cancel = ' cancelActivity="false"' if aside else ""
    content = event or TIMER.format(id=ident)
    flow = f'<sequenceFlow id="f_{ident}" sourceRef="{ident}" targetRef="{target}"/>' if target else ""
    return f'<boundaryEvent id="{ident}" attachedToRef="{host}"{cancel}>{content}</boundaryEvent>{flow}'


def extensions(inner: str) -> str:
    return f"<extensionElements>{inner}</extensionElements>"


def bundle(files: dict[str, str | bytes], known: Known | None = None) -> Bundle:
    return Bundle("essai", {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}, [], known or Known())


def rules(family: ModuleType | None, files: str | dict[str, str | bytes], known: Known | None = None) -> set[str]:
    """Names of the rules that a family finds broken; all families without one. A text is one BPMN file."""
    made = bundle({"p.bpmn": files} if isinstance(files, str) else files, known)
    found = check_bundle(made) if family is None else [*made.findings, *family.check(made)]
    return {finding.rule for finding in found}


def form(ident: str, *fields: dict) -> str:
    title = {"type": "text", "text": f"## {ident}", "properties": {"kind": "title"}}
    return json.dumps({"type": "default", "id": ident, "components": [title, *fields]}, ensure_ascii=False, indent=1)


def field(key: str, type_: str = "textfield", **said: object) -> dict:
    return {"key": key, "label": key.capitalize(), "type": type_, **said}


CHOICE = {"values": [{"value": "oui", "label": "Oui"}, {"value": "non", "label": "Non"}]}
