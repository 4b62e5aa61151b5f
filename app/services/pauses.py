"""Times during which deadlines in working days stand still."""

from __future__ import annotations

from sqlalchemy import or_, select

from app.db.cases import Pause as PauseRow
from app.services.act import Act
from workflows.calendar import Pause


def of_task(act: Act, task_id: int) -> list[Pause]:
    """Times during which a task's working days stand still: its own pauses and those of its case."""
    where = (PauseRow.case_id == act.case.id, or_(PauseRow.task_id.is_(None), PauseRow.task_id == task_id))
    rows = act.unit.session.scalars(select(PauseRow).where(*where).order_by(PauseRow.starts_at))
    return [Pause(row.starts_at, row.ends_at) for row in rows]
