"""What a scenario expects around a case: in whose inbox, who sees it, what left, other cases, history, incidents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from app.db.cases import Case, CaseLink, Incident
from app.db.history import HistoryEntry
from app.db.outbox import Notification
from app.db.users import User
from app.extensions import db
from app.scenarios.compare import holds, listed, same
from app.scenarios.reading import BadScenario
from app.scenarios.stage import Stage, Unexpected
from app.services import inbox, policy
from app.services.actor import Actor

NOTHING = "rien"
SIGHTS = {policy.FULL: "tout", policy.SHEET: "argent", policy.TASKS: "taches", policy.NONE: NOTHING}


def _inbox(stage: Stage, wanted: Mapping[str, Any]) -> None:
    """inbox: {U-35: [steps], chef_poste@DKR: []}: what of the case they have or can take."""
    for by, steps in wanted.items():
        actor = stage.who(by)
        found: set[str] = set()
        for tab in (inbox.MINE, inbox.TO_TAKE):
            page = inbox.page(db.session(), actor, tab, inbox.Filters(text=stage.reference), None, stage.now)
            found |= {row.step for row in page.rows}
        db.session.rollback()
        same(f"boîte de {by}", sorted(listed(steps)), sorted(found))


def _sees(stage: Stage, wanted: Mapping[str, str]) -> None:
    """sees: {U-05: rien}: how much of the case they see: tout, argent, taches, rien."""
    for by, much in wanted.items():
        if much not in SIGHTS.values():
            raise BadScenario(f"sees : « {much} » ; possibles : {', '.join(SIGHTS.values())}")
        same(f"ce que {by} voit", much, SIGHTS[_sight(stage, stage.who(by))])


def _sight(stage: Stage, actor: Actor) -> str:
    session = db.session()
    found = policy.sight(session, actor, session.get_one(Case, stage.case_id), stage.case_type)
    session.rollback()
    return found


def _sent(stage: Stage, wanted: Any) -> None:
    """sent: [template or step]: letters that left."""
    query = select(Notification.kind, Notification.data).where(Notification.case_id == stage.case_id).order_by(Notification.id)
    found = [name for kind, data in db.session.execute(query) for name in (kind, str((data or {}).get("element", "")))]
    db.session.rollback()
    names = [name for name in found if name]
    for template in listed(wanted):
        if template not in names:
            raise Unexpected(f"« {template} » n’est pas parti ; partis : {', '.join(names) or 'rien'}")


def _not_sent(stage: Stage, wanted: Any) -> None:
    kinds = set(db.session.scalars(select(Notification.kind).where(Notification.case_id == stage.case_id)))
    db.session.rollback()
    gone = sorted(kinds & set(listed(wanted)))
    if gone:
        raise Unexpected(f"« {gone[0]} » est parti et ne devait pas partir")


def _notified(stage: Stage, wanted: Any) -> None:
    """notified: [{kind, to, channel?, times?}]: who was told; `to` is a role, a user code, or the address of a letter."""
    query = (
        select(Notification.kind, Notification.channel, Notification.recipient_role, Notification.address, User.code)
        .outerjoin(User, User.id == Notification.recipient_id)
        .where(Notification.case_id == stage.case_id)
    )
    seen = [(row.kind, row.code or row.recipient_role or row.address or "", row.channel) for row in db.session.execute(query)]
    db.session.rollback()
    for one in listed(wanted):
        fits = [s for s in seen if s[0] == one["kind"] and s[1] == one.get("to", s[1]) and s[2] == one.get("channel", s[2])]
        if len(fits) < one.get("times", 1) or ("times" in one and len(fits) != one["times"]):
            told = ", ".join(f"{kind} à {to} ({channel})" for kind, to, channel in seen) or "personne"
            raise Unexpected(f"avis {one} : vu {len(fits)} fois ; avertis : {told}")


def _linked(stage: Stage, wanted: Mapping[str, Any]) -> None:
    """linked: {kind: [types, numbers, or names of the scenario]}: exactly the ties of this kind."""
    session = db.session()
    mine = (CaseLink.case_id == stage.case_id) | (CaseLink.other_id == stage.case_id)
    query = select(CaseLink.kind, Case.reference, Case.case_type).join(
        Case, ((Case.id == CaseLink.case_id) | (Case.id == CaseLink.other_id)) & (Case.id != stage.case_id)
    )
    rows = session.execute(query.where(mine).order_by(Case.id)).all()
    session.rollback()
    for kind, others in wanted.items():
        found = [row for row in rows if row.kind == kind]
        names = {stage.cases[name].reference: name for name in stage.cases}
        expected = listed(others)
        called = [(names.get(row.reference), row.reference, row.case_type) for row in found]
        seen = [next((name for name in one if name in expected), one[1]) for one in called]
        same(f"dossiers liés ({kind})", sorted(expected), sorted(seen))


def _history(stage: Stage, wanted: Any) -> None:
    """history: [kind, or « kind element »]: entries that are in the history of the case."""
    query = select(HistoryEntry.kind, HistoryEntry.element).where(HistoryEntry.case_id == stage.case_id).order_by(HistoryEntry.seq)
    rows = db.session.execute(query).all()
    db.session.rollback()
    seen = [row.kind for row in rows] + [f"{row.kind} {row.element}" for row in rows if row.element]
    holds("historique", listed(wanted), list(dict.fromkeys(seen)))


def _incidents(stage: Stage, wanted: Any) -> None:
    """incidents: how many are open, or a part of what one says."""
    query = select(Incident.message).where(Incident.case_id == stage.case_id, Incident.resolved_at.is_(None))
    messages = list(db.session.scalars(query))
    db.session.rollback()
    if isinstance(wanted, int):
        same("incidents ouverts", wanted, len(messages))
    elif not any(str(wanted) in message for message in messages):
        raise Unexpected(f"incident « {wanted} » attendu ; ouverts : {', '.join(messages) or 'aucun'}")


PARTS: dict[str, Callable[[Any, Any], None]] = {
    "inbox": _inbox,
    "sees": _sees,
    "sent": _sent,
    "not_sent": _not_sent,
    "notified": _notified,
    "linked": _linked,
    "history": _history,
    "incidents": _incidents,
}
