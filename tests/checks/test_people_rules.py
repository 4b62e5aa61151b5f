"""Rules about who does a step, what is said of it, sheets, size, drawing and translations; and files that nobody can read."""

import pytest

from workflows.checks import Known, dialect, drawing, lanes, sheets, steps, translations
from workflows.layout import layout

from .build import bundle, graph, rules
from .clean import changed, clean, shared

KNOWN = Known(handlers=frozenset({"payment.order"}), controls=frozenset({"funding.decision"}), addressees=frozenset({"declarant"}))
NOTER = "<flowNodeRef>noter</flowNodeRef>"
DEADLINE = 'name="deadline" value="P1: 4 h; *: 3 jo"'


@pytest.mark.parametrize(
    ("family", "rule", "path", "old", "new"),
    [
        (dialect, "platform-missing", "process.bpmn", 'modeler:executionPlatform="Camunda Cloud"', ""),
        (dialect, "process-not-executable", "process.bpmn", 'isExecutable="true"', ""),
        (lanes, "lane-missing", "process.bpmn", "<flowNodeRef>noter</flowNodeRef>", ""),
        (lanes, "lane-unknown", "case_type.yaml", "  Agent: {role: agent, at: post}", "  Agente: {role: agent, at: post}"),
        (lanes, "lane-empty", "process.bpmn", '<lane id="l1"', '<lane id="l2" name="Vide"/><lane id="l1"'),
        (lanes, "lane-reference", "process.bpmn", NOTER, f"{NOTER}<flowNodeRef>x9</flowNodeRef>"),
        (lanes, "lane-unused", "case_type.yaml", "  Agent:", "  Autre: {role: agent, at: post}\n  Agent:"),
        (lanes, "role-unknown", "case_type.yaml", "{role: agent, at: post}", "{role: agnet, at: post}"),
        (lanes, "role-unknown", "case_type.yaml", "roles: [agent]", "roles: [agnet]"),
        (lanes, "expression-name", "case_type.yaml", "{role: agent, at: post}", '{role: "=qui", at: post}'),
        (steps, "property-unknown", "process.bpmn", 'name="status" value="instruction"', 'name="statut" value="instruction"'),
        (steps, "status-unknown", "process.bpmn", 'name="status" value="instruction"', 'name="status" value="en_cours"'),
        (steps, "deadline-unreadable", "process.bpmn", DEADLINE, 'name="deadline" value="trois jours"'),
        (steps, "deadline-unreadable", "process.bpmn", DEADLINE, 'name="deadline" value="P1: 4 h"'),
        (steps, "four-eyes-unknown", "phase.bpmn", 'name="four_eyes" value="noter"', 'name="four_eyes" value="notre"'),
        (steps, "role-unknown", "process.bpmn", 'name="status" value="instruction"', 'name="role" value="agnet"'),
        (steps, "control-unknown", "process.bpmn", 'name="status" value="instruction"', 'name="control" value="funding.decide"'),
        (steps, "service-missing", "process.bpmn", '<zeebe:taskDefinition type="notify"/>', ""),
        (steps, "letter-missing", "process.bpmn", 'key="template" value="rappel"', 'key="template" value="rapel"'),
        (steps, "letter-to", "process.bpmn", 'key="to" value="Agent"', 'key="to" value="Personne"'),
        (sheets, "frame-unknown", "case_type.yaml", "process: cadre", "process: cader"),
        (sheets, "sheet-invalid", "case_type.yaml", "reference: ESS\n", ""),
        (sheets, "sheet-invalid", "case_type.yaml", "reference: ESS", "reference: ESS\ncolour: red"),
        (sheets, "fact-kind", "case_type.yaml", "reference: ESS", "reference: ESS\nfacts: {a: booléen}"),
        (sheets, "fact-unknown", "case_type.yaml", "amount: montant", "amount: montnat"),
        (sheets, "fact-unknown", "case_type.yaml", "reference: ESS", "reference: ESS\npublic_fields: [inconnu]"),
        (translations, "translation-missing", "process.bpmn", 'name="Payer"', 'name="Payer tout"'),
        (translations, "translation-missing", "A.form", '"label": "Oui"', '"label": "Peut-être"'),
        (translations, "translation-missing", "translations/en.po", 'msgstr "EN Payer"', 'msgstr ""'),
        (translations, "translation-unreadable", "translations/en.po", 'msgid "Payer"', "payer = to pay"),
    ],
)  # fmt: skip
def test_one_change_of_the_clean_case_type_is_found(family, rule, path, old, new):
    assert rules(family, clean(), KNOWN) == set()
    assert rule in rules(family, changed(path, old, new), KNOWN)


