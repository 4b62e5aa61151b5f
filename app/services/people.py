"""Persons: found before they are made. A new record needs that somebody looked at the records that may be the same (conventions §5)."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.people import Person, PersonPaper
from app.db.transaction import Unit, transaction
from app.extensions import db
from app.services import clock, keys, person_aliases, person_search, policy, rights, sentences, versions
from app.services.actor import Actor
from app.services.errors import Forbidden, Invalid, NotFound
from workflows.catalog import CaseType

SEXES = ("F", "M", "inconnu")
BORN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
NATIONAL = re.compile(r"\d{14}[A-Z0-9]", re.ASCII)
OLDEST = 1880
TEXTS = {
    "family_name": 200,
    "given_names": 200,
    "birth_place": 200,
    "father": 200,
    "mother": 200,
    "phone": 40,
    "paper": 60,
    "description": 2000,
}


@dataclass(frozen=True)
class Made:
    """What became of a wish to make a record: its code, or the records that must be looked at first."""

    code: str | None
    likely: tuple[tuple[Person, float], ...] = ()


def may_create(actor: Actor, types: Mapping[str, CaseType]) -> bool:
    """Whether the actor makes records of persons. types: the current ones, whose sheets of roles say it."""
    return rights.has(actor, rights.RECORD_PERSONS, types)


def find(session: Session, actor: Actor, text: str, year: int | None = None, limit: int = 25) -> list[Person]:
    """Persons by a name, however written, or by the number of a paper. Nobody for who sees no case."""
    if not may_search(actor, versions.all_current(session)):
        raise NotFound
    text = text.replace("\x00", "").strip()
    if not text:
        return []
    if any(letter.isdigit() for letter in text):
        return person_search.by_number(session, text)
    return [person for person, _ in person_search.search(session, text, year, limit)]


def may_search(actor: Actor, types: Mapping[str, CaseType]) -> bool:
    """Whether names are any of this actor's business. types: as above."""
    return rights.has(actor, rights.FIND_PERSONS, types)


def get(session: Session, actor: Actor, code: str) -> Person:
    """One person. NotFound."""
    allowed = may_search(actor, versions.all_current(session))
    person = session.scalars(select(Person).where(Person.code == code)).one_or_none() if allowed else None
    if person is None:
        raise NotFound
    return person


def cases_of(session: Session, actor: Actor, person: Person) -> list[Case]:
    """The cases about a person that exist for the actor, the latest first."""
    visible = policy.visible_cases(actor, versions.all_current(session))
    theirs = Case.person_code.in_(person_aliases.codes(session, [person.code]))
    query = select(Case).where(theirs, visible).order_by(Case.opened_at.desc(), Case.id.desc()).limit(50)
    return list(session.scalars(query))


def create(actor: Actor, raw: Mapping[str, Any], looked_at: set[str], key: str | None = None) -> Made:
    """A new record, unless likely ones were not looked at yet: then none is made and they come back.

    looked_at: codes of the records that were shown and found to be somebody else. Forbidden, Invalid.
    """
    if not may_create(actor, versions.all_current(db.session())):
        raise Forbidden("people_for_workers")

    def work(unit: Unit) -> Made:
        values = _values(raw)
        replay = keys.claim(unit, actor.code, key, keys.body_hash("person", values))
        if replay is not None and replay:
            return Made(str(replay["code"]))
        _ensure_number_free(unit.session, values.get("national_number"), raw)
        person = Person(
            code=f"P-{secrets.token_hex(5).upper()}", created_at=unit.now, created_by_id=actor.id, other_names=[], papers=[], phones=[]
        )
        for name, value in values.items():
            if name not in ("paper", "phone"):
                setattr(person, name, value)
        likely = tuple(pair for pair in person_search.similar(unit.session, person) if pair[0].code not in looked_at)
        if likely:
            raise Likely(likely)
        _complete(unit.session, person, values)
        keys.answer(unit, actor.code, key, {"code": person.code})
        return Made(person.code)

    try:
        return transaction(work, clock.now)
    except Likely as found:
        return Made(None, found.records)


class Likely(Exception):
    """Records that must be looked at first; nothing was written."""

    def __init__(self, records: tuple[tuple[Person, float], ...]) -> None:
        super().__init__(len(records))
        self.records = records


def _complete(session: Session, person: Person, values: Mapping[str, Any]) -> None:
    if values["phone"]:
        person.phones = [values["phone"]]
    if values["paper"]:
        person.papers = [{"numero": values["paper"]}]
    session.add(person)
    session.flush()
    if values["paper"]:
        session.add(PersonPaper(number="".join(values["paper"].split()).upper(), person_id=person.id))
    person_search.index(session, person)
    session.flush()


def _ensure_number_free(session: Session, number: str | None, raw: Mapping[str, Any]) -> None:
    if number and (known := person_search.by_number(session, number)):
        raise Invalid({"national_number": sentences.say("nina_taken", who=known[0].name)}, raw)


def described(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of a record from what was typed about a person. Invalid, with every field that is wrong."""
    return _values(raw)


def _values(raw: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {name: str(raw.get(name) or "").strip()[:length] for name, length in TEXTS.items()}
    errors: dict[str, str] = {}
    if not values["family_name"]:
        errors["family_name"] = "name_required"
    values["sex"] = str(raw.get("sex") or "")
    if values["sex"] not in SEXES:
        errors["sex"] = "sex_required"
    values["residence"] = str(raw.get("residence") or "")[:2] or None
    number = "".join(str(raw.get("national_number") or "").split()).upper()
    if number and not NATIONAL.fullmatch(number):
        errors["national_number"] = "nina_shape"
    values["national_number"] = number or None
    values["born"], values["birth_year"], problem = _born(str(raw.get("born") or "").strip())
    if problem:
        errors["born"] = problem
    if errors:
        raise Invalid(errors, raw)
    return values


def _born(text: str) -> tuple[str | None, int | None, str | None]:
    """(partial date, year, problem)."""
    if not text:
        return None, None, None
    match = BORN.fullmatch(text)
    if match is None:
        return None, None, "born_shape"
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = dt.date(year or 0, month or 1, day or 1)
    except ValueError:
        return None, None, "born_shape"
    if first > clock.now().date():
        return None, None, "born_future"
    return (text, year, None) if first.year >= OLDEST else (None, None, "born_shape")
