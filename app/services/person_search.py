"""Finding a person whose name is misspelt: near words, their pairs, then a ranking. The same on both databases.

What it takes among 200 000 persons, and how often it finds: docs/performance.md.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA
from sqlalchemy import delete, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.db.people import NameWord, Person, PersonNamePair, PersonPaper
from app.services import name_folding as fold
from app.services import person_aliases

NEAR, CUTOFF = 6, 0.65
SLICES = ((0, 2), (2, 8), (8, 24), (24, 60))
ROWS_A_SLICE, ENOUGH = 600, 120
WORDS_ALONE = 3
YEARS = 3
UNKNOWN_YEAR = 0
LIKELY = 118.0
"""Score from which two records may be one person; the most that a name alone can reach is 150."""


# ------------------------------------------------------------------ writing the index
def index(session: Session, person: Person) -> None:
    """(Re)writes the search entries of a person; call after every change of names or birth."""
    session.execute(delete(PersonNamePair).where(PersonNamePair.person_id == person.id))
    names = [person.name, *person.other_names]
    found = {pair for name in names for pair in fold.pairs(name)}
    born = person.birth_year or UNKNOWN_YEAR
    session.add_all(PersonNamePair(key=key, born=born, person_id=person.id) for key in sorted(found))
    seen = sorted({word for name in names for word in fold.plain(name)})
    if seen:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        rows = [{"word": word, "key": fold.word_key(word)} for word in seen]
        session.execute(dialect.insert(NameWord).on_conflict_do_nothing(), rows)


# ------------------------------------------------------------------ vocabulary
@dataclass(frozen=True)
class Vocabulary:
    """All words that names were ever written with, in memory."""

    plain: tuple[str, ...]
    keys: tuple[str, ...]
    folded: tuple[str, ...]

    def near(self, word: str) -> dict[str, float]:
        """Folded words near to a typed one: another spelling (folded against folded) or a slip (plain against plain)."""
        how: dict[str, Any] = {"scorer": OSA.normalized_similarity, "limit": NEAR, "score_cutoff": CUTOFF}
        found = {key: score for key, score, _ in process.extract(fold.word_key(word), self.folded, **how)}
        for _, score, at in process.extract(word, self.plain, **how):
            found[self.keys[at]] = max(score, found.get(self.keys[at], 0.0))
        return found


_known: dict[str, tuple[int, Vocabulary]] = {}
_guard = threading.Lock()


def vocabulary(session: Session) -> Vocabulary:
    """The vocabulary of a database, read again when it has grown."""
    address = str(session.get_bind().engine.url)
    count = session.scalar(select(func.count()).select_from(NameWord)) or 0
    with _guard:
        if address not in _known or _known[address][0] != count:
            rows = session.execute(select(NameWord.word, NameWord.key).order_by(NameWord.word)).all()
            keys = tuple(row.key for row in rows)
            _known[address] = (count, Vocabulary(tuple(row.word for row in rows), keys, tuple(sorted(set(keys)))))
        return _known[address][1]


# ------------------------------------------------------------------ finding
def search(session: Session, typed: str, year: int | None = None, limit: int = 25) -> list[tuple[Person, float]]:
    """Persons whose name is near to what was typed, best first, with their score. Merged records are left out."""
    seen = vocabulary(session)
    options = [near for near in (seen.near(word) for word in fold.words(typed)[:6]) if near]
    best = _best_pairs(options)
    found: dict[int, Any] = {}
    if len(options) == 1:
        found = {row.id: row for row in _with_word(session, options[0], year)}
    for start, stop in SLICES:
        keys = best[start:stop]
        if not keys or (len(found) >= ENOUGH and start >= SLICES[2][0]):
            break
        found.update({row.id: row for row in _named(session, keys, year)})
    wanted = Wanted.of(typed, year)
    points = {id_: wanted.score(row) for id_, row in found.items()}
    first = sorted(points, key=lambda id_: (-points[id_], id_))[:limit]
    people = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(first)))}
    return [(people[id_], points[id_]) for id_ in first]


def _best_pairs(options: list[dict[str, float]]) -> list[str]:
    made: dict[str, float] = {}
    for left, right in itertools.combinations(options, 2):
        for (a, x), (b, y) in itertools.product(left.items(), right.items()):
            if a != b:
                key = " ".join(sorted((a, b)))
                made[key] = max(made.get(key, 0.0), x + y)
    if not made and options:
        made = options[0]
    return sorted(made, key=lambda key: (-made[key], key))


def _with_word(session: Session, near: dict[str, float], year: int | None) -> Sequence[Any]:
    """Those one of whose words is the only one typed: the pairs that it begins are in the index's order, those that it ends are not,
    so this reads along (30 ms over 200 000 persons) and stops at enough."""
    keys = sorted(near, key=lambda key: (-near[key], key))[:WORDS_ALONE]
    pair = PersonNamePair.key
    named = or_(*(or_(pair == key, pair.startswith(f"{key} ", autoescape=True), pair.endswith(f" {key}", autoescape=True)) for key in keys))
    return _of_hits(session, select(PersonNamePair.person_id).where(named), year)


def _named(session: Session, keys: Iterable[str], year: int | None) -> Sequence[Any]:
    return _of_hits(session, select(PersonNamePair.person_id).where(PersonNamePair.key.in_(list(keys))), year)


def _of_hits(session: Session, hits: Any, year: int | None) -> Sequence[Any]:
    """What ranking needs of the persons found, and no more: they are many."""
    if year is not None:
        hits = hits.where(PersonNamePair.born.between(year - YEARS, year + YEARS) | (PersonNamePair.born == UNKNOWN_YEAR))
    return session.execute(_RANKED.where(Person.id.in_(hits.limit(ROWS_A_SLICE)), Person.merged_into_id.is_(None))).all()


_RANKED = select(Person.id, Person.given_names, Person.family_name, Person.other_names, Person.birth_year)


@dataclass(frozen=True)
class Wanted:
    """A name as it was typed, folded once, and the year of birth if it is known."""

    keys: str
    plain: str
    year: int | None

    @classmethod
    def of(cls, typed: str, year: int | None) -> Wanted:
        """Folds what was typed."""
        return cls(" ".join(fold.keys(typed)), " ".join(fold.plain(typed)), year)

    def score(self, person: Any) -> float:
        """How near a person's best name is: words in any order, the year of birth as a tie-break."""
        best = 0.0
        for name in (f"{person.given_names} {person.family_name}", *person.other_names):
            keys = " ".join(fold.keys(name))
            sorted_ratio = max(fuzz.token_sort_ratio(self.keys, keys), fuzz.token_sort_ratio(self.plain, " ".join(fold.plain(name))))
            best = max(best, sorted_ratio + fuzz.token_set_ratio(self.keys, keys) / 2)
        if self.year is not None and person.birth_year is not None:
            best += max(0, 12 - 3 * abs(self.year - person.birth_year))
        return best


