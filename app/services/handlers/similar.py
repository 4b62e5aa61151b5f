"""Handlers that compare a case with others of its type."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import orjson
from rapidfuzz import fuzz
from sqlalchemy import select

from app.db.cases import Case
from app.db.facts import Fact
from app.services.act import Act, Handler
from app.services.name_folding import plain
from workflows.facts import unpack
from workflows.outcome import Open

MOST = 500
"""Cases that are compared, the latest first."""
LONGEST = 4_000
"""Signs of a text that are compared."""


def similar(act: Act, job: Open) -> Mapping[str, Any]:
    """The case of the same type whose text is nearest, among those of the last days.

    Inputs: `texte` (name of the fact compared), `auteurs` (names of facts, one of which must be the same for the author to be the
    same), `jours` (how far back). Answers `dossier`, `meme_auteur`, `ressemblance_pct` (0 to 100) and `jours_depuis`; all null when
    no case of those days has a text. Cases of the same author come first.
    """
    text, authors = str(job.inputs["texte"]), [str(name) for name in job.inputs.get("auteurs") or ()]
    mine = _signs(act.fact(text))
    best: tuple[bool, int] | None = None
    found: Mapping[str, Any] = {"dossier": None, "meme_auteur": None, "ressemblance_pct": None, "jours_depuis": None}
    for case, facts in _others(act, [text, *authors], int(job.inputs.get("jours") or 0)):
        if not facts.get(text) or not mine:
            continue
        same = any(act.fact(name) is not None and act.fact(name) == facts.get(name) for name in authors)
        likeness = int(fuzz.ratio(mine, _signs(facts[text])))
        if best is None or (same, likeness) > best:
            best = (same, likeness)
            days = (act.now.date() - case.opened_at.date()).days
            found = {"dossier": case.reference, "meme_auteur": same, "ressemblance_pct": likeness, "jours_depuis": days}
    return found


def _others(act: Act, names: list[str], days: int) -> list[tuple[Any, dict[str, Any]]]:
    since = act.now - dt.timedelta(days=days + 1)
    where = (Case.case_type == act.case.case_type, Case.id != act.case.id, Case.opened_at >= since)
    cases = act.unit.session.execute(
        select(Case.id, Case.reference, Case.opened_at).where(*where).order_by(Case.id.desc()).limit(MOST)
    ).all()
    known: dict[int, dict[str, Any]] = {case.id: {} for case in cases}
    query = select(Fact.case_id, Fact.name, Fact.value).where(Fact.case_id.in_(list(known)), Fact.scope == "", Fact.name.in_(names))
    for case_id, name, value in act.unit.session.execute(query):
        known[case_id][name] = unpack(orjson.loads(value))
    return [(case, known[case.id]) for case in cases]


def _signs(text: Any) -> str:
    """A text without accents, case and spacing."""
    return " ".join(plain(str(text or "")[:LONGEST]))


HANDLERS: dict[str, Handler] = {"case.similar": similar}
