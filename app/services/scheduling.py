"""When a task is due, by which rule, and when its next reminder comes. Writes nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from app.db.tasks import NO_DEADLINE
from workflows.calendar import THRESHOLDS, Calendar, Pause, for_priority, read_deadline, thresholds


@dataclass(frozen=True)
class Plan:
    """Columns of a task row. `stage` is the last threshold reached, in per cent; `stage_at` the moment of the next."""

    due_at: dt.datetime
    due_rule: str | None
    stage: int
    stage_at: dt.datetime | None

    def row(self) -> dict[str, object]:
        return {"due_at": self.due_at, "due_rule": self.due_rule, "stage": self.stage, "stage_at": self.stage_at}


UNDATED = Plan(NO_DEADLINE, None, 0, None)


def plan(
    calendar: Calendar,
    opened_at: dt.datetime,
    deadline: object,
    priority: str,
    *,
    pauses: Iterable[Pause] = (),
    reached: int = 0,
    reminders: bool = True,
) -> Plan:
    """Reads a step's deadline: text by priority, or a moment that a fact gives (then it never pauses).

    reached: the last threshold whose reminder was already sent (it stays sent when the deadline moves).
    """
    if deadline in (None, ""):
        return UNDATED
    pauses = tuple(pauses)
    if isinstance(deadline, dt.datetime):
        rule, at = "fact", deadline.astimezone(dt.UTC)
        moments = thresholds(calendar, opened_at, at)
    else:
        rule = for_priority(str(deadline), priority)
        moments = thresholds(calendar, opened_at, rule, pauses)
        if 100 not in moments:
            return Plan(NO_DEADLINE, rule, reached, None)
        at = moments[100]
    ahead = [(percent, moments[percent]) for percent in THRESHOLDS if percent > reached and percent in moments] if reminders else []
    return Plan(at, rule, reached, ahead[0][1] if ahead else None)


def standing_still(rule: str | None) -> bool:
    """Whether a deadline of this rule stands still in a pause: only working days do."""
    return rule is not None and rule != "fact" and read_deadline(rule).unit == "jo"
