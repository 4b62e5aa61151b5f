"""From case to case along the list in which the first one was opened: it stands in the address, so that nothing else must remember it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import request, url_for

from app.extensions import db
from app.services import case_list
from app.services.case_file import CaseFile
from app.web.language import say
from app.web.reader import me

LIST = "dans"
CASES, FOUND, CHILDREN = "dossiers", "recherche", "fiches"
NARROWED = {CASES: ("type", "post", "status", "state", "after"), FOUND: ("q",), CHILDREN: ("etape", "categorie", "apres")}
"""Name of a list -> what narrows it, as its own page names it."""
LONGEST = 120


def along(name: str) -> dict[str, str]:
    """What the addresses of cases carry so that one goes on along a list, narrowed as it is in the address of this page."""
    return {LIST: name, **{key: request.args[key][:LONGEST] for key in NARROWED[name] if request.args.get(key)}}


def kept() -> dict[str, str]:
    """The list that one came from, as every address of the case carries it; nothing for who came from elsewhere."""
    name = request.args.get(LIST, "")
    return along(name) if name in NARROWED else {}


def way_back(file: CaseFile) -> tuple[str, str]:
    """The name and the address of the list, filter and page included: all cases for who came from elsewhere."""
    walk = kept()
    name = walk.pop(LIST, CASES)
    if name == FOUND:
        return say("Recherche"), url_for("search.index", **walk)
    parent = case_list.reference_of(db.session(), file.case.parent_id) if name == CHILDREN and file.case.parent_id else None
    if parent:
        return say("Fiches"), url_for("cases.part", reference=parent, part=CHILDREN, **walk)
    return say("Dossiers"), url_for("cases.index", **(walk if name == CASES else {}))


def neighbours(file: CaseFile) -> tuple[str | None, str | None]:
    """The addresses of the cases before and after this one, None at an end."""
    walk = kept()
    before, after = _references(file, walk)
    return _address(before, walk), _address(after, walk)


def _references(file: CaseFile, walk: dict[str, str]) -> tuple[str | None, str | None]:
    session, name = db.session(), walk.get(LIST)
    if name == CASES:
        return case_list.neighbours(session, me(), filters_of(walk), file.case.id)
    if name == CHILDREN and file.case.parent_id:
        return case_list.siblings(session, me(), file.case, walk.get("etape", ""), walk.get("categorie", ""))
    if name == FOUND:
        found = [row.reference for row in case_list.search(session, me(), walk.get("q", ""))]
        at = found.index(file.case.reference) if file.case.reference in found else len(found)
        return (found[at - 1] if 0 < at < len(found) else None), (found[at + 1] if at + 1 < len(found) else None)
    return None, None


def _address(reference: str | None, walk: dict[str, str]) -> str | None:
    return url_for("cases.show", reference=reference, **walk) if reference else None


def filters_of(given: Mapping[str, str]) -> case_list.Filters:
    """What narrows the list of cases, as its address says it."""
    return case_list.Filters(given.get("type", ""), given.get("post", ""), given.get("status", ""), given.get("state", "open"))
