"""Two records of one person become one, and two again if that was a mistake (domain: conventions §5). Nothing merges by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.people import Person, PersonMerge
from app.db.transaction import Unit, transaction
from app.extensions import db
from app.services import administration, advance, clock, keys, people, person_search, versions
from app.services.act import locked
from app.services.actor import Actor
from app.services.errors import Conflict, Forbidden, Invalid, NotFound
from app.services.handlers import HANDLERS
from app.services.policy import Capacity

TAKEN_OVER = (
    *("given_names", "born", "birth_year", "birth_place", "father", "mother", "origin", "national_number", "residence", "situation"),
    *("died", "description"),
)
"""Fields that the kept record takes from the other when it has nothing there itself."""
JOINED = ("other_names", "papers", "phones")
UNKNOWN = {"sex": "inconnu", "life_status": "inconnu", "nationality_status": "en_verification"}
"""Fields whose first value says that nobody knows: a known value replaces it."""
LONGEST = 500


def differences(kept: Person, other: Person) -> list[str]:
    """Fields in which two records differ and neither merely says less: what somebody must look at before they say that it is one
    person."""
    told = [*TAKEN_OVER, "family_name", *UNKNOWN]
    return [name for name in told if _known(kept, name) and _known(other, name) and not _agree(getattr(kept, name), getattr(other, name))]


def merge(actor: Actor, kept_code: str, merged_code: str, reason: str, key: str | None = None) -> str:
    """The other record gives way to the kept one, which takes over what it does not know itself; the code of the kept one.

    Every case of either gets an entry. Raises NotFound, Forbidden, Invalid (no reason, two national numbers), Conflict.
    """
    said = _reason(actor, reason, "merge_reason")

    def work(unit: Unit) -> str:
        replay = keys.claim(unit, actor.code, key, keys.body_hash("merge", kept_code, merged_code, said))
        if replay is not None:
            return str(replay["kept"])
        kept, other = _pair(unit.session, kept_code, merged_code)
        if kept.national_number and other.national_number and kept.national_number != other.national_number:
            raise Invalid({"reason": "merge_numbers"}, reason)
        row = PersonMerge(kept_id=kept.id, merged_id=other.id, reason=said, merged_at=unit.now, merged_by_id=actor.id)
        row.changed = _take_over(kept, other)
        row.moved = list(unit.session.scalars(select(Person.id).where(Person.merged_into_id == other.id).order_by(Person.id)))
        _point(unit.session, [other.id, *row.moved], kept.id)
        unit.session.add(row)
        unit.session.flush()
        person_search.index(unit.session, kept)
        _tell(unit, actor, "person.merged", kept, other, said)
        keys.answer(unit, actor.code, key, {"kept": kept.code})
        return kept.code

    return transaction(work, clock.now)


def undo(actor: Actor, merge_id: int, reason: str) -> str:
    """Two records again; what the kept one took over and nobody changed since goes back. The code of the kept one.

    Raises NotFound, Forbidden, Invalid (no reason), Conflict (undone already; merged further).
    """
    said = _reason(actor, reason, "unmerge_reason")

    def work(unit: Unit) -> str:
        row = unit.session.get(PersonMerge, merge_id, with_for_update=True)
        if row is None:
            raise NotFound
        if row.undone_at is not None:
            raise Conflict("merge_undone")
        kept, other = (unit.session.get_one(Person, one, with_for_update=True) for one in sorted((row.kept_id, row.merged_id)))
        kept, other = (kept, other) if kept.id == row.kept_id else (other, kept)
        if other.merged_into_id != kept.id:
            raise Conflict("merge_moved_on")
        _give_back(kept, row.changed)
        _point(unit.session, [other.id], None)
        _point(unit.session, row.moved, other.id)
        row.undone_at, row.undone_by_id, row.undone_reason = unit.now, actor.id, said
        unit.session.flush()
        person_search.index(unit.session, kept)
        _tell(unit, actor, "person.unmerged", kept, other, said)
        return kept.code

    return transaction(work, clock.now)


def of_person(session: Session, person: Person) -> list[tuple[PersonMerge, Person, Person]]:
    """The merges that a record was part of, the latest first: (merge, kept record, other record)."""
    query = select(PersonMerge).where(or_(PersonMerge.kept_id == person.id, PersonMerge.merged_id == person.id))
    rows = session.scalars(query.order_by(PersonMerge.id.desc()).limit(50)).all()
    return [(row, session.get_one(Person, row.kept_id), session.get_one(Person, row.merged_id)) for row in rows]


# ------------------------------------------------------------------ how
def _reason(actor: Actor, reason: str, missing: str) -> str:
    if not people.may_create(actor, versions.all_current(db.session())):
        raise Forbidden("people_for_workers")
    said = reason.replace("\x00", "").strip()[:LONGEST]
    if not said:
        raise Invalid({"reason": missing}, reason)
    return said


def _pair(session: Session, kept_code: str, merged_code: str) -> tuple[Person, Person]:
    if kept_code == merged_code:
        raise Invalid({"other": "merge_same"}, merged_code)
    query = select(Person).where(Person.code.in_((kept_code, merged_code))).order_by(Person.id).with_for_update()
    found = {person.code: person for person in session.scalars(query)}
    if len(found) != 2:
        raise NotFound
    kept, other = found[kept_code], found[merged_code]
    if kept.merged_into_id is not None or other.merged_into_id is not None:
        raise Conflict("merge_moved_on")
    return kept, other


def _known(person: Person, name: str) -> bool:
    return getattr(person, name) not in (None, "", [], {}, UNKNOWN.get(name, ""))


def _agree(one: Any, other: Any) -> bool:
    """Whether two known values are the same, or one begins with the other: « 1985 » and « 1985-03-12 »."""
    texts = isinstance(one, str) and isinstance(other, str)
    return one == other or (texts and (one.startswith(other) or other.startswith(one)))


def _take_over(kept: Person, other: Person) -> dict[str, list[Any]]:
    changed: dict[str, list[Any]] = {}
    for name in (*TAKEN_OVER, *UNKNOWN):
        if not _known(kept, name) and _known(other, name):
            changed[name] = [getattr(kept, name), getattr(other, name)]
    if kept.born and other.born and other.born.startswith(kept.born) and other.born != kept.born:
        changed["born"] = [kept.born, other.born]
    for name in JOINED:
        before = list(getattr(kept, name))
        more = [*getattr(other, name), *([other.name] if name == "other_names" and other.name != kept.name else [])]
        after = before + [one for one in more if one not in before]
        if after != before:
            changed[name] = [before, after]
    for name, (_, after) in changed.items():
        setattr(kept, name, after)
    return changed


def _give_back(kept: Person, changed: dict[str, Any]) -> None:
    for name, (before, after) in changed.items():
        if getattr(kept, name) == after:
            setattr(kept, name, before)
        elif name in JOINED:  # something was added since: only what came from the other record goes
            setattr(kept, name, [one for one in getattr(kept, name) if one in before or one not in after])


def _point(session: Session, ids: Sequence[int], to: int | None) -> None:
    session.execute(update(Person).where(Person.id.in_(list(ids))).values(merged_into_id=to))


def _tell(unit: Unit, actor: Actor, kind: str, kept: Person, other: Person, reason: str) -> None:
    """An entry among the acts of the administration, and one in each case of either person."""
    administration.record(unit, actor, kind, kept.code, other=other.code, reason=reason)
    role = min(actor.roles, default=None)
    query = select(Case.id).where(Case.person_code.in_((kept.code, other.code))).order_by(Case.id)
    for case_id in list(unit.session.scalars(query)):
        act = locked(unit, actor, HANDLERS, case_id=case_id)
        act.capacity = act.recorder.capacity = Capacity(role)
        advance.record(act, kind, None, {"kept": kept.code, "other": other.code})
