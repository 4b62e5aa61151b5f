"""The files of the demonstration, with every date moved so that « now » is the present week."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent / "data"
REFERENCE = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)
"""The moment at which the files say "now": a Monday."""


def read(name: str) -> dict[str, Any]:
    """One file of the demonstration."""
    return json.loads((DATA / f"{name}.json").read_text("utf-8"))


def weeks_since(now: dt.datetime) -> dt.timedelta:
    """Whole weeks from the reference moment to `now`, so that weekdays keep their meaning."""
    return dt.timedelta(weeks=(now - REFERENCE) // dt.timedelta(weeks=1))


def days_since(now: dt.datetime) -> dt.timedelta:
    """Whole days from the reference moment to `now`: what waits « now » waits today, whatever the weekday."""
    return dt.timedelta(days=(now - REFERENCE) // dt.timedelta(days=1))


def day(text: str | None) -> dt.date | None:
    """A date of the files; None for an empty one."""
    return dt.date.fromisoformat(text) if text else None


def moment(text: str) -> dt.datetime:
    """A moment of the files, aware."""
    return dt.datetime.fromisoformat(text)
