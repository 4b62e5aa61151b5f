"""Runs a scenario file from its first line to its last expectation, and says where it differs."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.scenarios import conditions, expectations
from app.scenarios.player import Player, Unexpected
from app.scenarios.reading import BadScenario
from app.services import onlookers
from app.services.errors import Refusal
from workflows.catalog import CaseType
from workflows.coverage import Counts
from workflows.outcome import Passed


@dataclass(frozen=True)
class Result:
    """Of one scenario. `wrong` is empty when all went as written; `line` is the number of the step that differed."""

    name: str
    steps: int
    line: int | None = None
    wrong: str = ""
    passed: Counts = field(default_factory=Counter, compare=False)
    """Elements and arrows of the procedure, and how often."""

    @property
    def ok(self) -> bool:
        return not self.wrong


def run(code: str, name: str, scenario: Mapping[str, Any], files: Path, shift: dt.timedelta = dt.timedelta()) -> Result:
    """Plays all lines; never raises for a difference."""
    passed: list[Passed] = []
    with onlookers.looking(lambda case_type, seen: passed.extend(_of(code, case_type, seen))):
        at, wrong = _play(code, scenario, files, shift)
    return Result(name, len(scenario["steps"]), at, wrong, Counter(passed))


def _of(code: str, case_type: CaseType, seen: Sequence[Passed]) -> list[Passed]:
    """What belongs to the case type and its children, or to what all types share; other types have scenarios of their own."""
    if code in (case_type.code, case_type.child_of):
        return list(seen)
    return [one for one in seen if case_type.processes[one.process].shared]


def _play(code: str, scenario: Mapping[str, Any], files: Path, shift: dt.timedelta) -> tuple[int | None, str]:
    """The line that differed, and how."""
    at = 0
    lines = scenario["steps"]
    try:
        with conditions.set_up(scenario["given"]):
            player = Player(code, scenario, files, shift)
            if "bring" in scenario["given"]:
                player.line({"bring": scenario["given"]["bring"]})
            for line in lines:
                at += 1
                player.line(line)
                expectations.check(player, line.get("expect", {}))
            at = 0
            expectations.check_end(player, scenario["expect"])
            expectations.used_equals_ledger()
            expectations.histories_hold(player)
    except (Unexpected, Refusal, BadScenario) as error:
        return at or None, str(error)
    return None, ""
