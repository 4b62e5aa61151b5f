"""From a BPMN file to the same file with its diagram (BPMN DI)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from lxml import etree

from ..xmlfile import BPMN, BPMNDI, DC, DD, parse
from .model import TITLE, Box, Flow, Node, Point
from .plan import Plan
from .seal import BLANK, seal

LEFT, TOP, POOL, LANE = 160, 80, 30, 30  # where the first pool begins; widths of the bands with the names
COMPRESS = 18
MOST_FLOWS = 400
"""Of a process: twice what the engine takes; nobody reads more in one drawing."""


class LayoutError(ValueError):
    """The elements of the file cannot be drawn: there are too many, or one refers to what is not there. The message is for the author."""


def layout(source: bytes, compress: int = COMPRESS) -> bytes:
    """The bytes of a BPMN file with its whole diagram; the same bytes when it is given its own output.

    With more than `compress` columns a lone flow into another lane runs straight up or down. Raises UnreadableXml; raises LayoutError
    when the file has no process or one of more than MOST_FLOWS flows, or an element leads to nothing."""
    tree = parse(source, remove_blank_text=True).getroottree()
    writer = Writer(tree.getroot(), compress)
    if not writer.processes:
        raise LayoutError("le fichier ne contient aucun processus")
    for process in writer.processes:
        if sum(1 for _ in process.iter(f"{{{BPMN}}}sequenceFlow")) > MOST_FLOWS:
            raise LayoutError(f"« {process.get('id')} » a plus de {MOST_FLOWS} flèches ; le répartir en phases appelées")
    try:
        writer.write()
    except KeyError as error:
        raise LayoutError(f"un élément renvoie à {error.args[0]!r}, qui n'est pas dans le fichier") from error
    except (IndexError, AttributeError, TypeError) as error:
        raise LayoutError("un élément manque ou renvoie à ce qui n'est pas dans le fichier ; « flask check » dit lequel") from error
    etree.indent(tree, "  ")
    return seal(etree.tostring(tree, xml_declaration=True, encoding="UTF-8") + b"\n")


class Writer:
    """Replaces the diagram of a file. `bounds`: what has been drawn, by element id."""

    def __init__(self, root: Any, compress: int):
        self.root, self.compress = root, compress
        self.bounds: dict[str, Box] = {}
        self.processes = root.findall(f"{{{BPMN}}}process")

    def write(self) -> None:
        for old in self.root.findall(f"{{{BPMNDI}}}BPMNDiagram"):
            self.root.remove(old)
        pools = self._collaboration()
        plane_of = (self.processes[0] if pools is None else pools).get("id")
        names = {"bpmndi": BPMNDI, "dc": DC, "di": DD}
        diagram = etree.SubElement(self.root, f"{{{BPMNDI}}}BPMNDiagram", id=f"diagram_{plane_of}", documentation=BLANK, nsmap=names)
        self.plane = etree.SubElement(diagram, f"{{{BPMNDI}}}BPMNPlane", id=f"plane_{plane_of}", bpmnElement=plane_of)
        by_id = {p.get("id"): p for p in self.processes}
        members = [] if pools is None else pools.findall(f"{{{BPMN}}}participant")
        y: float = TOP
        for pool, process in [(p, by_id.get(p.get("processRef"))) for p in members] or [(None, p) for p in self.processes]:
            y = self._pool(pool, process, LEFT, y) + 50
        for flow in self.root.iter(f"{{{BPMN}}}messageFlow"):
            self._message(flow)

    def _collaboration(self) -> Any:
        """The pools; a process with lanes and no collaboration gets one."""
        pools = self.root.find(f"{{{BPMN}}}collaboration")
        if pools is None and self.root.find(f".//{{{BPMN}}}lane") is not None:
            pools = etree.Element(f"{{{BPMN}}}collaboration", id=f"collaboration_{self.processes[0].get('id')}")
            for process in self.processes:
                ident = process.get("id")
                name = process.get("name") or ident
                etree.SubElement(pools, f"{{{BPMN}}}participant", id=f"participant_{ident}", name=name, processRef=ident)
            self.root.insert(self.root.index(self.processes[0]), pools)
        return pools

    # drawing
    def _pool(self, pool: Any, process: Any, x: float, y: float) -> float:
        """Draws one pool; its bottom comes back. Without a process it is a band as wide as the widest so far."""
        if process is None:
            self._shape(pool, (x, y, max((b[2] for b in self.bounds.values()), default=600), 60), isHorizontal="true")
            return y + 60
        lanes = process.findall(f"{{{BPMN}}}laneSet/{{{BPMN}}}lane")
        lane_of = {ref.text: k for k, lane in enumerate(lanes) for ref in lane.findall(f"{{{BPMN}}}flowNodeRef")}
        plan = Plan(process, lane_of, [lane.get("name") or "" for lane in lanes] or ("",), self.compress)
        left = x + (POOL + LANE if lanes else POOL if pool is not None else 0)
        if pool is not None:
            self._shape(pool, (x, y, plan.w + left - x, plan.h), isHorizontal="true")
        for lane, (top, end) in zip(lanes, pairwise(plan.lane_y), strict=False):
            self._shape(lane, (x + POOL, y + top, plan.w + LANE, end - top), isHorizontal="true")
        self._plan(plan, left, y)
        return y + plan.h

    def _plan(self, plan: Plan, dx: float, dy: float) -> None:
        for node in [*plan.nodes.values(), *plan.events]:
            self._node(node, dx, dy)
        for flow in plan.flows:
            self._flow(flow, dx, dy)

    def _node(self, node: Node, dx: float, dy: float) -> None:
        extra = {"isMarkerVisible": "true"} if node.kind == "exclusiveGateway" else {"isExpanded": "true"} if node.inner else {}
        box = _moved(node.box(), dx, dy)
        self._shape(node.element, box, node.label and _moved(node.label, dx, dy), **extra)
        if node.inner:
            self._plan(node.inner, dx + node.cx - node.inner.w / 2, box[1] + TITLE)

    def _flow(self, flow: Flow, dx: float, dy: float) -> None:
        points = [(a + dx, b + dy) for a, b in flow.points]
        self._edge(flow.element, points, flow.label and _moved(flow.label, dx, dy))

    def _message(self, flow: Any) -> None:
        """Straight between a node and a band; else with one step half-way."""
        a, b = self.bounds[flow.get("sourceRef")], self.bounds[flow.get("targetRef")]
        ax, bx = (box[0] + box[2] / 2 for box in ((b, b) if a[2] > 300 else (a, a) if b[2] > 300 else (a, b)))
        ay, by = (a[1] + a[3], b[1]) if a[1] < b[1] else (a[1], b[1] + b[3])
        self._edge(flow, [(ax, ay), (ax, (ay + by) / 2), (bx, (ay + by) / 2), (bx, by)])

    # elements
    def _shape(self, element: Any, box: Box, label: Box | None = None, **extra: str) -> None:
        ident = element.get("id")
        self.bounds[ident] = box
        shape = etree.SubElement(self.plane, f"{{{BPMNDI}}}BPMNShape", id=f"{ident}_di", bpmnElement=ident)
        for name, value in extra.items():
            shape.set(name, value)
        _bounds(shape, box)
        if label:
            _bounds(etree.SubElement(shape, f"{{{BPMNDI}}}BPMNLabel"), label)

    def _edge(self, element: Any, points: Sequence[Point], label: Box | None = None) -> None:
        edge = etree.SubElement(self.plane, f"{{{BPMNDI}}}BPMNEdge", id=f"{element.get('id')}_di", bpmnElement=element.get("id"))
        for x, y in _corners([(round(x), round(y)) for x, y in points]):
            etree.SubElement(edge, f"{{{DD}}}waypoint", x=str(x), y=str(y))
        if label:
            _bounds(etree.SubElement(edge, f"{{{BPMNDI}}}BPMNLabel"), label)


def _corners(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without the points that lie on a straight line between their neighbours."""
    inner = [p for a, p, b in zip(points, points[1:], points[2:], strict=False) if not (a[0] == p[0] == b[0] or a[1] == p[1] == b[1])]
    return [points[0], *inner, points[-1]]


def _moved(box: Box, dx: float, dy: float) -> Box:
    return box[0] + dx, box[1] + dy, box[2], box[3]


def _bounds(parent: Any, box: Box) -> None:
    x, y, w, h = (str(round(value)) for value in box)
    etree.SubElement(parent, f"{{{DC}}}Bounds", x=x, y=y, width=w, height=h)
