"""Handlers that draw numbers from registers: consecutive, by series and year, never used again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.services import numbering
from app.services.act import Act, Handler
from workflows.outcome import Open


def number(act: Act, job: Open) -> Mapping[str, Any]:
    """The next number of the register `registre` of the case's post. Answers `numero`, e.g. « LP-LBV-2026-0007 »."""
    register = str(job.inputs.get("registre") or job.step)
    drawn = numbering.draw(act.unit.session, f"{register}-{act.case.post_code}-{act.now.year}")
    value = f"{register}-{act.case.post_code}-{act.now.year}-{drawn:04d}"
    act.recorder.add("number.drawn", job.step, data={"number": value})
    return {"numero": value}


HANDLERS: dict[str, Handler] = {"register.number": number}
