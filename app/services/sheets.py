"""Facts that no form asks: read from the sheets of the country, the post and the person, when the procedure declares them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.people import Person
from app.db.posts import Post
from app.db.sheets import CountrySheet
from app.services.act import Act

ABROAD = ("ambassade", "consulat_general")


def of_country(session: Session, country: str | None) -> dict[str, Any]:
    """What is known of a country; empty when it has no sheet."""
    row = session.get(CountrySheet, country) if country else None
    return dict(row.facts) if row else {}


def of_post(post: Post) -> dict[str, Any]:
    """What is known of the place that is competent."""
    return {"au_poste": post.kind in ABROAD}


def of_person(session: Session, code: Any) -> dict[str, Any]:
    """What is known of a person; empty for an unknown one."""
    row = session.scalars(select(Person).where(Person.code == str(code))).one_or_none() if code else None
    return {"statut_nationalite_personne": row.nationality_status, "statut_vie_personne": row.life_status} if row else {}


def put(act: Act, known: Mapping[str, Any]) -> None:
    """Sets those facts that the procedure declares and that are not set otherwise."""
    for name, value in known.items():
        if name in act.case_type.facts and act.fact(name) is None and value is not None:
            act.set(name, value)


def follow_person(act: Act, values: Mapping[str, Any]) -> None:
    """The person of a case has just been named (the fact that the type promotes): its sheet is read."""
    named = act.case_type.promoted.get("person")
    if named and values.get(named) and values[named] != act.fact(named):
        put(act, of_person(act.unit.session, values[named]))
