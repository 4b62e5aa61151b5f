"""What a field of a form asks of its answer beyond its kind: a number that a register gives once, a payee whose account a second person
has validated, a person whose identity is known, an operation that takes the case."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from app.db.people import Body, Person
from app.db.taken import TakenValue
from app.db.upserts import InsertOnce
from app.services import sentences
from app.services.act import Act
from app.services.errors import Invalid
from app.services.operations import joining
from workflows.forms import Field, FormDefinition

_TAKE = InsertOnce(TakenValue.__table__)

CALM = dt.timedelta(hours=48)
"""A payee whose details have just changed is not paid (hard stop H7)."""
KEPT_ELSEWHERE = frozenset({"dossier", "fournisseur"})
"""Scopes that other rules keep: a fact has one value in a case; an invoice of a supplier is an index of the payments (hard stop H6)."""


Note = Callable[[Act, Field, Any, Mapping[str, Any]], str | None]


def ensure(act: Act, form: FormDefinition | None, values: Mapping[str, Any]) -> None:
    """Checks the answers of a form against the notes of its fields. Invalid, with every field that is wrong."""
    errors: dict[str, str] = {}
    for field in form.fields if form else ():
        if not field.notes or values.get(field.key) in (None, [], ""):
            continue
        for name in field.notes.keys() & NOTES.keys():
            wrong = NOTES[name](act, field, values[field.key], values)
            if wrong:
                errors[field.key] = wrong
    if errors:
        raise Invalid(errors, dict(values))


def unique(act: Act, field: Field, value: Any, values: Mapping[str, Any]) -> str | None:
    """The register has not given this value to another case; from now on it is this one's.

    With `unique_with` (other fields of the form, with commas) the value is an act, made of all of them, that is done once: not again in
    the same case either. A number alone may be entered again, when its step is done again.
    """
    others = [name.strip() for name in field.notes.get("unique_with", "").split(",") if name.strip()]
    register, text = field.notes["unique"], " ".join(" ".join(map(str, (value, *map(values.get, others)))).split())[:200]
    if register in KEPT_ELSEWHERE:
        return None
    session = act.unit.session
    row = {"register": register, "value": text.casefold(), "case_id": act.case.id, "taken_at": act.now}
    if _TAKE.execute(session.connection(), row):
        return None
    where = (TakenValue.register == register, TakenValue.value == row["value"])
    holder = session.scalar(select(TakenValue.case_id).where(*where))
    if holder == act.case.id:
        return sentences.say("value_taken_here", act.actor.language) if others else None
    return sentences.say("value_taken", act.actor.language, value=text)


def second_agent(act: Act, field: Field, value: Any, values: Mapping[str, Any]) -> str | None:
    """S2 and H7: the account of a supplier counts when somebody else than who wrote it validated it, and not within 48 hours."""
    return None if payee_ready(act, value) else sentences.say("payee_not_validated", act.actor.language)


def payee_ready(act: Act, code: Any) -> bool:
    """Whether a payee may be paid on the details that are known; a person has none here."""
    body = act.unit.session.scalars(select(Body).where(Body.code == str(code))).one_or_none() if code else None
    return body is None or body.register != "supplier" or (body.active and _validated(body, act.now))


def _validated(body: Body, now: dt.datetime) -> bool:
    changed, validated = body.account_changed_at, body.account_validated_at
    if validated is None or (changed is not None and (validated < changed or now - changed < CALM)):
        return False
    return body.account_changed_by_id is None or body.account_changed_by_id != body.account_validated_by_id


def verified_identity(act: Act, field: Field, value: Any, values: Mapping[str, Any]) -> str | None:
    """The person is known by a document or by the national number."""
    person = act.unit.session.scalars(select(Person).where(Person.code == str(value))).one_or_none()
    if person is None or person.national_number or person.papers:
        return None
    return sentences.say("identity_unknown", act.actor.language, who=person.name)


NOTES: dict[str, Note] = {"unique": unique, "second_agent": second_agent, "verified_identity": verified_identity, "joins": joining.refusal}
"""Name of a note -> what is wrong with an answer, None when nothing is."""
