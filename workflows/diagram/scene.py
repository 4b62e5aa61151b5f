"""What a BPMN file draws: shapes and edges with their places, read from its diagram (BPMN DI)."""

from dataclasses import dataclass
from functools import lru_cache

from ..xmlfile import BPMN, BPMNDI, DC, DD, ZEEBE, local_name, parse

EVENT_SUFFIX = "EventDefinition"


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    w: float
    h: float

    @property
    def middle(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2


@dataclass(frozen=True)
class Shape:
    id: str
    kind: str  # local name of the BPMN element: userTask, lane, ...
    name: str
    box: Box
    label: Box | None
    event: str = ""  # timer, message, terminate, ... ; empty: none
    called: str = ""  # id of the called process
    several: str = ""  # parallel | sequential: done once for each element of a list
    aside: bool = False  # an event that does not interrupt
    expanded: bool = False
    lane: str = ""  # name of the lane that holds it
    host: str = ""  # of a boundary event
    inner: bool = False  # inside an embedded or event subprocess


@dataclass(frozen=True)
class Edge:
    id: str
    kind: str
    name: str
    source: str
    target: str
    points: tuple[tuple[float, float], ...]
    label: Box | None
    default: bool = False


@dataclass(frozen=True)
class Scene:
    name: str
    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]

    @property
    def frame(self) -> Box:
        """Everything drawn, with a margin."""
        boxes = [s.box for s in self.shapes] + [s.label for s in self.shapes if s.label] + [e.label for e in self.edges if e.label]
        xs = [v for b in boxes for v in (b.x, b.x + b.w)] + [x for e in self.edges for x, _ in e.points]
        ys = [v for b in boxes for v in (b.y, b.y + b.h)] + [y for e in self.edges for _, y in e.points]
        if not xs:
            return Box(0, 0, 0, 0)
        margin = 12
        return Box(min(xs) - margin, min(ys) - margin, max(xs) - min(xs) + 2 * margin, max(ys) - min(ys) + 2 * margin)


@lru_cache(maxsize=128)
def read(bpmn: bytes) -> Scene:
    """The scene of a file. Raises xmlfile.UnreadableXml. A file without a diagram gives a scene without shapes."""
    root = parse(bpmn)
    elements = {e.get("id"): e for e in root.iter() if isinstance(e.tag, str) and e.get("id")}
    lanes = {ref.text: lane.get("name") or "" for lane in root.iter(f"{{{BPMN}}}lane") for ref in lane.findall(f"{{{BPMN}}}flowNodeRef")}
    process = root.find(f"{{{BPMN}}}process")
    plane = root.find(f".//{{{BPMNDI}}}BPMNPlane")
    shapes, edges = [], []
    for drawn in plane if plane is not None else ():
        element = elements.get(drawn.get("bpmnElement"))
        if element is None:
            continue
        if local_name(drawn) == "BPMNShape":
            shapes.append(_shape(drawn, element, _lane(element, lanes)))
        elif local_name(drawn) == "BPMNEdge":
            edges.append(_edge(drawn, element))
    return Scene(process.get("name") or process.get("id") or "" if process is not None else "", tuple(s for s in shapes if s), tuple(edges))


def _number(text: str | None) -> float:
    """A coordinate; one that is none is 0, and the check of diagrams says so."""
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if abs(value) < 1e6 else 0.0


def _box(parent) -> Box | None:
    bounds = parent.find(f"{{{DC}}}Bounds") if parent is not None else None
    if bounds is None:
        return None
    return Box(*(_number(bounds.get(k)) for k in ("x", "y", "width", "height")))


def _lane(element, lanes) -> str:
    """Of the element or of the embedded subprocess around it."""
    while element is not None and local_name(element) != "process":
        if element.get("id") in lanes:
            return lanes[element.get("id")]
        element = element.getparent()
    return ""


def _shape(drawn, element, lane) -> Shape | None:
    box = _box(drawn)
    if box is None:
        return None
    events = [local_name(c).removesuffix(EVENT_SUFFIX) for c in element if local_name(c).endswith(EVENT_SUFFIX)]
    loop = element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    call = element.find(f"{{{BPMN}}}extensionElements/{{{ZEEBE}}}calledElement")
    kind = local_name(element)
    text = element.findtext(f"{{{BPMN}}}text") or ""
    return Shape(
        id=element.get("id"),
        kind=kind,
        name=element.get("name") or text,
        box=box,
        label=_box(drawn.find(f"{{{BPMNDI}}}BPMNLabel")),
        event=events[0] if events else "",
        called=call.get("processId") or "" if call is not None else element.get("calledElement") or "",
        several="" if loop is None else "sequential" if loop.get("isSequential") == "true" else "parallel",
        aside=element.get("cancelActivity") == "false" or element.get("isInterrupting") == "false",
        expanded=drawn.get("isExpanded") == "true",
        lane=lane,
        host=element.get("attachedToRef") or "",
        inner=local_name(element.getparent()) == "subProcess",
    )


def _edge(drawn, element) -> Edge:
    points = tuple((_number(w.get("x")), _number(w.get("y"))) for w in drawn.findall(f"{{{DD}}}waypoint"))
    source = element.get("sourceRef") or ""
    holder = element.getparent()
    default = any(e.get("default") == element.get("id") for e in holder if isinstance(e.tag, str) and e.get("id") == source)
    return Edge(
        id=element.get("id"),
        kind=local_name(element),
        name=element.get("name") or "",
        source=source,
        target=element.get("targetRef") or "",
        points=points,
        label=_box(drawn.find(f"{{{BPMNDI}}}BPMNLabel")),
        default=default,
    )
