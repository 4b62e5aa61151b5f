"""Lanes: each step has somebody to do it, and that somebody is a role of the ministry."""

from __future__ import annotations

from collections.abc import Iterator

from ..xmlfile import local_name
from .bundle import CASE_TYPE, ROLES, SHARED_FILE, Bundle
from .document import B, Process, properties
from .expressions import Site, judge, place
from .finding import Finding, Rule, Text
from .names import Names, names_of

DONE_BY_PEOPLE = {"userTask", "receiveTask"}

NO_LANE = Rule(
    "lane-missing",
    Text("L'étape {element} n'est dans aucun couloir : personne ne la verrait.", "The step {element} is in no lane: nobody would see it."),
    Text("La mettre dans le couloir de celui qui la fait.", "Put it into the lane of the one who does it."),
)
UNKNOWN = Rule(
    "lane-unknown",
    Text("Le couloir « {lane} » n'a pas de rôle dans {sheet}.", "The lane “{lane}” has no role in {sheet}."),
    Text("L'ajouter sous « lanes », avec son rôle et son lieu.", "Add it under “lanes”, with its role and its place."),
)
EMPTY = Rule(
    "lane-empty",
    Text("Le couloir {element} est vide.", "The lane {element} is empty."),
    Text("Le supprimer de ce processus.", "Delete it from this process."),
)
LOST = Rule(
    "lane-reference",
    Text(
        "Le couloir {element} désigne « {ref} », qui n'est pas dans ce processus.",
        "The lane {element} names “{ref}”, which is not in this process.",
    ),
    Text("Ouvrir le fichier dans le Modeler, ou supprimer cette ligne.", "Open the file in the Modeler, or delete this line."),
)
ROLE = Rule(
    "role-unknown",
    Text("« {role} » n'est pas un rôle de {roles}.", "“{role}” is not a role of {roles}."),
    Text("Choisir un rôle existant, ou une expression « =… ».", "Choose an existing role, or an expression “=…”."),
)
NO_SHEET_LANE = Rule(
    "lane-unused",
    Text("Aucun processus n'a de couloir « {element} ».", "No process has a lane “{element}”."),
    Text("Supprimer cette ligne de « lanes ».", "Delete this line of “lanes”."),
)


def check(bundle: Bundle) -> Iterator[Finding]:
    sheet = SHARED_FILE if bundle.is_shared_folder else CASE_TYPE
    for process in bundle.own_processes:
        yield from _process(bundle, process, sheet)
    if sheet in bundle.yaml:
        yield from _sheet(bundle, sheet)


def _process(bundle: Bundle, process: Process, sheet: str) -> Iterator[Finding]:
    nodes = {node.get("id"): node for node in process.nodes()}
    for ident, node in nodes.items():
        waits = local_name(node) in DONE_BY_PEOPLE or "form" in properties(node)
        if waits and not process.lanes.get(ident) and "role" not in properties(node):  # inside an event subprocess there are no lanes
            yield NO_LANE.at(process.file, node)
    who = lanes_of(bundle, process)
    for lane in process.element.iter(f"{B}lane"):
        refs = [(ref.text or "").strip() for ref in lane.findall(f"{B}flowNodeRef")]
        if not refs and lane.find(f"{B}childLaneSet") is None:
            yield EMPTY.at(process.file, lane)
        for ref in refs:
            if ref not in nodes:
                yield LOST.at(process.file, lane, ref=ref)
        busy = any(local_name(nodes[ref]) in DONE_BY_PEOPLE for ref in refs if ref in nodes)
        if busy and lane.get("name") not in who:
            yield UNKNOWN.at(process.file, lane, lane=lane.get("name") or lane.get("id"), sheet=sheet)


def lanes_of(bundle: Bundle, process: Process) -> dict:
    """Lane -> who, as the engine looks it up: the process's own, those of its folder, those of the other."""
    own = bundle.part(SHARED_FILE, "processes").get(process.id)
    shared, case_type = bundle.part(SHARED_FILE, "lanes"), bundle.part(CASE_TYPE, "lanes") if bundle.case_type else {}
    return {**shared, **case_type, **(own if isinstance(own, dict) else {})}


def _sheet(bundle: Bundle, sheet: str) -> Iterator[Finding]:
    names = names_of(bundle)
    drawn = {lane.get("name") for process in bundle.own_processes for lane in process.element.iter(f"{B}lane")}
    for lane, who in bundle.part(sheet, "lanes").items():
        if lane not in drawn and drawn:
            yield NO_SHEET_LANE.at(sheet, lane, bundle.line(sheet, "lanes", lane))
        yield from _who(bundle, names, sheet, lane, who)
    for process, lanes in bundle.part(sheet, "processes").items():
        for lane, who in lanes.items() if isinstance(lanes, dict) else ():
            yield from _who(bundle, names, sheet, f"{process}.{lane}", who)
    start = bundle.part(sheet, "start").get("roles")
    for role in start if isinstance(start, list) else ():
        yield from known_role(bundle, sheet, "start", role)


def _who(bundle: Bundle, names: Names, sheet: str, lane: str, who) -> Iterator[Finding]:
    role = who.get("role") if isinstance(who, dict) else None
    if not isinstance(role, str):
        return  # said by the check of the sheets
    if not role.startswith("="):
        yield from known_role(bundle, sheet, lane, role)
        return
    name = lane.rpartition(".")[2]
    for process in bundle.own_processes:
        if any(found.get("name") == name for found in process.element.iter(f"{B}lane")):
            yield from judge(Site(sheet, lane, place("property", "role"), role, names.unsure(process.id)))


def known_role(bundle: Bundle, file: str, where, role: object) -> Iterator[Finding]:
    """A finding when the ministry has no such role; none when its list of roles is not there."""
    roles = bundle.part(ROLES, "roles")
    if roles and role not in roles:
        line = bundle.line(file, *str(where).split("."), str(role)) if isinstance(where, str) else 0
        yield ROLE.at(file, where, line, role=role, roles=ROLES)
