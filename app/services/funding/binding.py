"""What was decided is what was asked: a request is sealed over its amount, its payee and the content of its documents.

A change of one of them leaves opinions and decision without effect, and nothing is committed, ordered or paid on them any more.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.documents import Document
from app.db.facts import Fact
from app.db.funding import FundingRequest
from app.services.act import Act
from app.services.errors import Forbidden, Invalid
from app.services.sentences import say
from workflows.facts import unpack

Check = Callable[[Act, Any, Mapping[str, Any]], None]
SEAL = "demande_scellee"
"""Fact beside the request's own: {pieces: the fields that held documents, empreinte: the digest}."""
AMOUNT, PAYEE, GRANTED = "montant_demande", "beneficiaire_paiement", "montant_accorde"


def seal(act: Act, scope: str, values: Mapping[str, Any]) -> None:
    """Notes over what a request is made, from the answers of its form."""
    known = _contents(act.unit.session, act.case.id, values)
    pieces = sorted(name for name, value in values.items() if any(code in known for code in _texts(value)))
    act.set(SEAL, {"pieces": pieces, "empreinte": _digest(act.unit.session, act.case.id, values, pieces)}, scope)


def changed(session: Session, case_id: int, facts: Mapping[str, Any]) -> bool:
    """Whether amount, payee or documents are others than when the request was made. False for a request that was never sealed."""
    sealed = facts.get(SEAL)
    return sealed is not None and _digest(session, case_id, facts, sealed["pieces"]) != sealed["empreinte"]


def ensure_unchanged(act: Act, request: FundingRequest) -> None:
    """Forbidden when a request changed after it was made, or when more would be committed than was granted."""
    facts = act.facts.get(request.engine_scope) or _left(act.unit.session, act.case.id, request.engine_scope)
    granted = facts.get(GRANTED)
    too_much = bool(request.granted and granted is not None and int(granted) > request.granted)
    if too_much or changed(act.unit.session, act.case.id, facts):
        raise Forbidden("request_changed", number=request.code)


def on_good_papers(check: Check) -> Check:
    """A check of a step that takes no document which somebody doubts (hard stop H5). Invalid beside its field."""

    def checked(act: Act, task: Any, values: Mapping[str, Any]) -> None:
        known = _contents(act.unit.session, act.case.id, values)
        doubted = {code for code, (_, doubt) in known.items() if doubt}
        wrong = {name: say("document_doubted", act.actor.language) for name, value in values.items() if doubted & set(_texts(value))}
        if wrong:
            raise Invalid(wrong)
        check(act, task, values)

    return checked


def _left(session: Session, case_id: int, scope: str) -> dict[str, Any]:
    """Facts of a call that is over: the request was asked for there, and is paid elsewhere."""
    query = select(Fact.name, Fact.value).where(Fact.case_id == case_id, Fact.scope == scope)
    return {name: unpack(orjson.loads(value)) for name, value in session.execute(query)}


def _digest(session: Session, case_id: int, facts: Mapping[str, Any], pieces: Iterable[str]) -> str:
    """A document counts by its content, wherever it is filed; one that is doubted is no longer the one that was shown."""
    held = {name: facts.get(name) for name in pieces}
    known = _contents(session, case_id, held)
    amount = facts.get(AMOUNT)
    what = {
        "amount": int(amount) if amount is not None else None,
        "payee": facts.get(PAYEE),
        "documents": {name: sorted(known[code] for code in _texts(value) if code in known) for name, value in held.items()},
    }
    return hashlib.sha256(orjson.dumps(what, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _contents(session: Session, case_id: int, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Content digest, and whether it is doubted, of the documents of the case that the values name."""
    codes = {text for value in values.values() for text in _texts(value)}
    query = select(Document.code, Document.digest, Document.doubt).where(Document.case_id == case_id, Document.code.in_(codes))
    return {code: [digest, bool(doubt)] for code, digest, doubt in session.execute(query)} if codes else {}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from _texts(inner)
