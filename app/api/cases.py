"""Cases over JSON: open one, read it, its facts, money, history and timers, deliver a message to it."""

from __future__ import annotations

import json
from typing import Any

from flask_smorest import Blueprint
from sqlalchemy import select

from app.api import answers, schemas
from app.api.tokens import caller, idempotency_key, with_token
from app.db.funding import BudgetLine, FundingRequest
from app.db.history import HistoryEntry
from app.db.tasks import NO_DEADLINE
from app.db.timers import Timer
from app.extensions import db
from app.services import case_file, intake, messages, readings
from app.services.funding import renewal
from workflows.facts import pack

blueprint = Blueprint("api_cases", __name__, description="Cases")


@blueprint.post("/cases")
@with_token
@blueprint.arguments(schemas.StartIn)
@blueprint.response(201, schemas.StartOut)
def start(data: dict[str, Any]) -> Any:
    """Open a case. Send `Idempotency-Key` so that a repetition opens nothing twice."""
    return intake.start_case(caller(), data["type"], data["post"], data["header"], idempotency_key())


def _found(reference: str, part: str) -> case_file.CaseFile:
    """The case, and the record that it was read."""
    file = case_file.find(db.session(), caller(), reference)
    db.session.rollback()
    readings.record(caller(), file.case, part, "api")
    return case_file.find(db.session(), caller(), reference)


@blueprint.get("/cases/<reference>")
@with_token
@blueprint.response(200, answers.CaseOut)
def read(reference: str) -> Any:
    """The header of a case and what is open in it."""
    file = _found(reference, "case")
    case = file.case
    tasks = case_file.open_tasks(db.session(), file) + case_file.waits(db.session(), file)
    return {
        "reference": case.reference,
        "type": case.case_type,
        "version": case.version_hash,
        "status": case.status,
        "priority": case.priority,
        "confidentiality": case.confidentiality,
        "post": case.post_code,
        "country": case.country,
        "person": case.person_code if file.whole else None,
        "outcome": case.outcome,
        "opened_at": _time(case.opened_at),
        "closed_at": _time(case.closed_at),
        "due_at": _time(case.due_at),
        "open": [
            {"task": task.id, "step": task.step, "title": task.title, "kind": task.kind, "role": task.role, "due_at": _time(task.due_at)}
            for task in tasks
        ],
    }


@blueprint.get("/cases/<reference>/facts")
@with_token
@blueprint.alt_response(200, schema=answers.FACTS)
def facts(reference: str) -> Any:
    """What is known, by scope; "" is the case's own. Kinds that JSON lacks are {"$": kind, "v": text}."""
    file = _found(reference, "facts")
    case_file.ensure_whole(file)
    return pack(case_file.facts(db.session(), file))


@blueprint.get("/cases/<reference>/money")
@with_token
@blueprint.response(200, answers.MoneyOut(many=True))
def money(reference: str) -> Any:
    """Requests for money of the case, amounts in XOF."""
    file = _found(reference, "money")
    query = select(FundingRequest, BudgetLine.code).join(BudgetLine, BudgetLine.id == FundingRequest.line_id)
    rows = db.session.execute(query.where(FundingRequest.case_id == file.case.id).order_by(FundingRequest.id))
    names = ("asked", "reserved", "granted", "committed", "liquidated", "ordered", "paid", "returned", "decommitted")
    return [{"request": row.code, "line": line, "state": row.state, **{name: getattr(row, name) for name in names}} for row, line in rows]


@blueprint.post("/cases/<reference>/money/<code>/renewal")
@with_token
@blueprint.arguments(schemas.ReasonIn)
@blueprint.response(200, answers.RenewalOut)
def renew(data: dict[str, Any], reference: str, code: str) -> Any:
    """Hold what is reserved for a request for its whole time again. Nothing is decided by it."""
    return {"request": code, "reserved_until": _time(renewal.renew(caller(), reference, code, data["reason"]))}


@blueprint.get("/cases/<reference>/history")
@with_token
@blueprint.arguments(schemas.HistoryIn, location="query")
@blueprint.response(200, answers.HistoryOut)
def history(data: dict[str, Any], reference: str) -> Any:
    """Entries in their order, with their canonical text: the chain can be verified from them alone."""
    file = _found(reference, "history")
    case_file.ensure_whole(file)
    query = select(HistoryEntry).where(HistoryEntry.case_id == file.case.id, HistoryEntry.seq > data["after"])
    rows = list(db.session.scalars(query.order_by(HistoryEntry.seq).limit(data["limit"])))
    entries = [{"seq": row.seq, "entry": json.loads(row.entry), "canonical": row.entry, "personal": row.personal} for row in rows]
    following = rows[-1].seq if len(rows) == data["limit"] else None
    return {"entries": entries, "after": following, "head": file.case.history_head, "count": file.case.history_seq}


@blueprint.get("/cases/<reference>/timers")
@with_token
@blueprint.response(200, answers.TimerOut(many=True))
def timers(reference: str) -> Any:
    """What will fall due by itself."""
    file = _found(reference, "timers")
    rows = db.session.scalars(select(Timer).where(Timer.case_id == file.case.id).order_by(Timer.due_at.nulls_last(), Timer.key))
    return [{"element": row.element, "title": row.title, "due_at": _time(row.due_at)} for row in rows]


@blueprint.post("/cases/<reference>/messages")
@with_token
@blueprint.arguments(schemas.MessageIn)
@blueprint.response(200, schemas.DeliveryOut)
def deliver(data: dict[str, Any], reference: str) -> Any:
    """Deliver a message; kept in the file when nobody awaits it. (source, source_reference) makes it happen once."""
    incoming = messages.Incoming(data["name"], data["payload"], data["key"], data["source"], data["source_reference"])
    return messages.deliver(caller(), reference, incoming, idempotency_key())


def _time(moment: Any) -> str | None:
    return None if moment is None or moment == NO_DEADLINE else moment.isoformat(timespec="seconds")
