"""Settings: the folder's defaults, and what an administrator changed over them. Read by expressions as `reglages.name`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.services import calendars
from workflows.catalog import CaseType


def changed(session: Session) -> Mapping[str, Any]:
    """Only what differs from the defaults."""
    return calendars.anywhere(session).settings


def reglages(session: Session, case_type: CaseType) -> dict[str, Any]:
    """All settings that a case type knows, by name."""
    return {**case_type.settings, **changed(session)}
