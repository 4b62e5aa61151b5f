"""The search box: a reference, a name however written, the number of a paper."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for

from app.extensions import db
from app.services import case_list, people
from app.web import access, case_walk, names
from app.web.reader import me

blueprint = Blueprint("search", __name__)
LONGEST = 120


@blueprint.get("/recherche")
@access.signed_in
def index():
    """Cases and persons; the one case whose reference was typed opens at once."""
    text = request.args.get("q", "")[:LONGEST].strip()
    session = db.session()
    cases = case_list.search(session, me(), text)
    if len(cases) == 1 and cases[0].reference == text.upper():
        return redirect(url_for("cases.show", reference=cases[0].reference))
    found = people.find(session, me(), text) if text and people.may_search(me(), names.case_types()) else []
    return render_template("search/index.html", text=text, cases=cases, people=found, walk=case_walk.along(case_walk.FOUND))
