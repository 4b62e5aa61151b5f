"""What scenarios pass of a case type: counted only where it was committed, told as text, JSON, pages and drawings, and recorded."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from app.factory import create_app
from app.scenarios import coverage, coverage_pages
from app.scenarios.coverage import FolderSeen, gather
from app.scenarios.reading import read_all
from app.scenarios.running import Result, run
from tests.scenarios import files
from workflows.catalog import CaseType
from workflows.coverage import Drawn, drawn, read_record, record
from workflows.folder import read_folder
from workflows.outcome import Passed

FOLDER = Path(__file__).parents[2] / "bpmn" / "diaspora-feedback"
REFUSED = """
title: {fr: Un refus, en: A refusal}
given: {at: '2026-05-04T08:00:00Z', post: ABJ, header: {pays_evenement: CI, canal: guichet}, bring: {to: qualifier}}
steps:
  - {do: qualifier, by: U-35, with: {type_avi: nul, theme_avi: nul}, refused: type_avi}
expect: {}
"""
FLOW = '<sequenceFlow id="f" sourceRef="a" targetRef="b"/>'
MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"
FILE = f'<definitions xmlns="{MODEL}"><process id="p"><task id="a"/>{{}}<task id="b" name="B"/></process></definitions>'


def seen(*passed: tuple[str, str]) -> list[FolderSeen]:
    return gather([(FOLDER / "scenarios" / "essai.yaml", Result("essai", 1, passed=Counter(Passed(*one) for one in passed)))])


def of(flow: str = FLOW) -> Drawn:
    return drawn(etree.fromstring(FILE.format(flow)))["p"]


def test_only_what_was_committed_is_passed(ministry_sqlite, tmp_path):
    path = tmp_path / "essai.yaml"
    path.write_text(REFUSED, "utf-8")
    (scenario,) = read_all(path).values()
    result = run("AVI", "essai", scenario, tmp_path)
    assert result.ok, result.wrong
    assert result.passed[Passed("avi", "enregistrer_avis")] == 1
    assert result.passed[Passed("avi_orienter", "qualifier")] == 0


def test_the_summary_names_what_no_scenario_passes():
    told = "\n".join(coverage.lines(seen(("avi", "avis_recu"), ("avi", "enregistrer_avis")), "fr"))
    assert re.search(r"diaspora-feedback : éléments 2/\d+ \(1 %\), flèches 0/\d+", told)
    assert re.search(r"avi, jamais passés : .*g_suite", told)
    assert re.search("rien n’est passé de : .*avi_repondre", told)


def test_an_arrow_is_named_only_where_both_its_ends_are_passed():
    assert of().telling({"a", "b"}) == ["f"]
    assert of().telling({"a"}) == ["b"]
    assert of().telling({"a"}, excused={"b"}) == []


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_folder_gets_json_a_page_and_a_drawing_of_each_process(lang, tmp_path):
    folders = seen(("avi", "avis_recu"), ("sp_clo", "clo_debut"))
    with create_app().app_context():
        pages = coverage_pages.write(tmp_path / "out", folders, lang)
        coverage_pages.write(tmp_path / "all.json", folders, lang)
    assert [page.name for page in pages] == ["diaspora-feedback.html", "_shared.html"]
    found = json.loads((tmp_path / "all.json").read_text())
    assert found == json.loads((tmp_path / "out" / "coverage.json").read_text())
    assert found["folders"]["diaspora-feedback"]["processes"]["avi"]["elements"]["avis_recu"] == {"times": 1, "scenarios": 1}
    drawing = etree.fromstring((tmp_path / "out" / "diaspora-feedback" / "avi.svg").read_bytes())
    assert drawing.get("class") == "covered"
    text = pages[0].read_text("utf-8")
    assert f'<html lang="{lang}">' in text
    assert ("Jamais passés" if lang == "fr" else "Never passed") in text


def test_the_record_names_a_scenario_for_whatever_is_passed():
    ids = ("a", "f", "b")
    played = {"2.yaml": [Passed("p", one) for one in ids], "1.yaml": [Passed("p", "a")]}
    found = record({"1.yaml": b"1", "2.yaml": b"2"}, played, {"p": of()}, ["p"])
    assert found.witnesses == {"p": {"1.yaml": ("a",), "2.yaml": ("b", "f")}}
    assert read_record(found.write().encode()) == found


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"scenarios": [], "processes": {}}', '{"scenarios": {}, "processes": {"p": {}}}'])
def test_what_is_no_record_is_said(text):
    with pytest.raises(ValueError):
        read_record(text.encode())


def test_the_digest_of_a_process_follows_what_decides_its_way_alone():
    assert of(FLOW + "<!-- note -->\n<documentation>x</documentation>").digest == of().digest
    assert of(FLOW.replace("/>", ' name="oui"/>')).digest == of().digest
    assert of(FLOW.replace("/>", "><conditionExpression>=x</conditionExpression></sequenceFlow>")).digest != of().digest


def test_every_record_is_of_the_scenarios_that_lie_beside_it():
    """That it is what playing them gives is held where they are played: `files.covers_what_is_recorded`."""
    folders = {path.parents[1] for path in files.FILES}
    assert {folder.name: set(files.record_of(folder).scenarios) for folder in folders} == {
        folder.name: {path.name for path in files.FILES if path.parents[1] == folder} for folder in folders
    }


def test_cases_of_other_types_do_not_count_for_a_folder():
    case_type = CaseType.read(read_folder(FOLDER))
    assert set(FolderSeen(FOLDER.name, case_type).own) == {id_ for id_, one in case_type.processes.items() if not one.shared}