def test_a_service_is_compared_with_what_the_application_offers():
    files = {"p.bpmn": graph("s>v>e", {"v": '<extensionElements><zeebe:taskDefinition type="payment.ordre"/></extensionElements>'})}
    assert rules(steps, files, KNOWN) == {"service-unknown"}
    assert rules(steps, files) == set()


@pytest.mark.parametrize(
    ("key", "rule"),
    [
        ("contact_language: numero", ""),
        ("contact_language: langue", "fact-unknown"),
        ("household: '=[numero]'", ""),
        ("household: '=[parent]'", "expression-name"),
        ("household: '=[numero'", "expression-syntax"),
    ],
)
def test_what_the_shared_sheet_reads_of_each_case_is_there(key, rule):
    files = shared()
    files["shared.yaml"] += f"{key}\n"
    assert rules(sheets, files, KNOWN) == ({rule} if rule else set())


def test_a_letter_may_go_to_who_is_no_role():
    files = changed("process.bpmn", 'key="to" value="Agent"', 'key="to" value="declarant"')
    assert rules(steps, files, KNOWN) == set()
    assert rules(steps, files) == {"letter-to"}


def test_a_moved_shape_is_found():
    files = clean()
    files["process.bpmn"] = files["process.bpmn"].replace(b' x="', b' x="1', 1)
    assert rules(drawing, files) == {"diagram-stale"}


def test_a_wide_diagram_and_a_long_phase_are_found():
    long = layout(graph(">".join(["s", *(f"u{n}" for n in range(40)), "e"])).encode())
    assert rules(drawing, {"p.bpmn": long}) == {"diagram-wide", "phase-too-large"}
    assert rules(drawing, {"p.bpmn": layout(graph(">".join(["s", *(f"u{n}" for n in range(30)), "e"])).encode())}) == set()


@pytest.mark.parametrize(
    ("rule", "path", "content"),
    [
        ("file-not-xml", "p.bpmn", b"<definitions"),
        ("file-not-xml", "p.bpmn", b"\x1f\x8b\x08\x00\x00\x00"),
        ("file-too-large", "p.bpmn", b"<a/>" + b" " * 1_000_001),
        ("file-doctype", "p.bpmn", b"<!DOCTYPE d [<!ENTITY e 'x'>]><definitions>&e;</definitions>"),
        ("file-doctype", "p.bpmn", b"<!DOCTYPE d [<!ATTLIST a b CDATA 'c'>]><definitions/>"),
        ("file-doctype", "d.dmn", b"<!DOCTYPE d [<!ENTITY e 'x'>]><definitions>&e;</definitions>"),
        ("process-missing", "p.bpmn", b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>'),
        ("decision-unreadable", "d.dmn", b'<definitions><decision id="d"><decisionTable hitPolicy="MAGIC"/></decision></definitions>'),
        ("form-not-json", "a.form", b'{"id": "A",'),
        ("form-unreadable", "a.form", b'{"id": "A", "components": [{"type": "holograph", "key": "x"}]}'),
        ("form-unreadable", "a.form", b"[1, 2]"),
        ("yaml-unreadable", "case_type.yaml", b"code: [1,"),
        ("yaml-unreadable", "case_type.yaml", b"a: &x 1\nb: *x\n"),
        ("yaml-unreadable", "case_type.yaml", b"- a\n- b\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_finding(rule, path, content):
    assert rule in rules(None, {path: content})


def test_what_is_wrong_in_a_shared_file_is_said_where_it_lies():
    assert "file-not-xml" not in rules(None, clean() | {"_shared/broken.bpmn": b"<a"})
    assert bundle({"_shared/broken.bpmn": b"<a"}).findings == []
