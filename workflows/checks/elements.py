"""Elements: only what the engine really carries out, and nothing that leads nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from ..xmlfile import Element, local_name
from .bundle import Bundle
from .document import EVENTS, B, Level, Process, event_of
from .finding import Finding, Rule, Text

FORBIDDEN = {
    "transaction": ("une transaction", "a transaction"),
    "adHocSubProcess": ("un sous-processus ad hoc", "an ad hoc subprocess"),
    "complexGateway": ("une passerelle complexe", "a complex gateway"),
    "task": ("une tâche sans type", "a task without a type"),
    "manualTask": ("une tâche manuelle", "a manual task"),
    "standardLoopCharacteristics": ("une boucle standard", "a standard loop"),
    "dataObject": ("un objet de données", "a data object"),
    "dataStoreReference": ("un magasin de données", "a data store"),
    "dataObjectReference": ("un objet de données", "a data object"),
    "ioSpecification": ("une déclaration de données", "a declaration of data"),
    "dataInputAssociation": ("un lien de données", "a data association"),
    "dataOutputAssociation": ("un lien de données", "a data association"),
    "property": ("une variable de processus", "a process variable"),
    "callChoreography": ("une chorégraphie", "a choreography"),
    **dict.fromkeys(("potentialOwner", "humanPerformer", "performer"), ("une désignation de personne", "an assignment of a person")),
    **dict.fromkeys(("auditing", "monitoring"), ("une consigne de suivi", "an instruction to monitor")),
}
EVENTS_SAID = {
    "": Text("vide", "empty"),
    "multiple": Text("plusieurs événements à la fois", "several events at once"),
    "message": Text("message", "message"),
    "timer": Text("délai", "timer"),
    "signal": Text("signal", "signal"),
    "error": Text("erreur", "error"),
    "escalation": Text("escalade", "escalation"),
    "conditional": Text("condition", "condition"),
    "compensate": Text("compensation", "compensation"),
    "cancel": Text("annulation", "cancel"),
    "link": Text("lien", "link"),
    "terminate": Text("fin immédiate", "terminate"),
}
ALLOWED_EVENTS = {
    "startEvent": {"", "message"},
    "endEvent": {"", "terminate"},
    "intermediateCatchEvent": {"timer", "message"},
    "intermediateThrowEvent": {""},
    "boundaryEvent": {"timer", "message"},
}

UNSUPPORTED = Rule(
    "element-unsupported",
    Text(
        "{element} est {what} : le moteur ne l'exécute pas comme BPMN le dit.",
        "{element} is {what}: the engine does not carry it out as BPMN says.",
    ),
    Text("{cure}", "{cure}"),
)
BAD_EVENT = Rule(
    "event-unsupported",
    Text("L'événement {element} ({what}) n'est pas accepté ici.", "The event {element} ({what}) is not accepted here."),
    Text("{cure}", "{cure}"),
)
START_EVENT = Rule(
    "start-event",
    Text(
        "Le départ {element} porte un événement, hors d'un sous-processus événementiel.",
        "The start {element} carries an event, outside an event subprocess.",
    ),
    Text(
        "Un processus commence par un départ simple ; ce qui le déclenche est décrit dans case_type.yaml.",
        "A process begins with a plain start; what triggers it is described in case_type.yaml.",
    ),
)
EVENT_START = Rule(
    "event-subprocess-start",
    Text(
        "Le sous-processus événementiel {element} ne commence pas par un message.",
        "The event subprocess {element} does not begin with a message.",
    ),
    Text(
        "Lui donner un départ « message » ; pour un délai, poser un événement de bord sur l'appel.",
        "Give it a message start; for a timer, put a boundary event on the call.",
    ),
)
STARTS = Rule(
    "start-count",
    Text("{element} a {count} départs.", "{element} has {count} starts."),
    Text("Un départ et un seul.", "One start, and only one."),
)
NO_END = Rule(
    "end-missing",
    Text("{element} n'a pas de fin.", "{element} has no end."),
    Text("Mener chaque branche à une fin.", "Lead each branch to an end."),
)
DANGLING = Rule(
    "flow-dangling",
    Text(
        "La flèche {element} part de « {source} » ou mène à « {target} », qui n'est pas au même niveau du processus.",
        "The flow {element} leaves “{source}” or leads to “{target}”, which is not on the same level of the process.",
    ),
    Text("Relier deux éléments du même processus ou du même sous-processus.", "Connect two elements of the same process or subprocess."),
)
UNREACHABLE = Rule(
    "step-unreachable",
    Text("Rien ne mène à {element}.", "Nothing leads to {element}."),
    Text("Le relier, ou le supprimer.", "Connect it, or delete it."),
)
DEAD_END = Rule(
    "step-dead-end",
    Text("{element} ne mène nulle part.", "{element} leads nowhere."),
    Text("Le mener à la suite ou à une fin.", "Lead it on, or to an end."),
)


def check(bundle: Bundle) -> Iterator[Finding]:
    for process in bundle.own_processes:
        yield from _unsupported(process)
        for node in process.of_kind(*EVENTS):
            yield from _event(process, node)
        for level in process.levels:
            yield from _level(process, level)


def _unsupported(process: Process) -> Iterator[Finding]:
    for element in process.element.iter():
        if local_name(element) in FORBIDDEN and element.tag.startswith(B):
            kind = local_name(element)
            yield UNSUPPORTED.at(process.file, element, what=Text(*FORBIDDEN[kind]), cure=CURES.get(kind, DEFAULT_CURE))


DEFAULT_CURE = Text(
    "Employer une tâche utilisateur, une passerelle ou un processus appelé.", "Use a user task, a gateway or a called process."
)
CURES = {
    "task": Text(
        "Choisir un type : utilisateur, service, script, envoi, réception, règle.",
        "Choose a type: user, service, script, send, receive, rule.",
    ),
    "manualTask": Text("Employer une tâche utilisateur : ce qu'elle fait est tracé.", "Use a user task: what it does is traced."),
    "standardLoopCharacteristics": Text("Dessiner la boucle avec une passerelle.", "Draw the loop with a gateway."),
    **dict.fromkeys(
        (
            "dataObject",
            "dataObjectReference",
            "dataStoreReference",
            "ioSpecification",
            "dataInputAssociation",
            "dataOutputAssociation",
            "property",
        ),
        Text("Supprimer : les faits sont dans le dossier, pas dans le dessin.", "Delete it: facts are in the case, not in the drawing."),
    ),
    **dict.fromkeys(
        ("potentialOwner", "humanPerformer", "performer"),
        Text("Employer un couloir, ou la propriété « assignee ».", "Use a lane, or the property “assignee”."),
    ),
    **dict.fromkeys(("auditing", "monitoring"), Text("Supprimer : l'historique dit tout.", "Delete it: the history says everything.")),
    "transaction": Text("Employer un sous-processus ou une phase.", "Use a subprocess or a phase."),
    "adHocSubProcess": Text("Dessiner l'ordre des étapes avec des passerelles.", "Draw the order of the steps with gateways."),
    "complexGateway": Text("Employer une passerelle inclusive.", "Use an inclusive gateway."),
}


RESULT = Text(
    "Une fin simple, le fait « resultat », et une passerelle chez l'appelant.",
    "A plain end, the fact “resultat”, and a gateway in the caller.",
)
INSTEAD = {
    "error": RESULT,
    "escalation": RESULT,
    "cancel": RESULT,
    "signal": Text("Employer un message, attendu par chacun.", "Use a message, awaited by each."),
    "conditional": Text(
        "Employer un délai dont la date suit le fait : « =if fait = true then now() else null ».",
        "Use a timer whose date follows the fact: “=if fact = true then now() else null”.",
    ),
    "compensate": Text("Dessiner l'étape qui défait, derrière une passerelle.", "Draw the step that undoes, behind a gateway."),
    "link": Text("Relier par une flèche, ou découper en phases.", "Connect by a flow, or split into phases."),
    "multiple": Text("Un seul événement à la fois.", "One event at a time."),
}
SENDING = Text(
    "Envoyer par une tâche d'envoi (zeebe:taskDefinition) : un message lancé resterait dans l'état du dossier.",
    "Send by a send task (zeebe:taskDefinition): a thrown message would stay in the state of the case.",
)
WAITING = Text("Employer un délai ou un message.", "Use a timer or a message.")
ENDING = Text("Employer une fin simple, ou une fin immédiate.", "Use a plain end, or a terminate end.")


def _instead(kind: str, event: str) -> Text:
    """The nearest thing that we carry out."""
    if event == "message" and kind in ("endEvent", "intermediateThrowEvent"):
        return SENDING
    return INSTEAD.get(event) or (ENDING if kind in ("endEvent", "intermediateThrowEvent") else WAITING)


def _event(process: Process, node: Element) -> Iterator[Finding]:
    kind, event = local_name(node), event_of(node)
    if event not in ALLOWED_EVENTS[kind]:
        yield BAD_EVENT.at(process.file, node, what=EVENTS_SAID.get(event, event), cure=_instead(kind, event))
    holder = node.getparent()
    if kind != "startEvent" or holder is None:
        return
    triggered = holder.get("triggeredByEvent") == "true"
    if triggered and event != "message":
        yield EVENT_START.at(process.file, holder)
    elif not triggered and event:
        yield START_EVENT.at(process.file, node)


def _level(process: Process, level: Level) -> Iterator[Finding]:
    if len(level.starts) != 1:
        yield STARTS.at(process.file, level.owner, count=len(level.starts))
    if not any(level.kind(ident) == "endEvent" for ident in level.nodes):
        yield NO_END.at(process.file, level.owner)
    for flow in level.flows:
        source, target = flow.get("sourceRef"), flow.get("targetRef")
        if source not in level.nodes or target not in level.nodes:
            yield DANGLING.at(process.file, flow, source=source, target=target)
    reached = _reached(level)
    for ident, node in level.nodes.items():
        if ident not in reached and local_name(node) != "boundaryEvent":
            yield UNREACHABLE.at(process.file, node)
        is_event_subprocess = node.get("triggeredByEvent") == "true"
        if local_name(node) != "endEvent" and not level.outs[ident] and not is_event_subprocess:
            yield DEAD_END.at(process.file, node)


def _reached(level: Level) -> set[str]:
    todo = [*level.starts, *(i for i, n in level.nodes.items() if n.get("triggeredByEvent") == "true")]
    reached: set[str] = set()
    while todo:
        ident = todo.pop()
        if ident not in reached:
            reached.add(ident)
            todo += level.next(ident)
    return reached
