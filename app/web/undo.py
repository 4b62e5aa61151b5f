"""The link that takes back what one has just done, shown for a minute: whose a task is, a label. Nothing else is taken back."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, Flask, flash, redirect, request, session, url_for
from flask_login import current_user

from app.services import assignment, labels
from app.services.errors import Refusal
from app.services.undoing import WITHIN
from app.web import access, tasks_words
from app.web.filters import now
from app.web.language import safe_next, say, say_many
from app.web.reader import me
from app.web.refusals import sentence

blueprint = Blueprint("undo", __name__)
KEPT = "annuler"
"""Name in the session, which is signed: nobody else writes there. What may be undone is decided by the services from the history."""


def offer(task_ids: list[int], label: str = "") -> None:
    """From now on for a minute the pages offer to take back what was done with these tasks."""
    if task_ids:
        session[KEPT] = {"at": now().isoformat(), "tasks": task_ids, "label": label}


def offered() -> int:
    """How many tasks the pages offer to take back now."""
    kept = session.get(KEPT) if current_user.is_authenticated else None
    if not kept or now() - dt.datetime.fromisoformat(kept["at"]) > WITHIN:
        return 0
    return len(kept["tasks"])


@blueprint.post("/annuler")
@access.signed_in
def undo():
    """Taken back, one by one; what can no longer be is said with the cause."""
    kept = session.pop(KEPT, None) or {"tasks": [], "label": ""}
    done = 0
    for task_id in kept["tasks"]:
        try:
            labels.undo(me(), task_id, kept["label"]) if kept["label"] else assignment.undo(me(), task_id)
            done += 1
        except Refusal as refusal:
            flash(f"{tasks_words.title_of(task_id)} : {sentence(refusal)}", "warning")
    if done:
        flash(say_many("Annulé : %(num)s acte.", "Annulé : %(num)s actes.", done), "good")
    elif not kept["tasks"]:
        flash(say("Il n'y a plus rien à annuler."), "warning")
    return redirect(safe_next(request.form.get("next")) or url_for("inbox.index"), 303)


def init_app(app: Flask) -> None:
    """Give the templates the offer."""
    app.jinja_env.globals["undo_offered"] = offered
