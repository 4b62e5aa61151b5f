"""What the interface answers, for its description; the views write just these keys."""

from __future__ import annotations

from marshmallow import Schema, fields

MOMENT = {"format": "date-time"}
XOF = {"description": "Whole francs CFA"}
FACTS = {"type": "object", "additionalProperties": {"type": "object"}}
"""Scope -> name -> value: which names there are depends on the procedure."""


def _moment() -> fields.String:
    """A moment in UTC, or null."""
    return fields.String(allow_none=True, required=True, metadata=MOMENT)


class OpenTask(Schema):
    task = fields.Integer(required=True)
    step = fields.String(required=True)
    title = fields.String(required=True)
    kind = fields.String(required=True, metadata={"description": "step, wait or companion"})
    role = fields.String(required=True)
    due_at = _moment()


class CaseOut(Schema):
    reference = fields.String(required=True)
    type = fields.String(required=True)
    version = fields.String(required=True, metadata={"description": "Hash of the procedure that the case follows"})
    status = fields.String(required=True)
    priority = fields.String(required=True)
    confidentiality = fields.String(required=True)
    post = fields.String(required=True)
    country = fields.String(required=True, allow_none=True)
    person = fields.String(required=True, allow_none=True, metadata={"description": "Null for who sees only the money"})
    outcome = fields.String(required=True, allow_none=True)
    opened_at = _moment()
    closed_at = _moment()
    due_at = _moment()
    open = fields.List(fields.Nested(OpenTask), required=True)


class MoneyOut(Schema):
    request = fields.String(required=True)
    line = fields.String(required=True)
    state = fields.String(required=True)
    asked = fields.Integer(required=True, metadata=XOF)
    reserved = fields.Integer(required=True, metadata=XOF)
    granted = fields.Integer(required=True, metadata=XOF)
    committed = fields.Integer(required=True, metadata=XOF)
    liquidated = fields.Integer(required=True, metadata=XOF)
    ordered = fields.Integer(required=True, metadata=XOF)
    paid = fields.Integer(required=True, metadata=XOF)
    returned = fields.Integer(required=True, metadata=XOF)
    decommitted = fields.Integer(required=True, metadata=XOF)


class RenewalOut(Schema):
    request = fields.String(required=True)
    reserved_until = fields.String(required=True)


class EntryOut(Schema):
    seq = fields.Integer(required=True)
    entry = fields.Dict(keys=fields.String(), required=True)
    canonical = fields.String(required=True, metadata={"description": "The text that is hashed"})
    personal = fields.Dict(keys=fields.String(), required=True, allow_none=True)


class HistoryOut(Schema):
    entries = fields.List(fields.Nested(EntryOut), required=True)
    after = fields.Integer(required=True, allow_none=True, metadata={"description": "Number to go on from; null at the end"})
    head = fields.String(required=True)
    count = fields.Integer(required=True)


class TimerOut(Schema):
    element = fields.String(required=True)
    title = fields.String(required=True)
    due_at = _moment()


class ListedTask(OpenTask):
    case = fields.String(required=True)
    type = fields.String(required=True)
    post = fields.String(required=True)
    priority = fields.String(required=True)
    assigned = fields.Boolean(required=True)


class ListOut(Schema):
    tasks = fields.List(fields.Nested(ListedTask), required=True)
    after = fields.String(required=True, allow_none=True)
    counts = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)


class TaskOut(Schema):
    task = fields.Integer(required=True)
    step = fields.String(required=True)
    title = fields.String(required=True)
    case = fields.String(required=True)
    due_at = _moment()
    closed_at = _moment()
    may_complete = fields.Boolean(required=True)
    why_not = fields.String(required=True, allow_none=True)
    form = fields.Dict(keys=fields.String(), required=True, allow_none=True, metadata={"description": "form-js"})
    proposed = fields.Dict(keys=fields.String(), required=True)
    known = fields.Dict(keys=fields.String(), required=True)
    draft = fields.Dict(keys=fields.String(), required=True, allow_none=True)


class DocumentOut(Schema):
    document = fields.String(required=True, metadata={"description": "Code by which answers name it"})
    name = fields.String(required=True)
    size = fields.Integer(required=True)
    sha256 = fields.String(required=True)


class Problem(Schema):
    """A refusal (RFC 9457)."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True)
    code = fields.String(required=True)
    errors = fields.Dict(keys=fields.String(), metadata={"description": "Messages by field"})
