"""From a BPMN file to the same file with its diagram (BPMN DI)."""
from lxml import etree

from ..xmlfile import BPMN as M
from ..xmlfile import BPMNDI as DI
from ..xmlfile import DC, DD, parse
from .drawing import Layout
from .model import TITLE
from .seal import BLANK, seal


class LayoutError(ValueError):
    """The elements of the file cannot be drawn: one refers to what is not there."""


class Writer:
    def __init__(self, tree, compress):
        self.root, self.compress, self.bounds = tree.getroot(), compress, {}
        for old in self.root.findall(f"{{{DI}}}BPMNDiagram"):
            self.root.remove(old)
        self.processes = self.root.findall(f"{{{M}}}process")
        self.pools = self.root.find(f"{{{M}}}collaboration")
        if self.pools is None and self.root.find(f".//{{{M}}}lane") is not None:
            self.pools = etree.Element(f"{{{M}}}collaboration", id=f"collaboration_{self.processes[0].get('id')}")
            for p in self.processes:
                etree.SubElement(self.pools, f"{{{M}}}participant", id=f"participant_{p.get('id')}", name=p.get("name") or p.get("id"),
                                 processRef=p.get("id"))
            self.root.insert(self.root.index(self.processes[0]), self.pools)
        plane_of = (self.processes[0] if self.pools is None else self.pools).get("id")
        diagram = etree.SubElement(self.root, f"{{{DI}}}BPMNDiagram", id=f"diagram_{plane_of}", documentation=BLANK, nsmap={"bpmndi": DI, "dc": DC, "di": DD})
        self.plane = etree.SubElement(diagram, f"{{{DI}}}BPMNPlane", id=f"plane_{plane_of}", bpmnElement=plane_of)
        pools = [] if self.pools is None else self.pools.findall(f"{{{M}}}participant")
        y, by_id = 80, {p.get("id"): p for p in self.processes}
        for pool, process in [(p, by_id.get(p.get("processRef"))) for p in pools] or [(None, p) for p in self.processes]:
            y = self.pool(pool, process, 160, y) + 50
        for flow in self.root.iter(f"{{{M}}}messageFlow"):
            self.message(flow)

    def pool(self, pool, process, x, y):
        if process is None:                             # a black box: a band as wide as the widest so far
            self.shape(pool, x, y, max((b[2] for b in self.bounds.values()), default=600), 60, isHorizontal="true")
            return y + 60
        lanes = process.findall(f"{{{M}}}laneSet/{{{M}}}lane")
        lane_of = {ref.text: k for k, lane in enumerate(lanes) for ref in lane.findall(f"{{{M}}}flowNodeRef")}
        plan = Layout(process, lane_of, [lane.get("name") or "" for lane in lanes] or ("",), self.compress)
        left = x + (60 if lanes else 30 if pool is not None else 0)
        if pool is not None:
            self.shape(pool, x, y, plan.w + left - x, plan.h, isHorizontal="true")
        for lane, top, end in zip(lanes, plan.lane_y, plan.lane_y[1:]):
            self.shape(lane, x + 30, y + top, plan.w + 30, end - top, isHorizontal="true")
        self.plan(plan, left, y)
        return y + plan.h

    def plan(self, plan, dx, dy):
        for n in [*plan.nodes.values(), *plan.events]:
            extra = {"isMarkerVisible": "true"} if n.kind == "exclusiveGateway" else {"isExpanded": "true"} if n.inner else {}
            x, y, w, h = n.box()
            self.shape(n.element, x + dx, y + dy, w, h, n.label and (n.label[0] + dx, n.label[1] + dy, *n.label[2:]), **extra)
            if n.inner:
                self.plan(n.inner, dx + n.cx - n.inner.w / 2, dy + y + TITLE)
        for f in plan.flows:
            self.edge(f.element, [(a + dx, b + dy) for a, b in f.points], f.label and (f.label[0] + dx, f.label[1] + dy, *f.label[2:]))

    def box(self, parent, x, y, w, h):
        etree.SubElement(parent, f"{{{DC}}}Bounds", x=f"{round(x)}", y=f"{round(y)}", width=f"{round(w)}", height=f"{round(h)}")

    def shape(self, element, x, y, w, h, label=None, **extra):
        self.bounds[element.get("id")] = (x, y, w, h)
        shape = etree.SubElement(self.plane, f"{{{DI}}}BPMNShape", id=f"{element.get('id')}_di", bpmnElement=element.get("id"), **extra)
        self.box(shape, x, y, w, h)
        if label:
            self.box(etree.SubElement(shape, f"{{{DI}}}BPMNLabel"), *label)

    def edge(self, element, points, label=None):
        edge = etree.SubElement(self.plane, f"{{{DI}}}BPMNEdge", id=f"{element.get('id')}_di", bpmnElement=element.get("id"))
        points = [(round(x), round(y)) for x, y in points]
        for a, p, b in zip([None, *points], points, [*points[1:], None]):
            if not (a and b and (a[0] == p[0] == b[0] or a[1] == p[1] == b[1])):
                etree.SubElement(edge, f"{{{DD}}}waypoint", x=str(p[0]), y=str(p[1]))
        if label:
            self.box(etree.SubElement(edge, f"{{{DI}}}BPMNLabel"), *label)

    def message(self, flow):
        """Straight between a node and a band; else with one step half-way."""
        a, b = self.bounds[flow.get("sourceRef")], self.bounds[flow.get("targetRef")]
        ax, bx = (box[0] + box[2] / 2 for box in ((b, b) if a[2] > 300 else (a, a) if b[2] > 300 else (a, b)))
        ay, by = (a[1] + a[3], b[1]) if a[1] < b[1] else (a[1], b[1] + b[3])
        self.edge(flow, [(ax, ay), (ax, (ay + by) / 2), (bx, (ay + by) / 2), (bx, by)])


def layout(source: bytes, compress: int = 18) -> bytes:
    """The bytes of a BPMN file with its whole diagram; the same bytes when it is given its own output.

    With more than `compress` columns a lone flow into another lane runs straight up or down. Raises UnreadableXml; raises LayoutError
    when the file has no process, or an element leads to nothing."""
    tree = parse(source, remove_blank_text=True).getroottree()
    try:
        Writer(tree, compress)
    except (KeyError, IndexError, AttributeError) as error:
        raise LayoutError(f"no diagram can be drawn: {error!r}") from error
    etree.indent(tree, "  ")
    return seal(etree.tostring(tree, xml_declaration=True, encoding="UTF-8") + b"\n")
