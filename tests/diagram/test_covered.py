"""The drawing of coverage: what was never passed is told by shape and words, not by colour alone."""

import pytest
from lxml import etree

from tests.diagram.test_diagram import FILE, classes
from workflows.diagram import covered

COUNTS = {"recu": 3, "f1": 3, "noter": 3, "f2": 3, "choix": 3, "f_oui": 1, "aviser": 1, "f3": 1}


def drawn(**how):
    return etree.fromstring(covered(FILE, COUNTS, **how))


def test_what_was_passed_bears_its_count_and_the_rest_is_crossed_out():
    root = drawn()
    found = classes(root)
    assert found["Noter <le> décès, passé 3 fois"] == "node passed"
    assert found["Aviser la famille, passé 1 fois"] == "node passed"
    assert found["Décider, jamais passé"] == "node missed"
    missed = [node for node in root.iter() if node.get("class") == "node missed" and node.find("{*}title") is not None]
    assert all(any((part.get("class") or "").endswith("cross") for part in node) for node in missed)
    assert "×3" in [text.text for text in root.iter("{*}text")]


def test_arrows_are_told_too():
    titles = [title.text for title in drawn().iter("{*}title")]
    assert "Flèche f_oui, prise 1 fois" in titles
    assert "Flèche f_non, jamais prise" in titles


@pytest.mark.parametrize(("lang", "said"), [("fr", "éléments 4 sur 10, flèches 4 sur 9"), ("en", "elements 4 of 10, arrows 4 of 9")])
def test_the_title_and_the_legend_say_how_much(lang, said):
    root = drawn(lang=lang)
    assert said in root.findtext("{*}title")
    assert said[1:] in [text.text for text in root.iter("{*}text")][-1]


def test_the_file_stands_alone_and_a_file_without_a_diagram_gives_none():
    text = covered(FILE, COUNTS)
    assert "<style>" in text and "href" not in text and "<script" not in text
    assert "<style>" not in covered(FILE, COUNTS, styled=False)
    assert covered(b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"><process id="p"/></definitions>', {}) == ""
