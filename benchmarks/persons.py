"""Finding somebody whose name is mistyped among very many: how long it takes, and how often the one who is meant is found."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from sqlalchemy import insert

from app.db.people import NameWord, Person, PersonNamePair
from app.db.transaction import Unit, transaction
from app.extensions import db
from app.services import clock, person_search
from app.services import name_folding as fold
from benchmarks import crowd, population
from benchmarks.measure import Times, progress

CHUNK = 10_000
FIRST = 1_000_000
"""Numbers of the made-up people; those of the demonstration lie below."""


@dataclass
class Found:
    """Of all searches: times without and with the year of birth; how many brought somebody of that name, and the very person."""

    people: int
    searches: int
    alone: Times = field(default_factory=Times)
    with_year: Times = field(default_factory=Times)
    same_name: int = 0
    very_person: int = 0
    very_person_with_year: int = 0


def measure(count: int, searches: int, seed: int) -> Found:
    """Fills the database at hand and searches it."""
    people = list(population.people(count, seed))
    known: set[str] = set()
    for start in range(0, count, CHUNK):
        transaction(lambda unit, start=start: _fill(unit, people[start : start + CHUNK], FIRST + start, known), clock.now)
        if start % 50_000 == 0:
            progress(f"{start} persons")
    db.session.remove()
    crowd.analyse()
    chance, found = random.Random(seed), Found(count, searches)
    for _ in range(searches):
        number = chance.randrange(count)
        _search(people, number, population.mistyped(people[number], chance), found)
    return found


def _search(people: list[population.Made], number: int, typed: str, found: Found) -> None:
    person = people[number]
    with found.alone.one():
        shown = [one.id - FIRST for one, _ in person_search.search(db.session(), typed)]
    db.session.remove()
    with found.with_year.one():
        dated = [one.id - FIRST for one, _ in person_search.search(db.session(), typed, person.year)]
    db.session.remove()
    surname, given = person.identity
    ours = [people[one].identity for one in shown if one >= 0]
    found.same_name += any(other == surname and names & given for other, names in ours)
    found.very_person += number in shown
    found.very_person_with_year += number in dated


def _fill(unit: Unit, people: list[population.Made], first: int, known: set[str]) -> None:
    rows, pairs, words = [], [], {}
    for number, person in enumerate(people, first):
        rows.append(
            {
                **{"id": number, "code": f"P-{number}", "family_name": person.surname, "given_names": person.given},
                **{"born": str(person.year), "birth_year": person.year, "created_at": unit.now},
            }
        )
        pairs += [{"key": key, "born": person.year, "person_id": number} for key in set(fold.pairs(person.name))]
        words |= {word: fold.word_key(word) for word in fold.plain(person.name) if word not in known}
    unit.connection.execute(insert(Person.__table__), rows)
    unit.connection.execute(insert(PersonNamePair.__table__), pairs)
    there = {word for (word,) in unit.connection.execute(NameWord.__table__.select().with_only_columns(NameWord.word))}
    new = [{"word": word, "key": key} for word, key in words.items() if word not in there]
    if new:
        unit.connection.execute(insert(NameWord.__table__), new)
    known |= set(words)
