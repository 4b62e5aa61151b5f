"""Versions of procedures: stored once by content hash, read once a process, pinned by each case."""

from __future__ import annotations

import datetime as dt
import threading
import zlib
from collections.abc import Mapping
from pathlib import Path

import orjson
from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from app.db.cases import Case, DefinitionVersion
from app.services.errors import NotFound
from workflows.catalog import CaseType, Catalog

_VERSION = DefinitionVersion.__table__
_CURRENT = select(_VERSION.c.hash).where(_VERSION.c.current.is_(True)).order_by(_VERSION.c.case_type)
_read: dict[str, CaseType] = {}
_guard = threading.Lock()


def pack(files: Mapping[str, bytes]) -> bytes:
    """Files of a folder as one compressed archive."""
    return zlib.compress(orjson.dumps({path: content.decode("utf-8") for path, content in sorted(files.items())}), 9)


def unpack(content: bytes) -> dict[str, bytes]:
    """The files of an archive."""
    return {path: text.encode() for path, text in orjson.loads(zlib.decompress(content)).items()}


def pinned(session: Session, version: str) -> CaseType:
    """The case type as it was in a version (its content hash). NotFound when it was never stored."""
    if version in _read:
        return _read[version]
    content = session.scalar(select(DefinitionVersion.content).where(DefinitionVersion.hash == version))
    if content is None:
        raise NotFound
    with _guard:
        if version not in _read:
            _read[version] = CaseType.read(unpack(content))
    return _read[version]


def current(session: Session, code: str) -> CaseType:
    """The version by which new cases of a type are opened. NotFound for an unknown type."""
    version = session.scalar(select(DefinitionVersion.hash).where(DefinitionVersion.case_type == code, DefinitionVersion.current.is_(True)))
    if version is None:
        raise NotFound("unknown_type")
    return pinned(session, version)


def all_current(session: Session) -> dict[str, CaseType]:
    """Every case type that can be opened, by code."""
    found = [pinned(session, version) for version in session.connection().scalars(_CURRENT)]
    return {case_type.code: case_type for case_type in found}


def all_in_use(session: Session, most: int | None = None) -> list[CaseType]:
    """The versions that open cases are pinned to and those of new cases, read into the memory of this process; `most` at the most."""
    pinned_by_one = exists().where(Case.version_hash == DefinitionVersion.hash, Case.closed_at.is_(None))
    query = select(DefinitionVersion.hash).where(or_(DefinitionVersion.current.is_(True), pinned_by_one))
    latest = query.order_by(DefinitionVersion.current.desc(), DefinitionVersion.stored_at.desc()).limit(most)
    return [pinned(session, version) for version in session.scalars(latest).all()]


def is_known(session: Session, version: str) -> bool:
    """Whether a version was ever stored, current or not."""
    return session.get(DefinitionVersion, version) is not None


def deploy(session: Session, case_type: CaseType, files: Mapping[str, bytes], now: dt.datetime) -> bool:
    """Makes a version the current one of its type; False when it already was. Cases that run keep theirs."""
    known = session.get(DefinitionVersion, case_type.version)
    if known is not None and known.current:
        return False
    others = update(DefinitionVersion).where(DefinitionVersion.case_type == case_type.code).values(current=False)
    session.execute(others)
    if known is None:
        known = DefinitionVersion(hash=case_type.version, case_type=case_type.code, content=pack(files), stored_at=now)
        session.add(known)
    known.current = True
    session.flush()
    return True


def deploy_folder(session: Session, root: Path, now: dt.datetime) -> list[str]:
    """Deploys every case type of a folder; the codes that changed."""
    catalog = Catalog(root)
    return [code for code, case_type in sorted(catalog.types.items()) if deploy(session, case_type, case_type.files, now)]
