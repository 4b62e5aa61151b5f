"""Operations over JSON: the children of a case and its figures, lists of children sent in, confirmed, followed."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from app.api import edge
from app.api.schemas import Strict
from app.api.tokens import caller, idempotency_key, with_token
from app.extensions import db
from app.services.operations import lists, tables, view

blueprint = Blueprint("api_operations", __name__, description="Operations and their children")


class ChildListIn(Strict):
    name = fields.String(load_default="", validate=validate.Length(0, 200))
    rows = fields.List(
        fields.Dict(keys=fields.String()),
        required=True,
        validate=validate.Length(1, 5000),
        metadata={
            "description": "Rows by column: fields of the child's form, `cle` (the row's own key), `nom`, `prenoms`, `sexe`, `ne_en`"
        },
    )


class ChildFileIn(Strict):
    name = fields.String(load_default="", validate=validate.Length(0, 200))


class ChosenIn(Strict):
    people = fields.Dict(
        keys=fields.Integer(), values=fields.String(), load_default=dict, metadata={"description": "Line -> code of the record it is about"}
    )


class ChildRowOut(Schema):
    line = fields.Integer(attribute="number")
    errors = fields.Dict(keys=fields.String(), values=fields.String())
    notes = fields.List(fields.String())
    likely = fields.List(fields.String(), metadata={"description": "Records that may be the same person"})
    problem = fields.String(allow_none=True)


class ChildListOut(Schema):
    list = fields.Integer()
    state = fields.String(metadata={"description": "preview, running, done or dropped"})
    total = fields.Integer()
    settled = fields.Integer()
    wrong = fields.Integer()
    rows = fields.List(fields.Nested(ChildRowOut), metadata={"description": "Rows with something to say, the first hundred"})


class ChildrenIn(Strict):
    stage = fields.String(load_default="")
    category = fields.String(load_default="")
    after = fields.Integer(load_default=0)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 500))


class ChildOut(Schema):
    reference = fields.String()
    title = fields.String()
    stage = fields.String()
    category = fields.String()
    amount = fields.Integer(allow_none=True)
    status = fields.String()
    outcome = fields.String(allow_none=True)
    task = fields.Integer(allow_none=True, metadata={"description": "Its first open task"})
    step = fields.String(allow_none=True)


class ChildrenOut(Schema):
    figures = fields.Dict(keys=fields.String(), values=fields.Integer())
    children = fields.List(fields.Nested(ChildOut))
    after = fields.Integer(allow_none=True)


@blueprint.get("/cases/<reference>/children")
@with_token
@blueprint.arguments(ChildrenIn, location="query")
@blueprint.response(200, ChildrenOut)
def children(data: dict[str, Any], reference: str) -> Any:
    """The children of an operation, in the order of recording, and the figures computed from them."""
    return view.as_rows(db.session(), caller(), reference, **data)


@blueprint.post("/cases/<reference>/children/lists")
@with_token
@blueprint.arguments(ChildListIn)
@blueprint.response(201, ChildListOut)
def send(data: dict[str, Any], reference: str) -> Any:
    """Send a list of children to be looked at: nothing is written before it is confirmed."""
    number = lists.send(caller(), reference, data["name"], None, data["rows"], idempotency_key())
    return _list(reference, number)


@blueprint.post("/cases/<reference>/children/lists/file")
@with_token
@blueprint.arguments(ChildFileIn, location="query")
@blueprint.doc(requestBody={"required": True, "content": {one: {} for one in tables.MEDIA}})
@blueprint.response(201, ChildListOut)
@edge.takes_file(*tables.MEDIA, heaviest=tables.MOST_BYTES)
def send_file(data: dict[str, Any], reference: str) -> Any:
    """The same from a file, CSV or XLSX, which is the body of the request; its heading names the columns."""
    return _list(reference, lists.send(caller(), reference, data["name"], request.get_data(), key=idempotency_key()))


@blueprint.get("/cases/<reference>/children/lists/<int:list_id>")
@with_token
@blueprint.response(200, ChildListOut)
def look(reference: str, list_id: int) -> Any:
    """How a list stands."""
    return _list(reference, list_id)


@blueprint.post("/cases/<reference>/children/lists/<int:list_id>/confirm")
@with_token
@blueprint.arguments(ChosenIn)
@blueprint.response(202, ChildListOut)
def confirm(data: dict[str, Any], reference: str, list_id: int) -> Any:
    """Have it written, in the background. Refused while a row is wrong: a list is never half imported."""
    lists.confirm(caller(), reference, list_id, data["people"])
    return _list(reference, list_id)


def _list(reference: str, list_id: int) -> dict[str, Any]:
    session = db.session()
    session.rollback()
    seen = lists.preview(session, caller(), reference, list_id)
    rows = [row for row in lists.rows_of(session, list_id, limit=5000) if row.errors or row.notes or row.likely or row.problem]
    return {
        "list": list_id,
        "state": seen.list.state,
        "total": seen.total,
        "settled": seen.settled,
        "wrong": seen.wrong,
        "rows": rows[:100],
    }
