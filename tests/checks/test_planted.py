"""Every fault of the table is named where it was planted, in two languages, with a cure; and nothing is said of the folder without it."""

import re

import pytest

from workflows.checks import Known, check_bundle
from workflows.layout import LayoutError, layout

from .build import bundle
from .clean import clean
from .planted import FAULTS as ONES
from .planted import Fault
from .planted_traps import TRAPS

FAULTS = [*ONES, *TRAPS]
KNOWN = Known(frozenset({"payment.order", "notify", "case.status"}), frozenset({"funding.decision"}))
FRENCH = re.compile(r"\b(il manque|n'est pas|n'existe|cette|une|aucun|écrire|attendue?|est permis)\b")
CLEAN = clean()


def planted(fault: Fault) -> dict:
    """The clean case type with the fault, or with one file more; a process that can still be drawn is drawn anew."""
    written = CLEAN.get(fault.file, b"")
    text = written.decode() if isinstance(written, bytes) else written
    text = replaced(text, fault.old, fault.new) if fault.old else fault.new
    if fault.file.endswith(".bpmn"):
        try:
            return CLEAN | {fault.file: layout(text.encode())}
        except (LayoutError, ValueError):
            pass
    return CLEAN | {fault.file: text}


def replaced(text: str, old: str, new: str) -> str:
    """White space between elements is the drawing's."""
    pattern = r"\s*".join(re.escape(part) for part in re.split(r"\s*\n\s*|(?<=>)(?=<)", old))
    changed, count = re.subn(pattern, lambda _: new, text, count=1)
    assert count, f"{old} is not in the file"
    return changed


def test_there_are_faults_enough_and_none_twice():
    assert len(FAULTS) >= 120
    assert len({(fault.file, fault.old, fault.new, fault.rule) for fault in FAULTS}) == len(FAULTS)
    assert check_bundle(bundle(CLEAN, KNOWN)) == []


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.rule}-{FAULTS.index(fault)}")
def test_a_planted_fault_is_named(fault):
    found = check_bundle(bundle(planted(fault), KNOWN))
    named = [one for one in found if one.rule == fault.rule]
    assert named, sorted({f"{one.rule} {one.element}" for one in found})
    where = [one for one in named if fault.element in (None, one.element) and one.file in (fault.at or fault.file, "")]
    assert where, [(one.file, one.element) for one in named]
    if fault.element and (fault.at or fault.file).endswith(".bpmn"):
        assert all(one.line for one in where)
    assert "check-failed" not in {one.rule for one in found}
    for one in found:
        for text in (one.message, one.cure):
            assert text.fr
            assert text.en
            assert "{" not in text.en.replace("{{", "").replace("{%", "") or "{" in fault.new, text.en
        assert not FRENCH.search(one.message.en), one.message.en
        assert not FRENCH.search(one.cure.en), one.cure.en
