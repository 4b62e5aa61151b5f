"""A small procedure, drawn by our own layout: what a drawing and its list say about a case."""

import pytest
from lxml import etree

from workflows.diagram import outline, svg
from workflows.diagram.scene import read
from workflows.layout import layout
from workflows.xmlfile import UnreadableXml

SOURCE = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">
<process id="p" name="Décès à l'étranger">
  <laneSet id="ls"><lane id="l1" name="Agent consulaire"><flowNodeRef>recu</flowNodeRef><flowNodeRef>noter</flowNodeRef>
    <flowNodeRef>choix</flowNodeRef><flowNodeRef>fin</flowNodeRef><flowNodeRef>aviser</flowNodeRef><flowNodeRef>rappel</flowNodeRef>
    <flowNodeRef>relancer</flowNodeRef><flowNodeRef>relance_faite</flowNodeRef></lane>
    <lane id="l2" name="Chef de poste"><flowNodeRef>decider</flowNodeRef><flowNodeRef>payer</flowNodeRef></lane></laneSet>
  <startEvent id="recu" name="Décès signalé"/>
  <userTask id="noter" name="Noter &lt;le&gt; décès"/>
  <exclusiveGateway id="choix" name="Famille connue ?" default="f_non"/>
  <userTask id="decider" name="Décider"/>
  <callActivity id="payer" name="Payer"><extensionElements><zeebe:calledElement processId="sp_pay"/></extensionElements></callActivity>
  <sendTask id="aviser" name="Aviser la famille"/>
  <endEvent id="fin" name="Clos"/>
  <boundaryEvent id="rappel" name="2 j avant" attachedToRef="decider" cancelActivity="false"><timerEventDefinition id="td"/></boundaryEvent>
  <userTask id="relancer" name="Relancer"/>
  <endEvent id="relance_faite"/>
  <sequenceFlow id="f1" sourceRef="recu" targetRef="noter"/>
  <sequenceFlow id="f2" sourceRef="noter" targetRef="choix"/>
  <sequenceFlow id="f_oui" name="oui" sourceRef="choix" targetRef="aviser"/>
  <sequenceFlow id="f_non" name="non" sourceRef="choix" targetRef="decider"/>
  <sequenceFlow id="f3" sourceRef="aviser" targetRef="payer"/>
  <sequenceFlow id="f4" sourceRef="decider" targetRef="payer"/>
  <sequenceFlow id="f5" sourceRef="payer" targetRef="fin"/>
  <sequenceFlow id="f6" sourceRef="rappel" targetRef="relancer"/>
  <sequenceFlow id="f7" sourceRef="relancer" targetRef="relance_faite"/>
