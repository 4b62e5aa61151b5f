"""Handlers about documents and what is disclosed to others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from app.db.cases import Case
from app.db.documents import Document
from app.services import person_aliases
from app.services.act import Act, Handler
from workflows.outcome import Open

VALID_FOR = dt.timedelta(days=365)
"""A piece given in another case is offered again for a year."""


def reuse(act: Act, job: Open) -> Mapping[str, Any]:
    """A piece is asked once: what the person already gave in another case, verified and recent. Answers `pieces_connues`."""
    wanted = [str(item["type_piece"]) for item in job.inputs.get("liste_pieces") or [] if isinstance(item, Mapping)]
    person = job.inputs.get("personne")
    if not wanted or not person:
        return {"pieces_connues": []}
    same = person_aliases.codes(act.unit.session, [str(person)])
    query = (
        select(Document.kind, Document.code)
        .join(Case, Case.id == Document.case_id)
        .where(Case.person_code.in_(same), Case.id != act.case.id, Document.kind.in_(wanted))
        .where(Document.verified_at.is_not(None), Document.verified_at >= act.now - VALID_FOR)
        .order_by(Document.id)
    )
    return {"pieces_connues": [{"type_piece": kind, "document": code} for kind, code in act.unit.session.execute(query)]}


def disclose(act: Act, job: Open) -> Mapping[str, Any]:
    """An entry of the disclosure log: to whom, which data, on what ground (domain: conventions §8)."""
    data = [str(item) for item in job.inputs.get("donnees_transmises") or []]
    if data and data != ["aucune"]:
        told = {name: job.inputs.get(name) for name in ("destinataire", "saisine_ref", "base_transmission", "consentement_ref")}
        act.recorder.add("data.disclosed", job.step, data={**told, "data": data})
    return {}


def verified(act: Act, job: Open) -> Mapping[str, Any]:
    """A piece was found good in its step: the document of this case is verified, by whoever did the step, and of this kind from now on.
    Nothing without one."""
    query = select(Document).where(Document.code == str(job.inputs.get("document")), Document.case_id == act.case.id)
    row = act.unit.session.scalars(query).one_or_none()
    if row is not None:
        row.kind, row.doubt = str(job.inputs.get("type_piece") or "")[:60], ""
        row.verified_at, row.verified_by_id = act.now, act.actor.id
        act.recorder.add("document.verified", job.step, data={"document": row.code})
    return {}


HANDLERS: dict[str, Handler] = {"document.reuse": reuse, "document.verified": verified, "disclosure.record": disclose}
