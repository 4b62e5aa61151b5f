"""Persons and bodies that a scenario is given, besides those of the demonstration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import delete

from app.db.people import Body, Person, PersonPaper
from app.db.transaction import Unit
from app.scenarios.reading import BadScenario
from app.services import person_search

PERSON = {
    "name": "family_name",
    "given": "given_names",
    "sex": "sex",
    "born": "born",
    "residence": "residence",
    "situation": "situation",
    "nationality": "nationality_status",
    "life": "life_status",
    "number": "national_number",
    "phones": "phones",
    "papers": "papers",
}
BODY = {"name": "name", "kind": "kind", "register": "register", "country": "country", "city": "city", "currency": "currency"}


def people(unit: Unit, given: Mapping[str, Any]) -> Callable[[Unit], None]:
    """people: {P-901: {name, given?, sex?, born?, residence?, situation?, nationality?, life?, number?, phones?, papers?}}; of a paper its
    type, numero, expire?"""
    rows = []
    for code, said in given["people"].items():
        columns = _columns("personne", code, said, PERSON)
        born = str(columns["born"]) if columns.get("born") else None
        columns |= {"born": born, "birth_year": int(born[:4]) if born else None}
        row = Person(code=code, created_at=unit.now, **{"other_names": [], "papers": [], "phones": [], **columns})
        unit.session.add(row)
        unit.session.flush()
        unit.session.add_all(PersonPaper(number=str(paper["numero"]), person_id=row.id, kind=paper["type"]) for paper in row.papers)
        person_search.index(unit.session, row)
        rows.append(row.id)
    unit.session.flush()
    return lambda unit: unit.session.execute(delete(Person).where(Person.id.in_(rows)))


def bodies(unit: Unit, given: Mapping[str, Any]) -> Callable[[Unit], None]:
    """bodies: {ST-901: {name, kind, register: structure or supplier, country?, city?, currency?}}; a supplier's account is checked."""
    rows = []
    for code, said in given["bodies"].items():
        row = Body(code=code, **{"kind": "autre", "register": "structure", **_columns("structure", code, said, BODY)})
        row.account_validated_at = unit.now if row.register == "supplier" else None
        unit.session.add(row)
        unit.session.flush()
        rows.append(row.id)
    return lambda unit: unit.session.execute(delete(Body).where(Body.id.in_(rows)))


def _columns(what: str, code: str, said: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    unknown = sorted(set(said) - set(names))
    if unknown or "name" not in said:
        raise BadScenario(f"{what} {code} : {f'« {unknown[0]} » est inconnu' if unknown else 'il manque « name »'}")
    return {names[key]: value for key, value in said.items()}