</process></definitions>"""

FILE = layout(SOURCE.encode())


def drawn(**how):
    return etree.fromstring(svg(FILE, **how))


def classes(root):
    """Class of each node by its title."""
    return {n.findtext("{*}title") or n.findtext("title"): n.get("class") for n in root.iter() if (n.get("class") or "").startswith("node")}


def states(**how):
    return {line.id: line.state for line in outline(FILE, **how)}


def test_every_step_has_its_state_in_the_drawing():
    found = classes(drawn(visited={"noter"}, tokens={"decider"}, waiting={"rappel"}, stuck={"payer"}))
    assert found["Noter <le> décès, fait"] == "node past"
    assert found["Décider, en cours"] == "node now"
    assert found["2 j avant, en attente"] == "node wait"
    assert found["Payer, en incident"] == "node stuck"
    assert found["Aviser la famille"] == "node next"


def test_what_leaves_no_trace_is_filled_in_between_known_places():
    found = classes(drawn(visited={"noter"}, tokens={"decider"}))
    assert found["Décès signalé, fait"] == "node past"
    assert found["Famille connue ?, fait"] == "node past"
    assert found["Aviser la famille"] == "node next"


def test_automatic_steps_on_the_only_way_are_done():
    assert states(visited={"noter", "f_oui"}, tokens={"payer"})["aviser"] == "past"


def test_the_branch_not_taken_stays_ahead():
    walked = [e for e in drawn(visited={"noter"}, tokens={"decider"}).iter() if e.get("class") == "flow walked"]
    assert len(walked) == 3  # to the first step, to the choice, to « Décider »


def test_nothing_is_walked_before_a_case_exists():
    assert set(states().values()) == {"next"}
    assert not [e for e in drawn().iter() if "walked" in (e.get("class") or "")]


def test_a_boundary_that_waits_is_no_way_taken():
    found = classes(drawn(tokens={"decider"}, waiting={"rappel"}))
    assert found["Relancer"] == "node next"


def test_a_boundary_that_fired_and_waits_again_keeps_its_way():
    walked = drawn(tokens={"decider", "relancer"}, waiting={"rappel"})
    assert classes(walked)["2 j avant, en attente"] == "node wait"
    assert classes(walked)["Relancer, en cours"] == "node now"


def test_called_processes_are_links_and_then_it_is_no_image():
    root = drawn(href=lambda process: f"?sous={process}&x=1")
    links = [e for e in root.iter() if etree.QName(e).localname == "a"]
    assert [e.get("href") for e in links] == ["?sous=sp_pay&x=1"]
    assert root.get("role") == "group"
    assert drawn().get("role") == "img"


def test_title_counts_and_speaks_both_languages():
    how = {"visited": {"noter"}, "tokens": {"decider"}, "waiting": {"rappel"}}
    assert drawn(**how)[0].text == "Parcours\xa0: Décès à l'étranger\xa0: 1 étape faite, 1 en cours, 1 attente"
    assert drawn(**how, lang="en", title="Path of COR-1")[0].text == "Path of COR-1: 1 step done, 1 in progress, 1 wait"
    english = outline(FILE, **how, lang="en", translate=str.upper)
    assert [(line.title, line.state_text) for line in english if line.id == "decider"] == [("DÉCIDER", "in progress")]


def test_no_style_no_script_and_one_id():
    text = svg(FILE, tokens={"decider"}, ident="d7")
    assert "style" not in text
    assert "<script" not in text
    assert [e.get("id") for e in etree.fromstring(text).iter() if e.get("id")] == ["d7"]


def test_the_list_follows_the_procedure():
    lines = outline(FILE, visited={"noter"}, tokens={"decider"})
    assert [line.id for line in lines] == ["noter", "aviser", "decider", "rappel", "relancer", "payer"]
    assert {line.id: line.lane for line in lines}["payer"] == "Chef de poste"


def test_a_named_end_is_told_once_it_is_reached():
    assert "fin" not in states()
    assert states(visited={"noter", "decider", "payer"})["fin"] == "past"


def test_names_stand_inside_their_label_bounds():
    root = drawn()
    labels = {s.get("bpmnElement"): s.find("{*}BPMNLabel/{*}Bounds") for s in etree.fromstring(FILE).iter("{*}BPMNEdge")}
    yes = next(e for e in root.iter("{*}text", "text") if e.text == "oui")
    box = labels["f_oui"]
    assert float(box.get("x")) <= float(yes.get("x")) <= float(box.get("x")) + float(box.get("width"))
    assert float(box.get("y")) <= float(yes.get("y")) <= float(box.get("y")) + float(box.get("height"))


def test_a_translation_wider_than_its_place_grows_away_from_the_arrow_beside_it():
    edge = next(edge for edge in read(FILE).edges if edge.name == "non")
    longer = "not at all, no"
    text = next(
        t for t in etree.fromstring(svg(FILE, translate=lambda name: longer if name == "non" else name)).iter("{*}text") if t.text == longer
    )
    assert edge.points[0][0] == edge.points[1][0] < edge.label.x
    assert float(text.get("x")) - 6.2 * len(longer) / 2 > edge.points[0][0]


def test_the_name_of_a_lane_is_whole_or_says_that_it_is_cut():
    def lane(name):
        root = etree.fromstring(svg(FILE.replace(b"Chef de poste", name.encode())))
        group = next(g for g in root.iter() if (g.findtext("{*}title") or g.findtext("title")) == name)
        return " ".join(text.text.replace("\xa0", " ") for text in group if "lane-name" in (text.get("class") or ""))

    assert lane("Secrétaire agent") == "Secrétaire agent"
    assert lane("Secrétaire agent comptable de la mission permanente auprès de l'Union").endswith("…")


def test_width_is_its_own_so_that_a_wide_drawing_scrolls():
    root = drawn()
    assert root.get("width") == root.get("viewBox").split()[2]


def test_a_file_without_a_diagram_draws_nothing_and_lists_nothing():
    assert svg(SOURCE.encode()) == ""
    assert outline(SOURCE.encode()) == []


DOCTYPE = b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"


@pytest.mark.parametrize("content", [b"", b"<a", DOCTYPE, b"\x1f\x8b\x08\x00", b"<a/>" + b" " * 1_000_000])
def test_hostile_files_are_refused_by_name(content):
    with pytest.raises(UnreadableXml):
        svg(content)


def test_numbers_that_are_none_draw_at_the_border():
    assert svg(FILE.replace(b' x="', b' x="zz'), ident="d").startswith("<svg")
