"""The Treasury's export beside the payments that are kept here, by mandate number: what agrees, and what somebody must look into.

(domain: funding §9.) A file is read whole or not at all; it is shown before anything follows from it. Neither the export nor the answer
to a difference moves money: a payment is corrected by the steps of its case.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.funding import Payment
from app.db.transaction import Unit, transaction
from app.db.treasury import CORRECTED, DROPPED, EXPLAINED, OPEN, PREVIEW, TAKEN, TreasuryExport, TreasuryGap
from app.services import administration, clock, gap_tasks, rights, sentences, versions
from app.services.actor import Actor
from app.services.errors import Conflict, Invalid, NotFound
from app.services.operations import tables

COLUMNS = ("mandat", "montant", "date", "statut")
PAID, REJECTED = "paye", "rejete"
UNKNOWN, OTHER_AMOUNT, NOT_REJECTED, NOT_PAID, MISSING = "inconnu", "montant", "rejete", "non_paye", "absent"
"""Kinds of difference: a mandate that nobody knows here; another amount; rejected there and not here; paid there and not here; paid here
within the dates of the export and not in it."""
MOST_ERRORS, SHOWN = 50, 100


@dataclass(frozen=True)
class Gap:
    """A difference as it is found."""

    line: int | None
    order_number: str
    kind: str
    stated: int | None
    kept: int | None


@dataclass(frozen=True)
class Compared:
    """An export beside what is kept now."""

    agreed: int
    gaps: Sequence[Gap]


def ensure(session: Session, actor: Actor) -> None:
    """NotFound for who does not compare exports."""
    if not rights.has(actor, rights.TREASURY, versions.all_current(session)):
        raise NotFound


# ------------------------------------------------------------------ reading a file
def send(actor: Actor, name: str, content: bytes) -> int:
    """Keeps a file to be looked at; its number. Invalid with an error for each wrong row; then nothing of it is kept."""

    def work(unit: Unit) -> int:
        ensure(unit.session, actor)
        digest = hashlib.sha256(content).hexdigest()
        seen = select(TreasuryExport.id).where(TreasuryExport.digest == digest, TreasuryExport.state == TAKEN)
        if unit.session.scalar(seen) is not None:
            raise Invalid({"fichier": "treasury_seen"})
        rows = _rows(content, actor.language)
        export = TreasuryExport(name=name.strip()[:200], digest=digest, state=PREVIEW, rows=rows, agreed=0)
        export.made_at, export.made_by_id = unit.now, _id(actor)
        unit.session.add(export)
        unit.session.flush()
        return export.id

    return transaction(work, clock.now)


def _rows(content: bytes, language: str) -> list[dict[str, Any]]:
    found = tables.read(content)
    missing = [name for name in COLUMNS if name not in found[0][1]]
    if missing:
        raise Invalid({"fichier": sentences.say("treasury_columns", language, names=", ".join(missing))})
    lines: dict[str, int] = {}
    errors: list[str] = []
    rows: list[dict[str, Any]] = []
    for line, cells in found:
        row, wrong = _row(cells, language)
        order = row["mandat"]
        if order in lines:
            wrong = [*wrong, sentences.say("row_twice", language, order=order, line=lines[order])]
        lines.setdefault(order, line)
        errors += [str(sentences.say("row_wrong", language, line=line, text=text)) for text in map(str, wrong)]
        rows.append({"ligne": line, **row})
    if errors:
        raise Invalid({"lignes": errors[:MOST_ERRORS]})
    return rows


def _row(cells: Mapping[str, str], language: str) -> tuple[dict[str, Any], list[Any]]:
    order, status = cells["mandat"].strip()[:40], cells["statut"].strip().lower().replace("é", "e")
    amount, day = _amount(cells["montant"]), _day(cells["date"])
    checks = [
        (bool(order), "row_order", ""),
        (amount is not None, "row_amount", cells["montant"]),
        (day is not None, "row_date", cells["date"]),
        (status in (PAID, REJECTED), "row_status", cells["statut"]),
    ]
    wrong = [sentences.say(code, language, text=text) for right, code, text in checks if not right]
    return {"mandat": order, "montant": amount, "date": day.isoformat() if day else None, "statut": status}, wrong


def _amount(text: str) -> int | None:
    digits = "".join(letter for letter in text if not letter.isspace())
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 16 else None


def _day(text: str) -> dt.date | None:
    for shape in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return dt.datetime.strptime(text.strip(), shape).date()
        except ValueError:
            continue
    return None


# ------------------------------------------------------------------ comparing
def compare(session: Session, export: TreasuryExport) -> Compared:
    """The export beside the payments as they are now."""
    orders = [row["mandat"] for row in export.rows]
    known = {payment.order_number: payment for payment in session.scalars(select(Payment).where(Payment.order_number.in_(orders)))}
    found = [(row, _difference(row, known.get(row["mandat"]))) for row in export.rows]
    gaps = [gap for _, gap in found if gap is not None]
    return Compared(len(found) - len(gaps), [*gaps, *_missing(session, export, set(orders))])


def _difference(row: Mapping[str, Any], payment: Payment | None) -> Gap | None:
    order, stated = row["mandat"], int(row["montant"])
    kind: str | None
    if payment is None:
        return Gap(row["ligne"], order, UNKNOWN, stated, None)
    kept = payment.paid or payment.liquidated
    if row["statut"] == REJECTED:
        kind = NOT_REJECTED
    elif payment.paid_at is None:
        kind = NOT_PAID
    else:
        kind = OTHER_AMOUNT if stated != payment.paid - payment.withheld and stated != payment.paid else None
    return Gap(row["ligne"], order, kind, stated, kept) if kind else None


def _missing(session: Session, export: TreasuryExport, orders: set[str]) -> Iterator[Gap]:
    days = [dt.datetime.fromisoformat(row["date"]).replace(tzinfo=dt.UTC) for row in export.rows]
    within = (Payment.paid_at >= min(days), Payment.paid_at < max(days) + dt.timedelta(days=1))
    for payment in session.scalars(select(Payment).where(Payment.order_number.is_not(None), *within).order_by(Payment.id)):
        if payment.order_number and payment.order_number not in orders:
            yield Gap(None, payment.order_number, MISSING, None, payment.paid)


def export_of(session: Session, actor: Actor, number: int) -> TreasuryExport:
    """One export. NotFound."""
    ensure(session, actor)
    found = session.get(TreasuryExport, number)
    if found is None:
        raise NotFound
    return found


def settle_export(actor: Actor, number: int, *, take: bool) -> None:
    """Confirms an export that was looked at (its differences are then open), or gives it up. Conflict when that was done before."""

    def work(unit: Unit) -> None:
        ensure(unit.session, actor)
        export = unit.session.get(TreasuryExport, number, with_for_update=True, populate_existing=True)
        if export is None:
            raise NotFound
        if export.state != PREVIEW:
            raise Conflict("treasury_over")
        export.state, export.taken_at = TAKEN if take else DROPPED, unit.now
        if not take:
            return
        compared = compare(unit.session, export)
        export.agreed = compared.agreed
        unit.session.add_all(TreasuryGap(export_id=export.id, result=OPEN, **asdict(gap)) for gap in compared.gaps)
        counted = {"rows": len(export.rows), "agreed": compared.agreed, "gaps": len(compared.gaps), "file": export.digest}
        administration.record(unit, actor, "treasury.compared", gap_tasks.subject(export.id), **counted)

    transaction(work, clock.now)
    gap_tasks.open_all()


# ------------------------------------------------------------------ dealing with differences
def settle(actor: Actor, gap_id: int, result: str, remarks: str) -> None:
    """Somebody looked into a difference: explained, corrected, or to be followed up. Invalid, Conflict when it was closed before."""

    def work(unit: Unit) -> None:
        ensure(unit.session, actor)
        gap = unit.session.get(TreasuryGap, gap_id, with_for_update=True, populate_existing=True)
        if gap is None:
            raise NotFound
        if gap.settled_at is not None:
            raise Conflict("gap_settled")
        if gap_tasks.task_of(unit.session, gap_id) is not None:
            raise Conflict("gap_has_task")
        said = remarks.replace("\x00", "").strip()[:5_000]
        errors = {} if result in (EXPLAINED, CORRECTED, OPEN) else {"resultat": "gap_result"}
        if not said:
            errors["observations"] = "gap_remarks"
        if errors:
            raise Invalid(errors)
        gap_tasks.note(unit, actor, gap, result, said)

    transaction(work, clock.now)


def waiting(session: Session, actor: Actor) -> int:
    """How many differences wait for somebody; 0 for who does not compare exports."""
    if not rights.has(actor, rights.TREASURY, versions.all_current(session)):
        return 0
    return session.scalar(select(func.count(TreasuryGap.id)).where(TreasuryGap.settled_at.is_(None))) or 0


def alone(session: Session, actor: Actor) -> tuple[int, dt.datetime | None]:
    """How many of them are no task of a case, and when the first of these is due."""
    if not waiting(session, actor):
        return 0, None
    query = select(TreasuryGap.id, TreasuryExport.taken_at).join(TreasuryExport, TreasuryExport.id == TreasuryGap.export_id)
    has = gap_tasks.with_task(session)
    found = [taken for gap_id, taken in session.execute(query.where(TreasuryGap.settled_at.is_(None))) if gap_id not in has]
    first = min((taken for taken in found if taken), default=None)
    return len(found), first and gap_tasks.due_at(session, first)


def open_gaps(session: Session, actor: Actor) -> list[TreasuryGap]:
    """Differences that nobody has closed, the oldest first."""
    ensure(session, actor)
    return list(session.scalars(select(TreasuryGap).where(TreasuryGap.settled_at.is_(None)).order_by(TreasuryGap.id).limit(SHOWN)))


def gaps_of(session: Session, export: TreasuryExport) -> list[TreasuryGap]:
    """The differences that an export brought, in the order of its rows."""
    return list(session.scalars(select(TreasuryGap).where(TreasuryGap.export_id == export.id).order_by(TreasuryGap.id)))


def gap_of(session: Session, actor: Actor, gap_id: int) -> TreasuryGap:
    """One difference. NotFound."""
    ensure(session, actor)
    found = session.get(TreasuryGap, gap_id)
    if found is None:
        raise NotFound
    return found


def exports(session: Session, actor: Actor) -> list[tuple[TreasuryExport, int]]:
    """Exports that were confirmed, the latest first, each with how many of its differences are open."""
    ensure(session, actor)
    left = func.count(TreasuryGap.id).filter(TreasuryGap.settled_at.is_(None))
    query = select(TreasuryExport, left).outerjoin(TreasuryGap, TreasuryGap.export_id == TreasuryExport.id)
    query = query.where(TreasuryExport.state == TAKEN).group_by(TreasuryExport.id).order_by(TreasuryExport.id.desc()).limit(SHOWN)
    return [(row[0], int(row[1])) for row in session.execute(query)]


def _id(actor: Actor) -> int:
    assert actor.id is not None
    return actor.id
