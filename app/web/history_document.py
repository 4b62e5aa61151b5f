"""The history of a case as one readable document, in the order in which it happened, with the verdict on its chain (conventions §9)."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from flask import Blueprint, Response

from app.extensions import db
from app.services import history, leaving, paper, proof, readings, rights, sealing
from app.services.case_file import CaseFile
from app.services.errors import Invalid
from app.web import access, dates, filters, names
from app.web.history import opened, teller
from app.web.history_words import Line
from app.web.language import chosen, say, say_many, zone
from app.web.reader import me

blueprint = Blueprint("history_document", __name__, url_prefix="/dossiers")
MOST = 2_000
"""Entries of a document: what nobody reads on paper is searched on the pages."""


@blueprint.get("/<reference>/historique.pdf")
@access.signed_in
def show(reference: str):
    """The document; that it left is written into the journal and the readings."""
    rights.ensure(me(), rights.EXPORT, names.case_types())
    file = opened(reference, "history")
    entries = history.timeline(db.session(), file, limit=MOST)
    if entries.before is not None:
        raise Invalid({"": "history_too_long"})
    kept = sealing.kept(db.session(), file, me(), entries.entries)
    tell = teller(db.session(), file, kept)
    content = paper.set_pdf("history", _document(file, [tell.line(entry) for entry in reversed(kept)]))
    leaving.note(me(), leaving.EXPORTED, reference, [file.case], "pdf")
    answer = Response(content, mimetype="application/pdf")
    answer.headers.set("Content-Disposition", "inline", filename=f"historique-{reference}.pdf")
    return answer


def _document(file: CaseFile, lines: list[Line]) -> dict[str, Any]:
    case = file.case
    by_day = groupby(lines, key=lambda line: dates.local(line.at, zone()).date())
    made = say("Tiré par %(who)s, le %(day)s à %(hour)s", who=me().name, day=filters.day(filters.now()), hour=filters.hour(filters.now()))
    return {
        "title": say("Historique de %(ref)s", ref=case.reference),
        "author": "Jatigi",
        "language": chosen(),
        "foot": f"{case.reference} · {made}",
        "facts": _facts(file),
        "verdict": _verdict(file),
        "heads": [say("Champ"), say("Avant"), say("Après")],
        "days": [{"title": filters.first_upper(filters.day(day)), "lines": [_line(line) for line in group]} for day, group in by_day],
    }


def _facts(file: CaseFile) -> list[tuple[str, str]]:
    case = file.case
    found = [
        (say("Type de dossier"), names.text_of(file.case_type.name, case.case_type)),
        (say("Statut"), names.status(case.status)[1]),
        (say("Confidentialité"), names.confidentiality(case.confidentiality)),
        (say("Poste"), names.post_name(case.post_code)),
        (say("Ouvert"), filters.day(case.opened_at)),
    ]
    if case.closed_at is not None:
        found.append((say("Clos"), filters.day(case.closed_at)))
    return [*found, (say("Version de la procédure"), case.version_hash[:12])]


def _verdict(file: CaseFile) -> dict[str, str]:
    acts, reads = proof.verify_case(db.session(), file.case.id), readings.verify(db.session(), file.case.id)
    intact = acts.flaw is None and reads is None
    text = say_many("%(num)s entrée vérifiée.", "%(num)s entrées vérifiées.", acts.entries)
    if acts.flaw is not None:
        text = filters.typo(acts.sentence(chosen()))
    elif reads is not None:
        text = say("La chaîne des lectures se rompt à l'entrée %(seq)s.", seq=reads.seq)
    title = say("Historique intact") if intact else say("Historique altéré")
    return {"title": title, "text": f"{text} {say('Empreinte finale')} {file.case.history_head}"}


def _line(line: Line) -> dict[str, Any]:
    told = {"at": filters.hour(line.at), "seq": line.seq, "sentence": line.sentence, "who": line.who}
    return {**told, "notes": line.notes, "changes": [list(change) for change in line.changes]}
