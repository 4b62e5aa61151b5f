"""The scenario files of all case types, dealt out so that several processes play them side by side."""

import os
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.scenarios.reading import read_all
from app.scenarios.running import run
from tests.support.fixtures import Lend
from workflows.coverage import RECORD, Counts, Record, read_record

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "bpmn").glob("*/scenarios/*.yaml"))
HANDS = 2
SAMPLE = 1 if os.environ.get("EVERY_SCENARIO") else 4
"""One scenario in how many is played on the second database as well, and one variant in how many of a file that has several."""
DAILY = 4
"""One in how many of those that a test plays belongs to `make test`; the others to `make test-long`."""


def hand(number: int) -> list[Any]:
    """Every other file, beginning with the first or the second."""
    return dealt(FILES[number::HANDS])


def sample() -> list[Any]:
    """Some files of every case type: every fourth, or all (`make scenarios`)."""
    return dealt(FILES[::SAMPLE])


def dealt(paths: list[Path]) -> list[Any]:
    """The files as parameters of a test, most of them marked as long."""
    return [
        pytest.param(path, id=f"{path.parent.parent.name}/{path.stem}", marks=pytest.mark.long if number % DAILY else ())
        for number, path in enumerate(paths)
    ]


def play(path: Path, ministries: Lend, folder: Path) -> None:
    """Plays a file through the real services, each variant in its own ministry; fails with the first difference, in the coverage too."""
    sheet = yaml.safe_load((path.parent.parent / "case_type.yaml").read_text("utf-8"))
    passed: Counts = Counter()
    told = read_all(path)
    for called in list(told)[::SAMPLE]:
        with ministries():
            result = run(sheet["code"], called, told[called], folder)
        assert result.ok, f"{called}, line {result.line}: {result.wrong}"
        passed.update(result.passed)
    covers_what_is_recorded(path, passed, whole=len(told) == 1 or SAMPLE == 1)


def covers_what_is_recorded(path: Path, passed: Counts, whole: bool) -> None:
    """A file passes what the record of its folder has it vouch for, and nothing that is not in the record. Held of every file, that is: the
    record is what playing gives (docs/decisions/0011-coverage.md)."""
    known = record_of(path.parent.parent)
    vouched = {(process, id_) for process, by in known.witnesses.items() for id_ in by.get(path.name, ()) if whole}
    unknown = {one for one in passed if one.id not in known.passed(one.process)}
    assert (vouched - set(passed), unknown) == (set(), set()), f"run: flask scenario coverage bpmn/{path.parent.parent.name}"


@cache
def record_of(folder: Path) -> Record:
    """What was written down of the coverage of a folder."""
    return read_record((folder / RECORD).read_bytes())
