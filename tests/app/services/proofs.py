"""What a history holds and whether it is intact."""

from sqlalchemy import select

from app.db.history import HistoryEntry
from app.extensions import db
from app.services import proof
from tests.app.services.staging import StagedCase, rows


def entries(case: StagedCase) -> list[HistoryEntry]:
    """The entries of a case in their order."""
    return rows(select(HistoryEntry).where(HistoryEntry.case_id == case.case_id).order_by(HistoryEntry.seq))


def verdict(case: StagedCase) -> str:
    """What the proof of its history says."""
    found = proof.verify_case(db.session(), case.case_id).sentence()
    db.session.rollback()
    return found
