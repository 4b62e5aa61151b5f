"""What every drawing keeps, on samples that hold each kind of element."""

from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from lxml import etree

from workflows.diagram.scene import read
from workflows.layout import LayoutError, is_sealed, layout
from workflows.layout.model import meet, wrap
from workflows.xmlfile import BPMN, BPMNDI, DD, UnreadableXml

SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.bpmn"))
DRAWN = ("Event", "Gateway", "ask", "callActivity", "ubProcess", "transaction", "lane", "participant", "sequenceFlow", "messageFlow")

drawn = cache(layout)


@pytest.fixture(params=SAMPLES, ids=lambda path: path.stem)
def drawing(request):
    """The file, its root, the boxes of its shapes and the points of its edges by element."""
    root = etree.fromstring(drawn(request.param.read_bytes()))
    shapes, edges = {}, {}
    for shape in root.iter(f"{{{BPMNDI}}}BPMNShape"):
        bounds = shape.find("{*}Bounds")
        shapes[shape.get("bpmnElement")] = [float(bounds.get(k)) for k in ("x", "y", "width", "height")]
    for edge in root.iter(f"{{{BPMNDI}}}BPMNEdge"):
        edges[edge.get("bpmnElement")] = [(float(w.get("x")), float(w.get("y"))) for w in edge.findall(f"{{{DD}}}waypoint")]
    return request.param, root, shapes, edges


def test_its_own_output_gives_the_same_bytes(drawing):
    path, _, _, _ = drawing
    assert drawn(path.read_bytes()) == path.read_bytes()


def test_everything_is_drawn(drawing):
    _, root, shapes, edges = drawing
    wanted = {e.get("id") for e in root.iter(f"{{{BPMN}}}*") if etree.QName(e).localname.endswith(DRAWN) and e.get("id")}
    assert wanted == set(shapes) | set(edges)


def test_lanes_are_bands_and_hold_their_nodes(drawing):
    _, root, shapes, _ = drawing
    lanes = root.findall(f".//{{{BPMN}}}lane")
    inner = {e.get("id") for e in root.iterfind(f".//{{{BPMN}}}subProcess//*[@id]")}  # these lie elsewhere; their lane says who acts
    for upper, lower in pairwise(lanes):
        (ax, ay, aw, ah), (bx, by, bw, _) = shapes[upper.get("id")], shapes[lower.get("id")]
        assert (ax, aw, ay + ah) == (bx, bw, pytest.approx(by, abs=1))
    for lane in lanes:
        _, y, _, h = shapes[lane.get("id")]
        for ref in lane.findall(f"{{{BPMN}}}flowNodeRef"):
            _, ny, _, nh = shapes[ref.text]
            assert ref.text in inner or (y < ny and ny + nh < y + h), ref.text


def test_no_two_nodes_overlap(drawing):
    _, root, shapes, _ = drawing
    for owner in [*root.findall(f"{{{BPMN}}}process"), *root.iter(f"{{{BPMN}}}subProcess")]:
        boxes = [shapes[e.get("id")] for e in owner if e.get("id") in shapes and not e.get("attachedToRef")]
        assert not [1 for i, a in enumerate(boxes) for b in boxes[i + 1 :] if meet(a, b)]


def test_flows_are_orthogonal_and_pass_through_no_node(drawing):
    _, root, shapes, edges = drawing
    for owner in [*root.findall(f"{{{BPMN}}}process"), *root.iter(f"{{{BPMN}}}subProcess")]:
        for flow in owner.findall(f"{{{BPMN}}}sequenceFlow"):
            ends = {flow.get("sourceRef"), flow.get("targetRef")}
            ends |= {e.get("attachedToRef") for e in owner if e.get("id") in ends}
            strangers = [e.get("id") for e in owner if e.get("id") in shapes and e.get("id") not in ends and not e.get("attachedToRef")]
            others = [(x + 2, y + 2, w - 4, h - 4) for x, y, w, h in (shapes[ident] for ident in strangers)]
            points = edges[flow.get("id")]
            for (ax, ay), (bx, by) in pairwise(points):
                assert ax == bx or ay == by, flow.get("id")
                line = (min(ax, bx), min(ay, by), abs(ax - bx), abs(ay - by))
                assert not any(meet(line, box) for box in others), flow.get("id")


def test_boundary_events_sit_on_the_lower_border(drawing):
    _, root, shapes, _ = drawing
    for event in root.iter(f"{{{BPMN}}}boundaryEvent"):
        x, y, w, h = shapes[event.get("id")]
        hx, hy, hw, hh = shapes[event.get("attachedToRef")]
        assert y + h / 2 == pytest.approx(hy + hh, abs=1)
        assert hx <= x and x + w <= hx + hw


