"""A letter leaves: it gets its number, becomes a PDF, and stays in the case as a document with its digest. Sent twice, it leaves once."""

from __future__ import annotations

import datetime as dt
import io
import re
import secrets
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.documents import Document
from app.db.outbox import Notification
from app.db.people import Body, Person
from app.db.posts import Post
from app.db.transaction import Unit, transaction
from app.db.users import User
from app.extensions import db
from app.services import advance, clock, numbering, paper, policy, references, versions
from app.services.act import locked
from app.services.actor import SYSTEM
from app.services.documents import Store
from app.services.handlers import HANDLERS
from workflows.catalog import CaseType
from workflows.translations import ENGLISH, FRENCH

FIELD = "courrier"
"""Field of the documents that are letters of ours."""


def leave(store: Store, notification_id: int) -> bytes:
    """The PDF of a letter of the outbox, numbered in the series of its place and year. ValueError when it cannot be set."""

    def work(unit: Unit) -> bytes:
        case_id = unit.session.scalar(select(Notification.case_id).where(Notification.id == notification_id))
        act = locked(unit, SYSTEM, HANDLERS, case_id=case_id)
        row = unit.session.get_one(Notification, notification_id)
        code = row.data.get("document")
        if code is not None:
            digest = unit.session.scalars(select(Document.digest).where(Document.code == code)).one()
            with store.open(digest) as kept:
                return kept.read()
        place = str(row.data.get("place") or policy.CENTRAL)
        number = _number(unit.session, place, _day(unit.session, row, place).year)
        content = paper.pdf(compose(unit.session, act.case_type, row, act.case.reference, number))
        document = _document(unit, store, row, number, content)
        row.data = {**row.data, "document": document.code, "number": number}
        told = {"document": document.code, "sha256": document.digest, "number": number, "letter": row.kind}
        advance.record(act, "letter.left", str(row.data.get("element") or "") or None, told)
        return content

    letterhead(db.session())  # procedures are read before the lock: others wait for it
    db.session.rollback()
    return transaction(work, clock.now)


def _document(unit: Unit, store: Store, row: Notification, number: str, content: bytes) -> Document:
    name = f"Lettre {number.replace('/', '-')}.pdf"
    digest, size, media = store.put(io.BytesIO(content), name)
    document = Document(
        code=f"D-{secrets.token_hex(6).upper()}",
        case_id=row.case_id,
        field=FIELD,
        name=name,
        media_type=media,
        size=size,
        digest=digest,
        added_at=unit.now,
        number=number,
        issued_on=row.created_at.date(),
    )
    unit.session.add(document)
    unit.session.flush()
    return document


def _number(session: Session, place: str, year: int) -> str:
    """« 00012/LBV/2026 »: without gaps for each place and year, drawn in the transaction in which the letter leaves."""
    code = letterhead(session).get("central") or place if place == policy.CENTRAL else place
    return f"{numbering.draw(session, f'courrier-{code}-{year}'):05d}/{code}/{year}"


def letterhead(session: Session) -> Mapping[str, str]:
    """The letterhead of today, whatever version a case is pinned to: the name of the ministry changes for all letters at once."""
    current = next(iter(versions.all_current(session).values()), None)
    return current.shared["letterhead"] if current else {}


def compose(session: Session, case_type: CaseType, row: Any, reference: str, number: str | None) -> paper.Letter:
    """What stands on a letter. row: subject, body, address, created_at, and in `data` the place and the role it leaves from."""
    place = str(row.data.get("place") or policy.CENTRAL)
    post = session.get(Post, place)
    head = letterhead(session)
    language = str(row.data.get("language") or FRENCH)
    role = case_type.roles.get(str(row.data.get("role") or ""))
    return paper.Letter(
        subject=row.subject,
        body=row.body,
        addressee=addressee(session, row.address),
        number=number,
        place=(post.city if post else "") or head.get("city", ""),
        day=_day(session, row, place),
        reference=reference,
        signatory=role.name.get(language) or role.name[FRENCH] if role else "",
        office=(post.name_en if language == ENGLISH else post.name_fr) if post else "",
        letterhead=head,
        language=language,
    )


def _day(session: Session, row: Any, place: str) -> dt.date:
    """The day of the act that caused the letter, where it leaves."""
    return row.created_at.astimezone(ZoneInfo(references.zone_of(session, place))).date()


def addressee(session: Session, address: str | None) -> tuple[str, ...]:
    """The lines of an address: the name behind a code of our registers, else what is written."""
    if not address:
        return ()
    person = session.scalars(select(Person).where(Person.code == address)).one_or_none()
    if person is not None:
        return (person.name,)
    body = session.scalars(select(Body).where(Body.code == address)).one_or_none()
    if body is not None:
        return (body.name, body.city)
    member = session.scalars(select(User).where(User.code == address)).one_or_none()
    if member is not None:
        return (member.name, member.title) if member.title else (member.name,)
    return tuple(re.sub(r"[_\s]+", " ", line).strip() for line in address.splitlines())
