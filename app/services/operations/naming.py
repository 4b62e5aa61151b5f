"""How much of those on a list its reader is told: what the page of the children tells of them, no more."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.operations import ChildList, ChildRow
from app.services import policy, versions
from app.services.actor import Actor
from app.services.operations import view

NAME, INITIALS, NOTHING = "name", "initials", "nothing"
CONFIDENTIAL = ("C3", "C4")
"""Levels at which lists show initials (domain: conventions §7)."""


def told(session: Session, actor: Actor, made: ChildList, rows: Sequence[ChildRow]) -> dict[int, str]:
    """Line -> NAME, INITIALS or NOTHING, for this reader.

    A row that became a case is told as that case is, whoever sent it in. Of one that did not, whoever sent the list knows the name that
    they wrote; to all others it is told as the case would be that it is to become.
    """
    written = {row.case_id for row in rows if row.case_id is not None}
    seen = policy.visible_cases(actor, versions.all_current(session))
    read = session.execute(select(Case.id, Case.confidentiality).where(Case.id.in_(written), seen))
    levels = {row.id: row.confidentiality for row in read}
    before = NAME if made.made_by_id == actor.id else _unwritten(session, actor, made)
    return {row.number: before if row.case_id is None else _level(levels.get(row.case_id)) for row in rows}


def _unwritten(session: Session, actor: Actor, made: ChildList) -> str:
    parent = session.get_one(Case, made.parent_id)
    child = view.child_type(session, versions.pinned(session, parent.version_hash))
    level = max(child.confidentiality, parent.confidentiality)
    to_be = SimpleNamespace(id=0, case_type=child.code, confidentiality=level)  # no number yet: nobody has a task in it, or is on its team
    to_be.post_code, to_be.country, to_be.barred = parent.post_code, parent.country, parent.barred
    return _level(level if policy.sight(session, actor, to_be, child) != policy.NONE else None)


def _level(confidentiality: str | None) -> str:
    """None: the case does not exist for the reader."""
    if confidentiality is None:
        return NOTHING
    return INITIALS if confidentiality in CONFIDENTIAL else NAME
