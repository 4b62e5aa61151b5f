"""Acts that failed: recorded beside the case, retried with patience, repaired by an administrator."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select, update

from app.db.cases import Case, Incident
from app.db.transaction import Unit, transaction
from app.services import clock
from app.services.actor import Actor
from app.services.errors import Broken

FIRST_PATIENCE = dt.timedelta(minutes=5)
LONGEST_PATIENCE = dt.timedelta(hours=12)


def record(case_id: int, error: Broken) -> int:
    """A row that says why an act failed; one open row a case and message. In a transaction of its own. Returns its number."""

    def work(unit: Unit) -> int:
        message = str(error.params.get("message", ""))
        where = (Incident.case_id == case_id, Incident.message == message, Incident.resolved_at.is_(None))
        known = unit.session.scalars(select(Incident).where(*where)).first()
        if known is None:
            known = Incident(case_id=case_id, element=error.params.get("element"), message=message, happened_at=unit.now, attempts=0)
            unit.session.add(known)
        known.attempts += 1
        known.retry_at = unit.now + min(FIRST_PATIENCE * 2 ** min(known.attempts - 1, 20), LONGEST_PATIENCE)
        unit.session.execute(update(Case).where(Case.id == case_id).values(incident_at=known.retry_at))
        unit.session.flush()
        return known.id

    return transaction(work, clock.now)


def resolve(unit: Unit, case_id: int, actor: Actor) -> int:
    """Closes the open incidents of a case after an act that succeeded; how many."""
    rows = list(unit.session.scalars(select(Incident).where(Incident.case_id == case_id, Incident.resolved_at.is_(None))))
    for row in rows:
        row.resolved_at, row.resolved_by_id = unit.now, actor.id
    return len(rows)
