"""Versions of the procedures as an administrator reads them: in service since when, with how many open cases; and the settings."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.cases import Case, DefinitionVersion
from app.db.posts import Setting
from app.services import settings, versions
from app.services.actor import Actor
from app.services.policy import ensure_administrator
from workflows.catalog import CaseType
from workflows.checks import ERROR, Bundle, Finding, check_bundle


@dataclass(frozen=True)
class Version:
    """One stored version of a case type."""

    hash: str
    stored_at: dt.datetime
    current: bool
    open_cases: int


@dataclass(frozen=True)
class SettingLine:
    """A setting as expressions read it; `changed` when an administrator gave another value than the folder's. `notes`: its label in
    both languages, its unit, its source."""

    name: str
    value: Any
    notes: Mapping[str, Any]
    changed: dt.datetime | None


def by_type(session: Session, actor: Actor) -> list[tuple[CaseType, list[Version]]]:
    """Each case type with its versions, the newest first."""
    ensure_administrator(actor)
    running = select(Case.version_hash, func.count()).where(Case.closed_at.is_(None)).group_by(Case.version_hash)
    counts = {row[0]: row[1] for row in session.execute(running)}
    query = select(DefinitionVersion.hash, DefinitionVersion.case_type, DefinitionVersion.stored_at, DefinitionVersion.current)
    found: dict[str, list[Version]] = defaultdict(list)
    for row in session.execute(query.order_by(DefinitionVersion.stored_at.desc())):
        found[row.case_type].append(Version(row.hash, row.stored_at, row.current, counts.get(row.hash, 0)))
    types = versions.all_current(session)
    return [(types[code], found[code]) for code in sorted(types)]


def setting_lines(session: Session, actor: Actor) -> list[SettingLine]:
    """Every setting that some case type knows, by name."""
    ensure_administrator(actor)
    changed = {row.name: row.changed_at for row in session.scalars(select(Setting))}
    known: dict[str, Any] = {}
    notes: dict[str, Mapping[str, Any]] = {}
    for case_type in versions.all_current(session).values():
        known.update(settings.reglages(session, case_type))
        notes.update(case_type.setting_notes)
    return [SettingLine(name, known[name], notes.get(name, {}), changed.get(name)) for name in sorted(known)]


@lru_cache(maxsize=32)
def _findings(version: str, code: str) -> tuple[Finding, ...]:
    bundle = Bundle(code, _checked[version].files)
    return tuple(finding for finding in check_bundle(bundle) if finding.level == ERROR)


_checked: dict[str, CaseType] = {}


def findings(case_type: CaseType) -> tuple[Finding, ...]:
    """What the checks say of a version as it is stored; computed once a version and process."""
    _checked[case_type.version] = case_type
    return _findings(case_type.version, case_type.code)
