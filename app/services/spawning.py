"""A case that follows from another: opened in the same transaction, by the procedure of the first (domain: conventions §10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.db.cases import CaseLink
from app.db.posts import Post
from app.services import birth, policy, versions
from app.services.act import Act
from app.services.actor import SYSTEM
from app.services.errors import NotFound
from workflows.catalog import CaseType

NOT_COPIED = frozenset({"poste_id", "priorite", "confidentialite", "responsable", "date_signalement"})


def spawn(
    act: Act, code: str, kind: str, *, person: str | None = None, priority: str | None = None, facts: Iterable[str] = ()
) -> str | None:
    """Opens a case of type `code` that follows from the case of `act`; its reference, or None when no such type is published.

    It takes over the header, the facts named, the person given; the higher of both confidentialities; who is barred from the one is
    barred from the other. Documents stay where they are: the link leads to them.
    """
    try:
        case_type = versions.current(act.unit.session, code)
    except NotFound:
        return None
    post = act.unit.session.get(Post, act.case.post_code)
    assert post is not None
    child = birth.begin(act.unit, SYSTEM, policy.Capacity(None), case_type, post, act.handlers)
    child.case.barred = act.columns.get("barred", act.case.barred)
    birth.complete(child, _header(act, case_type, priority), post, _known(act, case_type, person, facts), {"from": act.case.reference})
    act.unit.session.add(CaseLink(case_id=act.case.id, other_id=child.case.id, kind=kind, made_at=act.now, made_by_id=act.actor.id))
    act.unit.session.flush()
    return str(child.case.reference)


def _header(act: Act, case_type: CaseType, priority: str | None) -> dict[str, Any]:
    form = case_type.header_form
    names = [name for name in (form.names if form else ()) if name not in NOT_COPIED]
    copied = {name: act.fact(name) for name in names if act.fact(name) is not None}
    confidentiality = act.fact("confidentialite") or act.case.confidentiality
    return {**copied, "confidentialite": confidentiality, "priorite": priority or act.fact("priorite") or act.case.priority}


def _known(act: Act, case_type: CaseType, person: str | None, facts: Iterable[str]) -> Mapping[str, Any]:
    copied = {name: act.fact(name) for name in facts if act.fact(name) is not None}
    promoted = case_type.promoted.get("person")
    return {**copied, **({promoted: person} if person and promoted else {})}
