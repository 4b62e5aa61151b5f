"""The queue of who decides on money: every decision that waits, with its sum and its line, in the order that one chooses."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for

from app.extensions import db
from app.services import decision_queue, inbox
from app.web import access, inbox_lines
from app.web.language import say
from app.web.reader import me

blueprint = Blueprint("decisions", __name__, url_prefix="/taches/decisions")


def order_labels() -> dict[str, str]:
    """The orders of the queue, in words."""
    return {
        decision_queue.BY_DUE: say("Par échéance"),
        decision_queue.BY_AMOUNT: say("Par montant"),
        decision_queue.BY_LINE: say("Par ligne"),
    }


@blueprint.get("")
@access.signed_in
def index():
    """What waits for a decision of the reader."""
    wanted = request.args.get("par", "")
    order = wanted if wanted in decision_queue.ORDERS else decision_queue.BY_DUE
    waiting = decision_queue.queue(db.session(), me(), order)
    lines = {line.id: line for line in inbox_lines.of_rows(inbox.chosen(db.session(), me(), [one.task_id for one in waiting]))}
    labels = order_labels()
    return render_template(
        "inbox/decisions.html",
        order=order,
        label=labels[order],
        orders=[(text, url_for("decisions.index", par=code), None) for code, text in labels.items()],
        rows=[(one, lines[one.task_id]) for one in waiting if one.task_id in lines],
    )
