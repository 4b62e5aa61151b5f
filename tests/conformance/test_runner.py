"""The conformance run itself, on a kit of one case that the test writes."""

import pytest

from . import dmn_tck

MODEL = """<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="n">
  <inputData id="i" name="Age"><variable name="Age" typeRef="number"/></inputData>
  <decision id="a" name="Adult"><variable name="Adult" typeRef="boolean"/>
    <literalExpression><text>Age >= 18</text></literalExpression></decision>
  <decision id="n" name="Next"><variable name="Next" typeRef="number"/>
    <literalExpression><text>[Age + 1]</text></literalExpression></decision>
</definitions>"""
TESTS = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:xsd="http://www.w3.org/2001/XMLSchema"><modelName>0001-age.dmn</modelName>
  <testCase id="001"><inputNode name="Age"><value xsi:type="xsd:decimal">20</value></inputNode>
    <resultNode name="Adult"><expected><value xsi:type="xsd:boolean">{adult}</value></expected></resultNode>
    <resultNode name="Next"><expected><value xsi:type="xsd:decimal">21.0000000001</value></expected></resultNode>
  </testCase>
  <testCase id="002"><inputNode name="Age"><value xsi:nil="true"/></inputNode>
    <resultNode name="Adult" errorResult="true"><expected><value xsi:nil="true"/></expected></resultNode>
  </testCase></testCases>"""


@pytest.fixture
def kit(tmp_path):
    def make(adult):
        folder = tmp_path / "compliance-level-2" / "0001-age"
        folder.mkdir(parents=True)
        (folder / "0001-age.dmn").write_text(MODEL)
        (folder / "0001-age-test-01.xml").write_text(TESTS.format(adult=adult))
        return tmp_path

    return make


def test_a_case_that_passes_is_counted(kit):
    report = dmn_tck.run(kit("true"))
    assert (report.expressions.passed, report.expressions.total) == (3, 3)
    assert (report.expressions.passed_values, report.expressions.values) == (2, 2)
    assert report.good({})


def test_a_miss_that_nobody_accepted_fails_the_run(kit, capsys):
    assert dmn_tck.main([str(kit("false"))]) == 1
    said = capsys.readouterr().out
    assert "0001-age Adult" in said
    assert "NOT ACCEPTED" in said


def test_a_miss_is_accepted_by_case_and_name(kit):
    report = dmn_tck.run(kit("false"))
    assert report.missed == ["0001-age Adult"]
    report.expressions.passed = report.expressions.total  # the share is not the question here
    assert not report.good({})
    assert report.good({"0001-age Adult": "because"})


def test_no_kit_is_one_clear_sentence(tmp_path, capsys):
    assert dmn_tck.main([str(tmp_path)]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_every_accepted_miss_has_a_reason():
    accepted = dmn_tck.read_accepted()
    assert accepted
    assert all(accepted.values())
