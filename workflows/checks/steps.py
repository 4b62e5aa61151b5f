"""What is said of a step in its properties: deadline, four eyes, status, service, letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..calendar import CalendarError, for_priority
from ..letters import names as letter_names
from ..xmlfile import Element, local_name
from .bundle import CASE_TYPE, SHARED_FILE, Bundle
from .document import B, Process, Z, extension, mappings, properties
from .finding import Finding, Rule, Text
from .lanes import known_role, lanes_of

PROPERTIES = {
    *("deadline", "four_eyes", "control", "screen", "status", "role", "assignee", "member", "reminders", "form", "template", "to", "place"),
    *("children", "sealed_until", "request_step", "opinion_step", "obligations", "obliged", "obliged_field", "apart"),
}
PRIORITIES = ("P1", "P2", "P3", "P4")

PROPERTY = Rule(
    "property-unknown",
    Text("{element} : la propriété « {name} » n'existe pas.", "{element}: there is no property “{name}”."),
    Text("Propriétés possibles : {known}.", "Possible properties: {known}."),
)
DEADLINE = Rule(
    "deadline-unreadable",
    Text("{element} : {detail}.", "{element}: the deadline “{value}” cannot be read."),
    Text(
        "Écrire « 4 h », « 2 jo », « 7 j », « P1: 4 h; *: 3 jo » ou « =expression ».",
        "Write “4 h”, “2 jo”, “7 j”, “P1: 4 h; *: 3 jo” or “=expression”.",
    ),
)
FOUR_EYES = Rule(
    "four-eyes-unknown",
    Text(
        "{element} : l'étape « {step} » nommée par four_eyes n'existe pas.",
        "{element}: the step “{step}” named by four_eyes does not exist.",
    ),
    Text("Écrire des identifiants d'étapes, séparés par des virgules.", "Write ids of steps, separated by commas."),
)
STATUS = Rule(
    "status-unknown",
    Text("{element} : le statut « {status} » n'existe pas.", "{element}: there is no status “{status}”."),
    Text("Statuts possibles : {known}.", "Possible statuses: {known}."),
)
HANDLER = Rule(
    "service-unknown",
    Text(
        "{element} demande le service « {handler} », qui n'existe pas.", "{element} asks for the service “{handler}”, which does not exist."
    ),
    Text("Services possibles : {known}.", "Possible services: {known}."),
)
NO_HANDLER = Rule(
    "service-missing",
    Text("{element} ne dit pas quel service la fait.", "{element} does not say which service does it."),
    Text('Écrire zeebe:taskDefinition type="…".', 'Write zeebe:taskDefinition type="…".'),
)
CODE = Rule(
    "input-code",
    Text("{element} : « {value} » n'est pas {what}.", "{element}: “{value}” is no {what}."),
    Text("Possibles : {known}.", "Possible: {known}."),
)
VALUE = Rule(
    "property-value",
    Text("{element} : « {name} » ne peut pas valoir « {value} ».", "{element}: “{name}” cannot be “{value}”."),
    Text("Valeurs possibles : {known}.", "Possible values: {known}."),
)
CONTROL = Rule(
    "control-unknown",
    Text("{element} : le contrôle « {control} » n'existe pas.", "{element}: there is no control “{control}”."),
    Text("Contrôles possibles : {known}.", "Possible controls: {known}."),
)
TEMPLATE = Rule(
    "letter-missing",
    Text(
        "{element} envoie « {template} », dont le texte n'est pas dans letters/.",
        "{element} sends “{template}”, whose text is not in letters/.",
    ),
    Text("Écrire le modèle dans letters/ du dossier ou de _shared.", "Write the template in letters/ of the folder or of _shared."),
)
ADDRESSEE = Rule(
    "letter-to",
    Text(
        "{element} : l'envoi ne dit pas à qui (« to »), ou « {to} » n'est ni un rôle, ni un couloir, ni une expression.",
        "{element}: the sending does not say to whom (“to”), or “{to}” is no role, lane or expression.",
    ),
    Text("Écrire un rôle, le nom d'un couloir, ou « =expression ».", "Write a role, the name of a lane, or “=expression”."),
)
STATUSES = (
    *("brouillon", "soumis", "recevabilite", "instruction", "attente_complement", "attente_externe", "attente_decision"),
    *("attente_financement", "execution", "suivi", "suspendu", "clos", "annule", "rejete", "transfere"),
)


def check(bundle: Bundle) -> Iterator[Finding]:
    steps = {node.get("id") for process in bundle.processes.values() for node in process.nodes()}
    for process in bundle.own_processes:
        for node in process.nodes():
            yield from _properties(bundle, process, node, steps)
            if local_name(node) in ("serviceTask", "sendTask"):
                yield from _service(bundle, process, node)


def _properties(bundle: Bundle, process: Process, node: Element, steps: set) -> Iterator[Finding]:
    file, said = process.file, properties(node)
    for name in said:
        if name not in PROPERTIES:
            yield PROPERTY.at(file, node, name=name, known=", ".join(sorted(PROPERTIES)))
    if said.get("reminders", "none") != "none":
        yield VALUE.at(file, node, name="reminders", value=said["reminders"], known="none")
    if "deadline" in said and not said["deadline"].startswith("="):
        yield from _deadline(file, node, said["deadline"])
    for step in filter(None, (part.strip() for part in said.get("four_eyes", "").split(","))):
        if step not in steps:
            yield FOUR_EYES.at(file, node, step=step)
    statuses = bundle.part(SHARED_FILE, "statuses") or dict.fromkeys(STATUSES)
    if "status" in said and said["status"] not in statuses:
        yield STATUS.at(file, node, status=said["status"], known=", ".join(statuses))
    if "role" in said and not said["role"].startswith("="):
        yield from known_role(bundle, file, node, said["role"])
    for kind in filter(None, (part.strip() for part in said.get("obligations", "").split(","))):
        owed = bundle.part(SHARED_FILE, "obligations")
        if kind not in owed:
            yield VALUE.at(file, node, name="obligations", value=kind, known=", ".join(owed))
    for control in said.get("control", "").split(",") if bundle.known.controls is not None and "control" in said else ():
        if bundle.known.controls is not None and control.strip() not in bundle.known.controls:
            yield CONTROL.at(file, node, control=control.strip(), known=", ".join(sorted(bundle.known.controls)))


def _deadline(file: str, node: Element, value: str) -> Iterator[Finding]:
    for priority in PRIORITIES:
        try:
            for_priority(value, priority)
        except (CalendarError, ValueError) as error:
            yield DEADLINE.at(file, node, detail=error, value=value)
            return


def _service(bundle: Bundle, process: Process, node: Element) -> Iterator[Finding]:
    definition = extension(node, "taskDefinition")
    handler = definition.get("type") or "" if definition is not None else ""
    if not handler:
        yield NO_HANDLER.at(process.file, node)
    elif local_name(node) == "serviceTask" and bundle.known.handlers is not None and handler not in bundle.known.handlers:
        yield HANDLER.at(process.file, node, handler=handler, known=", ".join(sorted(bundle.known.handlers)))
    elif local_name(node) == "sendTask":
        if handler != SENDS:
            yield HANDLER.at(process.file, node, handler=handler, known=SENDS)
        yield from _letter(bundle, process, node)
    for target, source, element in mappings(node, "input"):
        yield from _code(bundle, process, node, (handler, target), source, element)


SENDS = "notify"  # what a send task does
OUTCOME, ONE_STATUS = Text("une issue du type de dossier", "outcome of the case type"), Text("un statut", "status")
OWED = Text("une obligation déclarée", "declared obligation")
LEVEL, PRIORITY = Text("un niveau de confidentialité", "level of confidentiality"), Text("une priorité", "priority")
CODED = {
    ("case.close", "issue"): OUTCOME,
    ("case.status", "statut"): ONE_STATUS,
    ("case.confidentiality", "niveau"): LEVEL,
    ("case.priority", "priorite"): PRIORITY,
    ("obligation.open", "obligation"): OWED,
    ("obligation.clear", "obligation"): OWED,
}


def _code(bundle: Bundle, process: Process, node: Element, where: tuple[str, str], source: str, element: Element) -> Iterator[Finding]:
    """A code written in so many words is one of those that the service knows."""
    what = CODED.get(where)
    given = re.fullmatch(r'=\s*"([^"]*)"\s*', source)
    if what is None or given is None:
        return
    outcomes = {**bundle.part(SHARED_FILE, "outcomes"), **(bundle.part(CASE_TYPE, "outcomes") if bundle.case_type else {})}
    known = {
        OUTCOME: outcomes,
        ONE_STATUS: bundle.part(SHARED_FILE, "statuses") or dict.fromkeys(STATUSES),
        LEVEL: bundle.part(SHARED_FILE, "confidentiality") or dict.fromkeys(("C1", "C2", "C3", "C4")),
        PRIORITY: dict.fromkeys(PRIORITIES),
        OWED: bundle.part(SHARED_FILE, "obligations"),
    }[what]
    if known and given[1] not in known:
        yield CODE.at(process.file, element, value=given[1], what=what, known=", ".join(known))


def _letter(bundle: Bundle, process: Process, node: Element) -> Iterator[Finding]:
    headers = {h.get("key"): h.get("value") or "" for h in node.findall(f"{B}extensionElements/{Z}taskHeaders/{Z}header")}
    template, to = headers.get("template", ""), headers.get("to", "")
    if not template.startswith("=") and template not in letter_names(bundle.files):
        yield TEMPLATE.at(process.file, node, template=template)
    known = {*lanes_of(bundle, process), *bundle.part("roles.yaml", "roles"), *bundle.known.addressees}
    if not to.startswith("=") and to not in known:
        yield ADDRESSEE.at(process.file, node, to=to)
