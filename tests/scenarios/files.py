"""The scenario files of all case types, dealt out so that several processes play them side by side."""

import os
from pathlib import Path

import yaml

from app.scenarios.reading import read_all
from app.scenarios.running import run

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "bpmn").glob("*/scenarios/*.yaml"))
HANDS = 2
SAMPLE = 1 if os.environ.get("EVERY_SCENARIO") else 4
"""One scenario in how many is played on the second database as well."""


def hand(number: int) -> list[Path]:
    """Every other file, beginning with the first or the second."""
    return FILES[number::HANDS]


def sample() -> list[Path]:
    """Some files of every case type: every fourth, or all (`make scenarios`)."""
    return FILES[::SAMPLE]


def name(path: Path) -> str:
    """How a test of the file is called."""
    return f"{path.parent.parent.name}/{path.stem}"


def play(path: Path, folder: Path) -> None:
    """Plays a file through the real services of the application at hand; fails with the first difference."""
    sheet = yaml.safe_load((path.parent.parent / "case_type.yaml").read_text("utf-8"))
    for called, scenario in read_all(path).items():
        result = run(sheet["code"], called, scenario, folder)
        assert result.ok, f"{called}, line {result.line}: {result.wrong}"
