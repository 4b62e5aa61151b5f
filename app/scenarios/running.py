"""Runs a scenario file from its first line to its last expectation, and says where it differs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.scenarios import conditions, expectations
from app.scenarios.player import Player, Unexpected
from app.scenarios.reading import BadScenario
from app.services.errors import Refusal


@dataclass(frozen=True)
class Result:
    """Of one scenario. `wrong` is empty when all went as written; `line` is the number of the step that differed."""

    name: str
    steps: int
    line: int | None = None
    wrong: str = ""

    @property
    def ok(self) -> bool:
        return not self.wrong


def run(code: str, name: str, scenario: Mapping[str, Any], files: Path, shift: dt.timedelta = dt.timedelta()) -> Result:
    """Plays all lines; never raises for a difference."""
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
        return Result(name, len(lines), at or None, str(error))
    return Result(name, len(lines))