def by_number(session: Session, number: str) -> list[Person]:
    """Persons with this passport, card or national number, written with or without spaces; of a merged record, the one that was kept."""
    wanted = "".join(number.split()).upper()
    papers = select(PersonPaper.person_id).where(PersonPaper.number == wanted)
    query = select(Person).where((Person.national_number == wanted) | Person.id.in_(papers)).order_by(Person.id).limit(25)
    return list(dict.fromkeys(person_aliases.current(session, person) for person in session.scalars(query)))


def similar(session: Session, person: Person, limit: int = 10) -> list[tuple[Person, float]]:
    """Records that may be the same person: near name, near year, or the same national number. The compulsory search before a
    new record is made (domain: conventions §5)."""
    found = {other.id: (other, points) for other, points in search(session, person.name, person.birth_year, limit=25)}
    if person.national_number:
        found |= {other.id: (other, 150.0) for other in by_number(session, person.national_number)}
    found.pop(person.id or 0, None)
    likely = [(other, points + _parents(person, other)) for other, points in found.values()]
    return sorted((pair for pair in likely if pair[1] >= LIKELY), key=lambda pair: (-pair[1], pair[0].id))[:limit]


def _parents(one: Person, other: Person) -> float:
    """Other parents tell homonyms apart; the same ones confirm."""
    points = 0.0
    for mine, theirs in ((one.father, other.father), (one.mother, other.mother)):
        if mine and theirs:
            ratio = fuzz.token_sort_ratio(" ".join(fold.keys(mine)), " ".join(fold.keys(theirs)))
            points += 8 if ratio >= 85 else -12
    return points
