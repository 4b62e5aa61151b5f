"""The diagram as a list: the steps in the order of the procedure, each with its lane and its state."""

from collections.abc import Callable
from dataclasses import dataclass

from . import words
from .progress import NEXT, PAST, Progress
from .scene import Scene, Shape, read

STEPS = {"userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "businessRuleTask", "callActivity"}
EVENTS = {"intermediateCatchEvent", "boundaryEvent", "startEvent"}


@dataclass(frozen=True)
class StepLine:
    id: str
    title: str
    lane: str
    kind: str  # local name of the BPMN element
    state: str  # past | now | wait | stuck | next: also the class of its line
    state_text: str
    called: str = ""  # id of the called process
    event: str = ""  # timer | message | ...


def outline(
    bpmn: bytes, tokens=(), visited=(), stuck=(), waiting=(), *, translate: Callable[[str], str] = str, lang: str = "fr"
) -> list[StepLine]:
    """Steps, calls and events with a name, in the order in which the procedure comes to them; an unnamed gateway, a script or an end
    only when the case stands or stopped there. The sets hold ids of elements. Raises xmlfile.UnreadableXml."""
    scene = read(bpmn)
    progress = Progress(scene, tokens, visited, stuck, waiting)
    lines = []
    for shape in _in_order(scene):
        state = progress.state(shape.id)
        if not _told(shape, state):
            continue
        title = translate(shape.name) if shape.name else words.kind_word(shape, lang)
        lane = translate(shape.lane) if shape.lane else ""
        lines.append(StepLine(shape.id, title, lane, shape.kind, state, words.state_word(state, lang), shape.called, shape.event))
    return lines


def _told(shape: Shape, state: str) -> bool:
    if shape.kind in ("lane", "participant"):
        return False
    if state not in (PAST, NEXT):
        return True
    if shape.kind == "endEvent":
        return state == PAST and bool(shape.name)
    return shape.kind in STEPS or (shape.kind in EVENTS and bool(shape.event) and bool(shape.name))


def _in_order(scene: Scene) -> list[Shape]:
    """A topological order (ways back left out) in which the steps of one branch stay together."""
    shapes = {s.id: s for s in scene.shapes}
    ways: dict[str, list[str]] = {ident: [] for ident in shapes}
    entered = set()
    for edge in scene.edges:
        if edge.kind == "sequenceFlow" and edge.source in shapes and edge.target in shapes:
            ways[edge.source].append(edge.target)
            entered.add(edge.target)
    for shape in scene.shapes:
        if shape.host in ways:
            ways[shape.host].insert(0, shape.id)
            entered.add(shape.id)
    roots = [s.id for s in scene.shapes if s.id not in entered]
    roots.sort(key=lambda i: (shapes[i].kind != "startEvent", not ways[i]))
    done: set[str] = set()
    order: list[str] = []
    rest: list[str] = []
    for root in reversed(roots):
        _visit(root, ways, done, order)
    for ident in reversed(shapes):
        _visit(ident, ways, done, rest)
    return [shapes[i] for i in (*reversed(order), *reversed(rest))]


def _visit(root: str, ways: dict, done: set, order: list) -> None:
    """Depth first without recursion; appends in post-order."""
    if root in done:
        return
    done.add(root)
    stack = [(root, iter(reversed(ways[root])))]
    while stack:
        ident, rest = stack[-1]
        step = next((i for i in rest if i not in done), None)
        if step is None:
            order.append(ident)
            stack.pop()
        else:
            done.add(step)
            stack.append((step, iter(reversed(ways[step]))))
