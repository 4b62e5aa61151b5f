"""Consecutive numbers of a series, without gaps made by rivals: the counter's row is locked by its own update."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.db.cases import ReferenceCounter


def draw(session: Session, series: str) -> int:
    """The next number of a series; the first is 1."""
    dialect: Any = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    insert = dialect.insert(ReferenceCounter).values(series=series, last=1)
    raised = insert.on_conflict_do_update(index_elements=["series"], set_={"last": ReferenceCounter.last + 1})
    return session.execute(raised.returning(ReferenceCounter.last)).scalar_one()


def case_reference(session: Session, prefix: str, place: str, year: int) -> str:
    """The number of a new case, e.g. « XYZ-LBV-2026-00017 » (domain: conventions §5)."""
    series = f"{prefix}-{place}-{year}"
    return f"{series}-{draw(session, series):05d}"
