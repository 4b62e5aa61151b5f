"""Documents of cases: received, told apart by their content, kept under their digest, given back to who may see the case."""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import filetype
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.documents import Document
from app.db.tasks import Task
from app.db.transaction import Unit, transaction
from app.services import case_file, clock, policy, sentences
from app.services.act import locked
from app.services.actor import Actor
from app.services.advance import record
from app.services.case_file import CaseFile
from app.services.errors import Invalid, NotFound
from app.services.handlers import HANDLERS

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
CHUNK = 64 * 1024
MEDIA = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
NAME_LENGTH = 200


class Store:
    """Contents of documents in a folder, under their SHA-256: the same content is kept once, a name never becomes a path."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: IO[bytes], name: str) -> tuple[str, int, str]:
        """Keeps a content; its digest, size and media type. Invalid when it is empty, too large or of another kind."""
        self._folder.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with tempfile.NamedTemporaryFile(dir=self._folder, delete=False) as file:
            try:
                while chunk := content.read(CHUNK):
                    size += len(chunk)
                    if size > LARGEST:
                        raise Invalid({"file": sentences.say("file_too_large", name=name)})
                    digest.update(chunk)
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
                media = _media(file.name, size, name)
            except BaseException:
                os.unlink(file.name)
                raise
        target = self._path(digest.hexdigest())
        target.parent.mkdir(parents=True, exist_ok=True)
        os.replace(file.name, target)
        return digest.hexdigest(), size, media

    def open(self, digest: str) -> IO[bytes]:
        """The content; NotFound when it is not there."""
        try:
            return self._path(digest).open("rb")
        except FileNotFoundError:
            raise NotFound from None

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


def _media(path: str, size: int, name: str) -> str:
    if not size:
        raise Invalid({"file": sentences.say("file_empty", name=name)})
    kind = filetype.guess(path)
    if kind is None or kind.mime not in MEDIA:
        raise Invalid({"file": sentences.say("file_kind", name=name)})
    return kind.mime


def shown_name(name: str) -> str:
    """The name of a file as people gave it, without folders or control characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable()).strip()[-NAME_LENGTH:] or "document"


def receive(
    actor: Actor, store: Store, case_id: int, content: IO[bytes], name: str, *, task_id: int | None = None, field: str = ""
) -> Document:
    """A file given to a case, at a step or beside it; its row. Forbidden, NotFound, Invalid.

    The content is kept before the transaction: a file without a row does no harm, a row without a file would.
    """
    name = shown_name(name)
    digest, size, media = store.put(content, name)

    def work(unit: Unit) -> Document:
        act = locked(unit, actor, HANDLERS, case_id=case_id)
        act.capacity = _ensure_may_add(unit.session, actor, act, task_id)
        act.recorder.capacity = act.capacity
        row = Document(
            code=f"D-{secrets.token_hex(6).upper()}",
            case_id=case_id,
            task_id=task_id,
            field=field[:120],
            name=name,
            media_type=media,
            size=size,
            digest=digest,
            added_at=unit.now,
            added_by_id=actor.id,
        )
        unit.session.add(row)
        unit.session.flush()
        record(act, "document.added", None, {"document": row.code, "sha256": digest, "size": size})
        return row

    return transaction(work, clock.now)


def _ensure_may_add(session: Session, actor: Actor, act: Any, task_id: int | None) -> policy.Capacity:
    task = session.get(Task, task_id) if task_id is not None else None
    if task is not None and task.case_id == act.case.id and policy.grants_for(actor, task, act.case_type):
        grant = policy.grants_for(actor, task, act.case_type)[0]
        return policy.Capacity(grant.role, grant.behind)
    return policy.ensure_may_work(session, actor, act.case, act.case_type)


def find(session: Session, actor: Actor, code: str) -> tuple[Document, CaseFile]:
    """A document and its case. NotFound when the actor does not see the case or only its money."""
    row = session.scalars(select(Document).where(Document.code == code)).one_or_none()
    if row is None:
        raise NotFound
    file = case_file.find_by_id(session, actor, row.case_id)
    if file.sight == policy.SHEET:
        raise NotFound
    return row, file


def verify(actor: Actor, code: str, good: bool, doubt: str = "") -> None:
    """Somebody looked at the original: the document is verified, or doubted with the reason."""
    if not good and not doubt.strip():
        raise Invalid({"doubt": "reason_missing"})

    def work(unit: Unit) -> None:
        row = unit.session.scalars(select(Document).where(Document.code == code)).one_or_none()
        if row is None:
            raise NotFound
        act = locked(unit, actor, HANDLERS, case_id=row.case_id)
        act.capacity = policy.ensure_may_work(unit.session, actor, act.case, act.case_type)
        act.recorder.capacity = act.capacity
        row.verified_at, row.verified_by_id = (unit.now, actor.id) if good else (None, None)
        row.doubt = "" if good else doubt.strip()[:1000]
        record(act, "document.verified" if good else "document.doubted", None, {"document": code})

    transaction(work, clock.now)


def chunks(file: IO[bytes]) -> Iterator[bytes]:
    """The content in pieces; the file is closed at the end."""
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
