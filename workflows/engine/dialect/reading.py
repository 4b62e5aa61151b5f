"""Bytes of a file -> XML, and the refusals that keep a hostile or unsupported file away from the engine.

Only what the engine would get wrong, or would never end with, is refused here; what an author should better is found by `flask check`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from lxml import etree

from workflows.errors import BadDefinition

BPMN, ZEEBE = "http://www.omg.org/spec/BPMN/20100524/MODEL", "http://camunda.org/schema/zeebe/1.0"
B, Z = f"{{{BPMN}}}", f"{{{ZEEBE}}}"
MAX_BYTES, MAX_ELEMENTS, MAX_NODES = 1_000_000, 20_000, 200
KEPT = 1_024
"""Files whose acceptance is remembered."""
ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
RESERVED = {"Start", "End", "StartEventSplit", "StartEventJoin", "Root"}
"""Names that SpiffWorkflow gives to tasks of its own: a step of that name vanishes."""

NODES = {
    *("startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"),
    *("task", "userTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "scriptTask"),
    *("callActivity", "subProcess", "exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"),
}
PLUMBING = {
    *("definitions", "process", "message", "collaboration", "participant", "laneSet", "lane", "childLaneSet", "flowNodeRef"),
    *("sequenceFlow", "incoming", "outgoing", "conditionExpression", "extensionElements", "documentation"),
    *("timerEventDefinition", "timeDate", "timeDuration", "timeCycle", "messageEventDefinition", "terminateEventDefinition"),
    *("multiInstanceLoopCharacteristics", "completionCondition"),
    *("textAnnotation", "text", "association", "group", "category", "categoryValue"),
}
INSTEAD = {
    "signalEventDefinition": "employer un message",
    "errorEventDefinition": "rendre un résultat et demander à une passerelle",
    "escalationEventDefinition": "rendre un résultat et demander à une passerelle",
    "conditionalEventDefinition": "employer une minuterie dont la date suit la donnée, ou un message",
    "compensateEventDefinition": "dessiner l'étape qui défait",
    "transaction": "employer un sous-processus",
    "adHocSubProcess": "dessiner l'ordre des étapes",
    "standardLoopCharacteristics": "dessiner la boucle avec une passerelle",
    "loopCardinality": "employer zeebe:loopCharacteristics avec inputCollection",
    "complexGateway": "employer une passerelle inclusive",
    "manualTask": "employer une tâche utilisateur avec son formulaire",
    "dataObject": "les données sont les champs des formulaires",
    "dataObjectReference": "les données sont les champs des formulaires",
    "dataStoreReference": "les données sont les champs des formulaires",
}


def parse(text: bytes, name: str = "") -> Any:
    """The root of a BPMN file, without its diagram.

    BadDefinition if it is too large, not XML, has a DTD, or holds what the engine does not carry out.
    """
    if len(text) > MAX_BYTES:
        raise BadDefinition(f"{_where(name)}le fichier dépasse {MAX_BYTES} octets ; le répartir en plusieurs processus")
    _accept(text, _where(name))
    return _tree(text)


@lru_cache(KEPT)
def _accept(text: bytes, where: str) -> None:
    """Refuses a file or not; the same file, such as one that all case types share, is judged once."""
    try:
        root = _tree(text)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadDefinition(f"{where}ce n'est pas un fichier XML lisible ({error})") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadDefinition(f"{where}le fichier contient un DOCTYPE ; l'enlever")
    if root.tag != B + "definitions":
        raise BadDefinition(f"{where}ce n'est pas un fichier BPMN 2.0 (élément « definitions » attendu)")
    _refuse(root, where)


def _where(name: str) -> str:
    return f"{name} : " if name else ""


def _tree(text: bytes) -> Any:
    """The root without its diagram."""
    safe = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, attribute_defaults=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(text, safe)
    for diagram in root.findall("{*}BPMNDiagram"):
        root.remove(diagram)
    return root


def _refuse(root: Any, where: str) -> None:
    count = 0
    for element in root.iter():
        count += 1
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag.startswith(B):
            continue
        local = tag[len(B) :]
        if local not in NODES and local not in PLUMBING:
            cure = INSTEAD.get(local, "l'enlever")
            raise BadDefinition(f"{where}« {local} »{_named(element)} n'est pas pris en charge ; {cure}")
        if local in NODES or local == "process":
            _refuse_id(element, local, where)
    if count > MAX_ELEMENTS:
        raise BadDefinition(f"{where}plus de {MAX_ELEMENTS} éléments ; répartir la procédure en plusieurs fichiers")
    for process in root.iter(B + "process", B + "subProcess"):
        _refuse_process(process, where)


def _refuse_id(element: Any, local: str, where: str) -> None:
    given = element.get("id") or ""
    if not ID.fullmatch(given):
        rule = "une lettre, puis au plus 63 lettres, chiffres, « _ » ou « - »"
        raise BadDefinition(f"{where}identifiant « {given[:70]} » ({local}) : {rule}")
    if given in RESERVED:
        raise BadDefinition(f"{where}identifiant « {given} » ({local}) : ce nom est réservé au moteur ; en choisir un autre")


def _refuse_process(process: Any, where: str) -> None:
    nodes = [child for child in process if child.tag in {B + local for local in NODES}]
    if len(nodes) > MAX_NODES:
        raise BadDefinition(f"{where}« {process.get('id')} » a plus de {MAX_NODES} étapes ; le répartir en phases appelées")
    seen: set[str] = set()
    for node in nodes:
        if node.get("id") in seen:
            raise BadDefinition(f"{where}« {process.get('id')} » : l'identifiant « {node.get('id')} » est employé deux fois")
        seen.add(node.get("id"))
        _refuse_node(node, where)
    for flow in process.findall(B + "sequenceFlow"):
        for end in ("sourceRef", "targetRef"):
            if flow.get(end) not in seen:
                raise BadDefinition(f"{where}flux « {flow.get('id')} » : « {flow.get(end)} » n'est pas dans « {process.get('id')} »")
    for gateway in process.findall(B + "exclusiveGateway") + process.findall(B + "inclusiveGateway"):
        _refuse_branches(
            gateway, [flow for flow in process.findall(B + "sequenceFlow") if flow.get("sourceRef") == gateway.get("id")], where
        )


def _refuse_branches(gateway: Any, flows: list[Any], where: str) -> None:
    if len(flows) < 2:
        return
    bare = [flow for flow in flows if flow.find(B + "conditionExpression") is None and flow.get("id") != gateway.get("default")]
    if bare:
        title = gateway.get("name") or gateway.get("id")
        raise BadDefinition(f"{where}« {title} » : le flux « {bare[0].get('id')} » n'a ni condition, ni n'est le chemin par défaut")


def _refuse_node(node: Any, where: str) -> None:
    local, title = node.tag[len(B) :], f"{where}« {node.get('name') or node.get('id')} »"
    if local == "serviceTask" and not handler(node):
        raise BadDefinition(f"{title} : une tâche de service nomme son traitement (zeebe:taskDefinition type)")
    if local == "sendTask" and not handler(node):
        raise BadDefinition(f"{title} : une tâche d'envoi nomme son traitement (zeebe:taskDefinition type)")
    if local in ("sendTask", "intermediateThrowEvent", "endEvent") and node.find(f".//{B}messageEventDefinition") is not None:
        raise BadDefinition(f"{title} : un message ne se lance pas ; employer une tâche d'envoi")
    if local == "receiveTask" and not node.get("messageRef"):
        raise BadDefinition(f"{title} : une tâche de réception nomme son message (messageRef)")
    if local == "businessRuleTask" and node.find(f".//{Z}calledDecision") is None:
        raise BadDefinition(f"{title} : une tâche de règle nomme sa table (zeebe:calledDecision)")
    if local == "scriptTask" and node.find(f".//{Z}script") is None:
        raise BadDefinition(f"{title} : une tâche de calcul donne un fait par une expression (zeebe:script)")
    if local == "callActivity" and node.find(f".//{Z}calledElement") is None:
        raise BadDefinition(f"{title} : un appel nomme son processus (zeebe:calledElement)")
    if local in ("boundaryEvent", "intermediateCatchEvent") and _definitions(node) != 1:
        raise BadDefinition(f"{title} : un événement attend exactement un message ou une minuterie")
    if local == "startEvent":
        _refuse_start(node, title)
    if node.find(B + "multiInstanceLoopCharacteristics") is not None:
        _refuse_several(node, local, title)


def _refuse_start(node: Any, title: str) -> None:
    aside = node.getparent().get("triggeredByEvent") == "true"
    message = node.find(B + "messageEventDefinition") is not None
    if aside and (not message or _definitions(node) != 1):
        raise BadDefinition(f"{title} : un sous-processus événementiel commence par un message")
    if not aside and _definitions(node):
        raise BadDefinition(f"{title} : un processus commence par un début simple")


def _refuse_several(node: Any, local: str, title: str) -> None:
    called = node.find(f".//{Z}calledElement")
    loop = node.find(f"{B}multiInstanceLoopCharacteristics/{B}extensionElements/{Z}loopCharacteristics")
    if local == "subProcess" or (called is not None and called.get("propagateAllChildVariables") == "true"):
        raise BadDefinition(f"{title} : plusieurs exemplaires partageraient leurs faits ; appeler un processus qui a les siens")
    if loop is None or not (loop.get("inputCollection") or "").startswith("="):
        raise BadDefinition(f"{title} : une tâche multiple parcourt une liste (inputCollection « =liste »)")
    if bool(loop.get("outputCollection")) != bool(loop.get("outputElement")):
        raise BadDefinition(f"{title} : outputCollection et outputElement vont ensemble")


def _definitions(node: Any) -> int:
    return sum(1 for child in node if child.tag.endswith("EventDefinition"))


def handler(node: Any) -> str | None:
    """The type of a service or send task."""
    found = node.find(f"{B}extensionElements/{Z}taskDefinition")
    return found.get("type") if found is not None else None


def _named(element: Any) -> str:
    while element is not None:
        if element.get("id"):
            return f" (dans « {element.get('name') or element.get('id')} »)"
        element = element.getparent()
    return ""


def refuse_recursion(calls: Mapping[str, Iterable[str]]) -> None:
    """`calls`: process -> processes that it calls. BadDefinition if one calls itself, directly or not: such a case never comes to rest."""
    done: set[str] = set()

    def follow(process: str, path: tuple[str, ...]) -> None:
        if process in path:
            raise BadDefinition(f"« {process} » s'appelle lui-même ({' → '.join((*path, process))})")
        if process not in done:
            for called in calls.get(process, ()):
                follow(called, (*path, process))
            done.add(process)

    for process in calls:
        follow(process, ())
