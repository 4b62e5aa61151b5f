"""What goes in and out, for validation and for the description of the interface."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields, validate


class Strict(Schema):
    """Unknown keys are refused."""

    class Meta:
        unknown = RAISE


class StartIn(Strict):
    type = fields.String(required=True, metadata={"description": "Code of the type of case", "example": "ABC"})
    post = fields.String(required=True, metadata={"description": "Code of the post that is competent"})
    header = fields.Dict(keys=fields.String(), load_default=dict, metadata={"description": "Answers of the common header form"})


class StartOut(Schema):
    reference = fields.String(required=True)
    task = fields.Integer(attribute="task_id", allow_none=True)


class AnswersIn(Strict):
    answers = fields.Dict(keys=fields.String(), required=True, metadata={"description": "Answers of the form, by field"})


class DocumentIn(Strict):
    name = fields.String(required=True, validate=validate.Length(1, 200), metadata={"description": "Name of the file"})
    field = fields.String(load_default="", validate=validate.Length(0, 120), metadata={"description": "Field of the form it is meant for"})


class DoneOut(Schema):
    reference = fields.String()
    task = fields.Integer(attribute="task_id")
    step = fields.String()
    next_task = fields.Integer(attribute="next_task_id", allow_none=True)
    closed_case = fields.Boolean()


class MessageIn(Strict):
    name = fields.String(required=True, validate=validate.Length(1, 80))
    key = fields.Raw(load_default=None, allow_none=True, metadata={"description": "Correlation value; the case's number by default"})
    payload = fields.Dict(keys=fields.String(), load_default=dict)
    source = fields.String(load_default="api", validate=validate.Length(1, 80))
    source_reference = fields.String(required=True, validate=validate.Length(1, 120))


class DeliveryOut(Schema):
    reference = fields.String()
    taken = fields.Boolean()
    duplicate = fields.Boolean()


class ListIn(Strict):
    tab = fields.String(load_default="mine", validate=validate.OneOf(["to_take", "mine", "team", "waiting", "done"]))
    after = fields.String(load_default=None, allow_none=True)
    type = fields.String(load_default="")
    post = fields.String(load_default="")
    country = fields.String(load_default="")
    due = fields.String(load_default="", validate=validate.OneOf(["", "late", "today", "soon"]))
    text = fields.String(load_default="", validate=validate.Length(0, 200))


class ReasonIn(Strict):
    reason = fields.String(required=True, validate=validate.Length(1, 2000))


class HistoryIn(Strict):
    after = fields.Integer(load_default=0, validate=validate.Range(0, 2**31))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))
