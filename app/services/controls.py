"""Checks that a step names (`control`), run under the lock before it is completed: money, above all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app.services import closing, eligibility, obligations
from app.services.act import Act
from app.services.errors import Broken
from app.services.funding import controls as funding
from app.services.operations import shares

Control = Callable[[Act, Any, Mapping[str, Any]], None]

CONTROLS: dict[str, Control] = {**funding.CONTROLS, **obligations.CONTROLS, **shares.CONTROLS, **closing.CONTROLS, **eligibility.CONTROLS}
"""Name -> check of (act, task row, typed answers). A check raises Forbidden, Conflict or Invalid."""


def check(act: Act, task: Any, names: str | None, values: Mapping[str, Any]) -> None:
    """Runs the checks of a step, separated by commas. Broken when one does not exist."""
    for name in (part.strip() for part in (names or "").split(",")):
        if not name:
            continue
        if name not in CONTROLS:
            raise Broken(f"aucun contrôle ne s’appelle « {name} »", element=task.step)
        CONTROLS[name](act, task, values)
