"""Two records of one person become one, found under both codes, and two again when that was a mistake."""

import pytest
from sqlalchemy import select, update

from app.db.administration import AdminEntry
from app.db.cases import Case
from app.db.history import HistoryEntry
from app.db.people import Person, PersonMerge
from app.extensions import db
from app.services import administration, merging, people, person_aliases, person_search, proof
from app.services.errors import Conflict, Forbidden, Invalid, NotFound
from tests.app.services.staging import one, rows, write

BENGALY = {"family_name": "Bengaly", "sex": "F"}
WHY = "Même père, même mère, même village."


@pytest.fixture
def case(stage):
    """A furnished ministry with a case, on each database."""
    return stage("enregistrer_deces")


def made(case, **values) -> str:
    """A new record, whoever is near."""
    raw = BENGALY | {"given_names": "Awa Néné", **values}
    seen = set(rows(select(Person.code)))
    return str(people.create(case.user("U-14"), raw, seen).code)


def record(code: str) -> Person:
    return one(select(Person).where(Person.code == code))


def found(text: str) -> list[str]:
    codes = [person.code for person, _ in person_search.search(db.session(), text)]
    db.session.rollback()
    return codes


def test_the_kept_record_learns_what_it_did_not_know_and_the_other_gives_way(case):
    kept = made(case, born="1986", father="Seydou")
    other = made(case, given_names="Hawa Néné", born="1986-05", mother="Korotoumou", phone="+241 66 00 00 00")
    merging.merge(case.user("U-14"), kept, other, WHY)
    now = record(kept)
    assert merging.differences(record(kept), record(other)) == ["given_names"]
    assert (now.born, now.father, now.mother, now.phones, now.other_names) == (
        "1986-05",
        "Seydou",
        "Korotoumou",
        ["+241 66 00 00 00"],
        ["Hawa Néné Bengaly"],
    )
    assert record(other).merged_into_id == now.id
    assert kept in found("Hawa Néné Bengaly")
    assert other not in found("Hawa Néné Bengaly")
    assert person_aliases.codes(db.session(), [other]) == sorted([kept, other])


def test_a_number_of_the_other_record_finds_the_kept_one(case):
    kept, other = made(case), made(case, paper="AB 123 456", national_number="19902200600100A")
    merging.merge(case.user("U-14"), kept, other, WHY)
    assert [person.code for person in person_search.by_number(db.session(), "AB123456")] == [kept]


def test_the_cases_of_both_are_the_cases_of_the_person_and_each_tells_of_it(case):
    """The history of a case stays whole: its chain holds, with one entry more."""
    case.until("confirmer_identite")
    subject = one(select(Case.person_code).where(Case.id == case.case_id))
    before = made(case, given_names="Autre")
    merging.merge(case.user("U-14"), before, subject, WHY)
    listed = people.cases_of(db.session(), case.user("U-14"), record(before))
    assert [found.id for found in listed] == [case.case_id]
    kinds = rows(select(HistoryEntry.kind).where(HistoryEntry.case_id == case.case_id))
    assert kinds[-1] == "person.merged"
    assert proof.verify_case(db.session(), case.case_id).flaw is None
    assert rows(select(AdminEntry.kind).where(AdminEntry.subject == before)) == ["person.merged"]
    assert administration.verify(db.session()) is None


def test_undone_there_are_two_again_with_what_each_knew(case):
    kept, other = made(case, father="Seydou"), made(case, given_names="Hawa Néné", mother="Korotoumou", phone="+241 66 00 00 00")
    merging.merge(case.user("U-14"), kept, other, WHY)
    number = one(select(PersonMerge.id))
    merging.undo(case.user("U-32"), number, "Deux cousines.")
    assert (record(kept).mother, record(kept).phones, record(kept).other_names) == ("", [], [])
    assert record(other).merged_into_id is None
    assert other in found("Hawa Néné Bengaly")
    with pytest.raises(Conflict):
        merging.undo(case.user("U-32"), number, "Encore.")


def test_what_was_corrected_after_the_merge_stays(case):
    kept, other = made(case), made(case, mother="Korotoumou")
    merging.merge(case.user("U-14"), kept, other, WHY)
    write(update(Person).where(Person.code == kept).values(mother="Korotoumou Traoré"))
    merging.undo(case.user("U-14"), one(select(PersonMerge.id)), "Deux personnes.")
    assert record(kept).mother == "Korotoumou Traoré"


def test_a_record_that_others_gave_way_to_brings_them_along_and_takes_them_back(case):
    first, second, third = made(case), made(case, given_names="Awa"), made(case, given_names="Néné")
    merging.merge(case.user("U-14"), second, third, WHY)
    merging.merge(case.user("U-14"), first, second, WHY)
    assert person_aliases.codes(db.session(), [third]) == sorted([first, second, third])
    merging.undo(case.user("U-14"), one(select(PersonMerge.id).order_by(PersonMerge.id.desc()).limit(1)), "Erreur.")
    assert person_aliases.codes(db.session(), [third]) == sorted([second, third])
    assert person_aliases.codes(db.session(), [first]) == [first]


def test_what_is_refused(case):
    kept = made(case, national_number="19902200600100A")
    other = made(case, national_number="19902200600200B")
    officer = case.user("U-14")
    with pytest.raises(Invalid) as refusal:
        merging.merge(officer, kept, other, WHY)
    assert refusal.value.errors == {"reason": "merge_numbers"}
    with pytest.raises(Invalid):
        merging.merge(officer, kept, other, "  ")
    with pytest.raises(Invalid):
        merging.merge(officer, kept, kept, WHY)
    with pytest.raises(NotFound):
        merging.merge(officer, kept, "P-NOBODY", WHY)
    with pytest.raises(Forbidden):
        merging.merge(case.user("U-67"), kept, other, WHY)
    third = made(case, given_names="Trois")
    merging.merge(officer, kept, third, WHY)
    with pytest.raises(Conflict):
        merging.merge(officer, other, third, WHY)


def test_the_same_key_merges_once(case):
    kept, other = made(case), made(case, mother="Korotoumou")
    for _ in range(2):
        merging.merge(case.user("U-14"), kept, other, WHY, "reunir-une-fois")
    assert len(rows(select(PersonMerge.id))) == 1
