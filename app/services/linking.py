"""Cases tied together by a person (domain: conventions §10)."""

from __future__ import annotations

from sqlalchemy import or_, select

from app.db.cases import Case, CaseLink
from app.db.transaction import Unit, transaction
from app.services import advance, clock, policy, versions
from app.services.act import locked
from app.services.actor import Actor
from app.services.errors import Conflict, Invalid
from app.services.handlers import HANDLERS

KINDS = ("issu_de", "meme_evenement", "meme_personne", "suite_de", "doublon_de")


def link(actor: Actor, case_id: int, reference: str, kind: str) -> None:
    """Ties a case to another that the actor sees as well. NotFound, Forbidden, Invalid (kind, itself), Conflict (tied already)."""
    if kind not in KINDS:
        raise Invalid({"kind": "link_kind"}, kind)

    def work(unit: Unit) -> None:
        act = locked(unit, actor, HANDLERS, case_id=case_id)
        act.capacity = policy.ensure_may_work(unit.session, actor, act.case, act.case_type)
        act.recorder.capacity = act.capacity
        other = unit.session.scalars(select(Case).where(Case.reference == reference.strip().upper())).one_or_none()
        if other is None or policy.sight(unit.session, actor, other, versions.pinned(unit.session, other.version_hash)) == policy.NONE:
            raise Invalid({"reference": "link_unknown"}, reference)
        if other.id == case_id:
            raise Invalid({"reference": "link_itself"}, reference)
        pair = or_(
            (CaseLink.case_id == case_id) & (CaseLink.other_id == other.id), (CaseLink.case_id == other.id) & (CaseLink.other_id == case_id)
        )
        if unit.session.scalar(select(CaseLink.id).where(pair, CaseLink.kind == kind)) is not None:
            raise Conflict("link_known")
        unit.session.add(CaseLink(case_id=case_id, other_id=other.id, kind=kind, made_at=unit.now, made_by_id=actor.id))
        advance.record(act, "case.linked", None, {"to": other.reference, "kind": kind})

    transaction(work, clock.now)
