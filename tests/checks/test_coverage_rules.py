"""Coverage: the record against what is drawn, and the promise that everything is passed."""

from pathlib import Path

import pytest

from workflows.checks import Bundle, check_bundle, check_paths
from workflows.coverage import EXCUSED, RECORD, digest, drawn, record
from workflows.outcome import Passed
from workflows.xmlfile import parse

from .build import boundary, graph
from .clean import clean, shared

FLOWS = "s>u>x; x>v [=a = true]; v>e; x>e"
PLAYED = ("s", "f0", "u", "f1", "x", "f4", "e")
SCENARIO = {"scenarios/un.yaml": b"title: x"}


def recorded(passed=PLAYED, flows=FLOWS, scenarios=SCENARIO) -> bytes:
    """The record of one scenario that passes these ids."""
    files = {name.removeprefix("scenarios/"): content for name, content in scenarios.items()}
    played = {"un.yaml": [Passed("p", id_) for id_ in passed]}
    return record(files, played, drawn(parse(graph(flows).encode())), ["p"]).write().encode()


def found(trials: dict[str, bytes], flows: str = FLOWS, **how: str):
    bundle = Bundle("essai", {"p.bpmn": graph(flows, **how).encode()}, place=Path("bpmn/essai"), trials={**SCENARIO, **trials})
    return [finding for finding in check_bundle(bundle) if finding.rule.startswith("coverage-")]


def named(trials: dict[str, bytes], flows: str = FLOWS, **how: str) -> list[tuple[str, str]]:
    return [(finding.rule, finding.element) for finding in found(trials, flows, **how)]


def test_a_promise_of_which_nobody_wrote_down_what_is_passed_is_refused():
    one = next(one for one in found({EXCUSED: b""}) if one.rule == "coverage-missing")
    assert (one.level, "flask scenario coverage bpmn/essai" in one.cure.fr) == ("error", True)
    assert named({}) == []


def test_what_no_scenario_passes_is_an_advice_that_counts_it():
    (one,) = found({RECORD: recorded()})
    assert (one.rule, one.level) == ("coverage-unreached", "advice")
    assert one.message.en == "Elements and arrows that no scenario passes: 1 (p 1)."  # the arrows to and from « v » follow from it
    assert named({RECORD: recorded((*PLAYED, "f2", "v", "f3"))}) == []


def test_a_folder_that_promises_all_is_refused_what_is_not_passed():
    (one,) = found({RECORD: recorded(), EXCUSED: b"# nothing"})
    assert (one.rule, one.level, one.element, one.file) == ("coverage-incomplete", "error", "v", "p.bpmn")
    assert named({RECORD: recorded(), EXCUSED: b"p: {v: cannot be tried}"}) == []


@pytest.mark.parametrize(
    ("text", "element"),
    [
        (b"q: {v: why}", "q"),
        (b"p: {w: why}", "p.w"),
        (b"p: {v: ''}", "p.v"),
        (b"p: {v: why, u: why}", "p.u"),
        (b"p: [v]", "p"),
        (b"p: {v: why", EXCUSED),
    ],
)
def test_an_excuse_is_for_what_exists_and_is_not_passed_and_has_a_reason(text, element):
    assert ("coverage-excuse", element) in named({RECORD: recorded(), EXCUSED: text})


def test_a_process_or_a_scenario_that_changed_makes_the_record_stale():
    assert named({RECORD: recorded()}, "s>u>x; x>v [=a = false]; v>e; x>e") == [("coverage-stale", "p")]
    assert named({RECORD: recorded()}, FLOWS, extra=boundary("b", "u", "e")) == [("coverage-stale", "p")]
    whole = recorded((*PLAYED, "f2", "v", "f3"))
    assert named({RECORD: whole, "scenarios/un.yaml": b"title: y"}) == [("coverage-stale", "« un.yaml »")]
    assert named({RECORD: whole, "scenarios/deux.yaml": b"title: y"}) == [("coverage-stale", "« deux.yaml »")]
    assert digest(b"title: x") in whole.decode()


@pytest.mark.parametrize("text", [b"", b"<<<<<<< HEAD", b"[]", b'{"scenarios": {}}'])
def test_a_record_that_is_none_is_refused(text):
    assert named({RECORD: text}) == [("coverage-unreadable", "")]


def test_shared_processes_are_passed_by_the_scenarios_of_all_folders(tmp_path):
    root = tmp_path / "bpmn"
    own = {path: text for path, text in clean().items() if not path.startswith("_shared/")}
    for folder, files in (("essai", own), ("_shared", shared())):
        for path, content in files.items():
            target = root / folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content if isinstance(content, bytes) else content.encode())
    known = drawn(parse((root / "_shared" / "sp_pay.bpmn").read_bytes()))
    (process,) = known
    halves = known[process].ids[::2], known[process].ids[1::2]
    for folder, ids in zip(("essai", "autre"), halves, strict=True):
        target = root / folder / RECORD
        target.parent.mkdir(parents=True)
        target.write_text(record({}, {"un.yaml": [Passed(process, id_) for id_ in ids]}, known, []).write(), "utf-8")
    assert check_paths([root / "_shared"]) == []
    (root / "autre" / RECORD).unlink()
    assert {finding.rule for finding in check_paths([root / "_shared"])} == {"coverage-unreached"}