def test_the_seal_breaks_when_a_shape_is_moved_or_a_name_changed():
    content = SAMPLES[0].read_bytes()
    assert is_sealed(content)
    assert not is_sealed(content.replace(b' x="', b' x="1', 1))
    assert not is_sealed(content.replace(b'name="', b'name="A', 1))


def test_a_redrawn_file_is_sealed_again():
    moved = SAMPLES[0].read_bytes().replace(b' x="', b' x="1', 1)
    assert layout(moved) == SAMPLES[0].read_bytes()


def test_french_signs_and_units_stay_with_their_word():
    assert wrap("Nouvelle limite ?", 15) == ["Nouvelle", "limite\xa0?"]
    assert wrap("limite - 2 j", 11) == ["limite -", "2\xa0j"]


def test_a_flow_to_nowhere_is_said_and_no_traceback():
    empty = b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>'
    with pytest.raises(LayoutError, match="aucun processus"):
        layout(empty)
    with pytest.raises(UnreadableXml):
        layout(b"no xml")


def test_a_boundary_on_nothing_is_said():
    lost = (
        b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p">'
        b'<boundaryEvent id="b" attachedToRef="nobody"/></process></definitions>'
    )
    with pytest.raises(LayoutError, match="'nobody', qui n'est pas dans le fichier"):
        layout(lost)


def test_more_than_anybody_reads_in_one_drawing_is_said_at_once():
    flows = b"".join(b'<sequenceFlow id="f%d" sourceRef="a" targetRef="b"/>' % number for number in range(401))
    with pytest.raises(LayoutError, match="plus de 400 flèches"):
        layout(b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p">' + flows + b"</process></definitions>")


TREE = sorted((Path(__file__).parents[2] / "bpmn").glob("*/*.bpmn"))


@pytest.mark.parametrize("path", [*SAMPLES, *TREE], ids=lambda path: path.stem)
def test_names_cover_no_node_and_no_other_name(path):
    scene = read(path.read_bytes())
    labels = [(owner.id, inset(owner.label)) for owner in (*scene.shapes, *scene.edges) if owner.label]
    nodes = [(shape.id, inset(shape.box)) for shape in scene.shapes if shape.kind not in ("lane", "participant") and not shape.expanded]
    assert [(a, b) for a, label in labels for b, box in nodes if a != b and meet(label, box)] == []
    assert [(a, b) for k, (a, first) in enumerate(labels) for b, second in labels[k + 1 :] if meet(first, second)] == []


def test_no_arrow_crosses_a_name():
    assert [(path.stem, *found) for path in (*SAMPLES, *TREE) for found in crossed_names(read(path.read_bytes()))] == []


def crossed_names(scene):
    """(whose name, by which arrow) of a drawing."""
    lines = [(edge.id, (min(a, c), min(b, d), abs(a - c), abs(b - d))) for edge in scene.edges for (a, b), (c, d) in pairwise(edge.points)]
    named = [(owner.id, inset(owner.label)) for owner in (*scene.shapes, *scene.edges) if owner.label]
    return [(owner, arrow) for owner, label in named for arrow, line in lines if meet(label, line)]


def inset(box):
    return box.x + 1, box.y + 1, box.w - 2, box.h - 2


@pytest.mark.parametrize("path", TREE, ids=lambda path: path.stem)
def test_answers_that_leave_a_gateway_on_different_sides_never_run_on_one_line(path):
    scene = read(path.read_bytes())
    for source in {edge.source for edge in scene.edges}:
        leaving = [edge for edge in scene.edges if edge.source == source]
        for k, first in enumerate(leaving):
            for second in leaving[k + 1 :]:
                if first.target != second.target and first.points[0] != second.points[0]:
                    assert not [1 for a in pieces(first) for b in pieces(second) if along(a, b) > 1], (first.id, second.id)


def pieces(edge):
    return [(min(a, b), max(a, b)) for a, b in pairwise(edge.points)]


def along(a, b):
    """How far two straight pieces run on one line."""
    (ax, ay), (bx, by) = a
    (cx, cy), (dx, dy) = b
    if ax == bx == cx == dx:
        return min(by, dy) - max(ay, cy)
    return min(bx, dx) - max(ax, cx) if ay == by == cy == dy else 0


@pytest.mark.parametrize("path", TREE, ids=lambda path: path.stem)
def test_a_drawing_breaks_names_where_the_layout_did(path):
    for owner in (*read(path.read_bytes()).shapes, *read(path.read_bytes()).edges):
        if owner.label and owner.kind != "sequenceFlow":
            width = max(round((owner.label.w - 6) / 6.2), 11)
            assert len(wrap(owner.name, width)) * 14 == owner.label.h, owner.name
