"""Settings: the folder's defaults, and what an administrator changed over them. Read by expressions as `reglages.name`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.posts import Setting
from workflows.catalog import CaseType
from workflows.facts import unpack


def changed(session: Session) -> dict[str, Any]:
    """Only what differs from the defaults."""
    cached = session.info.get("settings")
    if cached is None:
        cached = {row.name: unpack(row.value) for row in session.scalars(select(Setting))}
        session.info["settings"] = cached
    return cached


def reglages(session: Session, case_type: CaseType) -> dict[str, Any]:
    """All settings that a case type knows, by name."""
    return {**case_type.settings, **changed(session)}
