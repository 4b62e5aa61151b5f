"""The part of a case file that shows its children, for cases that have some."""

from __future__ import annotations

from typing import Any

from flask import request

from app.extensions import db
from app.services import rights
from app.services.case_file import CaseFile
from app.services.errors import Refusal
from app.services.operations import births, view
from app.web import case_walk, names
from app.web.language import chosen
from app.web.reader import me


def parts(file: CaseFile) -> dict[str, Any]:
    """Figures, filters, a page of children. NotFound for a case without children."""
    stage, category = request.args.get("etape", ""), request.args.get("categorie", "")
    found = view.children(db.session(), me(), file, stage, category, request.args.get("apres", 0, type=int))
    operation = file.case_type.operation
    assert operation is not None
    language = chosen()
    stages = [(code, said[language]) for code, said in operation.stages.items()]
    categories = [(code, said[language]) for code, said in operation.categories.items()]
    child = view.child_type(db.session(), file.case_type)
    return {
        "children": found.rows,
        "after": found.after,
        "figures": [(figure.name[language], found.figures[name], figure.money) for name, figure in operation.figures.items()],
        "stages": stages,
        "names_of_stages": dict(stages),
        "categories": categories,
        "names_of_categories": dict(categories),
        "outcomes": {code: names.text_of(said, code) for code, said in child.outcomes.items()},
        "walk": case_walk.along(case_walk.CHILDREN),
        "stage": stage,
        "category": category,
        "may_add": _may_add(file),
        "shared": any(row.share is not None for row in found.rows),
        "may_print": rights.has(me(), rights.PRINT, names.case_types()),
        "may_export": rights.has(me(), rights.EXPORT, names.case_types()),
    }


def _may_add(file: CaseFile) -> bool:
    """Whether the reader is one of those who add children."""
    try:
        births.may_add(db.session(), me(), file.case, file.case_type)
    except Refusal:
        return False
    return file.case.closed_at is None
