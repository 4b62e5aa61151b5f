"""What somebody was already granted, asked by a procedure before it proposes a sum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.services.act import Act, Handler
from app.services.funding import requests
from workflows.outcome import Open


def granted(act: Act, job: Open) -> Mapping[str, Any]:
    """What a beneficiary was granted on a line in the budget year, alone and as a share of an operation's, under any of their codes.
    Inputs: `beneficiaire`, `ligne` (its code), `nature` (of the expense; null: of any). Answers `cumul`, 0 when nothing was."""
    line, nature = str(job.inputs.get("ligne") or ""), job.inputs.get("nature")
    helped = [str(job.inputs["beneficiaire"])] if job.inputs.get("beneficiaire") else []
    before = requests.cumul(act.unit.session, helped, f"{line}/{act.now.year}", act.now.year, nature=nature)
    return {"cumul": before}


HANDLERS: dict[str, Handler] = {"funding.cumul": granted}
