"""Persons: found however their name is written, proposed before a second record is made, never merged by themselves."""

import json

import pytest
from sqlalchemy import select, update

from app.config import ROOT
from app.db.people import Person
from app.db.transaction import transaction
from app.extensions import db
from app.services import clock, inbox, intake, people, person_search
from app.services.errors import Forbidden, Invalid, NotFound
from tests.app.services.staging import rows

DATA = json.loads((ROOT / "app" / "demo" / "data" / "persons.json").read_text("utf-8"))
PAIRS = [(pair["a"], pair["b"]) for pair in DATA["expected_duplicates"]]
HOMONYMS = [(pair["a"], pair["b"]) for pair in DATA["expected_non_duplicates"]]
MOST = 10
"""Records that somebody must look at before making another: more nobody would read."""
AWA = {"family_name": "Bengaly", "given_names": "Djélika", "sex": "F", "born": "1986"}


@pytest.fixture
def case(stage_sqlite):
    """A furnished ministry with a case."""
    return stage_sqlite("enregistrer_deces")


@pytest.fixture
def on_each(stage):
    """The same on each database in turn."""
    return stage("enregistrer_deces")


def similar(code: str) -> list[str]:
    session = db.session()
    person = session.scalars(select(Person).where(Person.code == code)).one()
    found = [other.code for other, _ in person_search.similar(session, person)]
    session.rollback()
    return found


def search(text: str, year: int | None = None) -> list[str]:
    found = [person.code for person, _ in person_search.search(db.session(), text, year)]
    db.session.rollback()
    return found


# ------------------------------------------------------------------ duplicates
def test_every_known_duplicate_is_proposed_from_either_side(on_each):
    missed = [(a, b) for a, b in PAIRS if b not in similar(a) or a not in similar(b)]
    assert missed == []
    assert len(PAIRS) >= 25


def test_true_homonyms_may_be_proposed_but_stay_two(case):
    """Same name, other parents: a person looks at them; nothing merges by itself."""
    for a, b in HOMONYMS:
        assert {a, b} <= set(rows(select(Person.code).where(Person.merged_into_id.is_(None))))
    proposed = sum(b in similar(a) for a, b in HOMONYMS)
    assert proposed < len(PAIRS), "fewer homonyms than duplicates are put before people"


def test_nobody_is_flooded_with_likely_records(case):
    """Over all records of the demonstration: few have more than three to look at, none has more than ten."""
    counts = [len(similar(entry["id"])) for entry in DATA["personnes"]]
    assert max(counts) <= MOST
    assert sum(count > 3 for count in counts) <= len(counts) // 10
    assert sum(count == 0 for count in counts) >= len(counts) // 2


def test_a_merged_record_is_not_proposed(case):
    a, b = PAIRS[0]

    def merge(unit):
        kept, other = (unit.session.scalars(select(Person).where(Person.code == code)).one() for code in (a, b))
        other.merged_into_id = kept.id

    transaction(merge, clock.now)
    assert b not in similar(a)


# ------------------------------------------------------------------ finding
@pytest.mark.parametrize(
    "written",
    ["Djélika Bengaly", "djelika bengaly", "BENGALY Djelika", "Djelika Bengali", "Jelika Bengaly", "Djélika  Benghaly", "Bengaly D'jelika"],
)
def test_a_name_is_found_however_it_is_written(case, written):
    assert "P-0014" in search(written)[:5]


def test_a_year_narrows_and_an_unknown_year_does_not_hide(case):
    assert "P-0014" in search("Djelika Bengaly", 1986)[:3]
    assert "P-0014" in search("Djelika Bengaly", 1984)
    assert "P-0014" not in search("Djelika Bengaly", 1950)
    made = create(case, family_name="Zzyzx", given_names="Quxibert", born="")
    assert made.code in search("Quxibert Zzyzx", 1950)


STRANGE = ("", "   ", "x", "%", "'", "\x00", "1\x00", "a\x00b", "ب", "1" * 300, "a " * 500, "Ndiaye; DROP TABLE person")


def test_strange_texts_find_nobody_or_somebody_and_break_nothing(on_each):
    actor = on_each.user("U-14")
    for text in STRANGE:
        assert isinstance(people.find(db.session(), actor, text), list)
        page = inbox.page(db.session(), actor, inbox.MINE, inbox.Filters(text=text), None, on_each.now)
        assert len(page.rows) <= 1
        db.session.rollback()


@pytest.mark.parametrize("written", ["CIC-FIC-LBV-00002", "cic-fic-lbv-00002", " CIC-FIC-LBV-00002 "])
def test_a_paper_finds_its_holder(case, written):
    assert [person.code for person in people.find(db.session(), case.user("U-14"), written)] == ["P-0013"]
    db.session.rollback()


def test_names_are_no_business_of_who_sees_no_case(case):
    for code in ("U-55", "U-69", "U-70", "U-47"):
        with pytest.raises(NotFound):
            people.find(db.session(), case.user(code), "Bengaly")
        db.session.rollback()


# ------------------------------------------------------------------ making a record
def create(case, by: str = "U-14", looked_at: set[str] = frozenset(), key: str | None = None, **values):
    with clock.at(case.now):
        return people.create(case.user(by), AWA | values, set(looked_at), key)


def test_a_likely_record_is_looked_at_before_another_is_made(on_each):
    case = on_each
    before = len(rows(select(Person)))
    proposed = create(case)
    assert proposed.code is None
    assert "P-0014" in [person.code for person, _ in proposed.likely]
    assert len(rows(select(Person))) == before
    made = create(case, looked_at={person.code for person, _ in proposed.likely})
    assert made.code is not None
    assert len(rows(select(Person))) == before + 1
    assert made.code in search("Djelika Bengaly")


def test_an_unknown_name_is_made_at_once_and_found_from_then_on(case):
    made = create(case, family_name="Zzyzx", given_names="Quxibert", born="1970-05")
    assert made.code and made.likely == ()
    assert made.code in search("quxibert zzyzx")
    again = create(case, family_name="Zzyzxe", given_names="Quxibert", born="1971")
    assert [person.code for person, _ in again.likely] == [made.code]


def test_the_same_wish_sent_twice_makes_one_record(case):
    first = create(case, key="a-record-key", family_name="Zzyzx", given_names="Quxibert")
    assert create(case, key="a-record-key", family_name="Zzyzx", given_names="Quxibert") == first


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"family_name": " "}, "family_name"),
        ({"sex": "X"}, "sex"),
        ({"born": "hier"}, "born"),
        ({"born": "2026-02-30"}, "born"),
        ({"born": "2030"}, "born"),
        ({"born": "0001"}, "born"),
        ({"national_number": "123"}, "national_number"),
        ({"national_number": "00000000095028N"}, "national_number"),
    ],
)
def test_a_record_that_cannot_be_says_why(case, values, field):
    with pytest.raises(Invalid) as refused:
        create(case, **values)
    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize("code", ["U-67", "U-55", "U-69"])
def test_who_only_reads_makes_no_record(case, code):
    with pytest.raises(Forbidden):
        create(case, by=code, family_name="Zzyzx")


def test_the_cases_of_a_person_are_those_that_exist_for_me(stage_sqlite):
    case = stage_sqlite("decider_financement")
    session = db.session()
    person = people.get(session, case.user("U-14"), "P-0013")
    assert [found.reference for found in people.cases_of(session, case.user("U-14"), person)] == [case.reference]
    assert people.cases_of(session, case.user("U-02"), person) == []
    session.rollback()


@pytest.mark.parametrize(
    ("before", "certainty", "after"),
    [(("vivant", None), "certaine", ("decede", "2026-02-08")), (("decede", "2026"), "personne_vivante", ("vivant", None))],
)
def test_whether_a_person_lives_is_written_on_the_record_once_the_procedure_knows(stage_sqlite, before, certainty, after):
    case, known = stage_sqlite("confirmer_identite"), dict(zip(("life_status", "died"), before, strict=True))
    transaction(lambda unit: unit.session.execute(update(Person).where(Person.code == "P-0013").values(known)), clock.now)
    seen = {"certitude": certainty, "constat_deces": case.document("constat_deces")}
    case.do("confirmer_identite", "U-14", **(case.answers("confirmer_identite") | seen))
    person = people.get(db.session(), case.user("U-14"), "P-0013")
    assert (person.life_status, person.died) == after
    assert case.entry("person.life")["data"] == {"from": before[0], "to": after[0]}
    db.session.rollback()


def test_a_second_case_of_the_same_person_is_shown_to_whoever_examines_it(stage_sqlite):
    """The procedure itself asks: other cases of the person, or of a record that may be the same."""
    case = stage_sqlite("enregistrer_deces")
    case.do("enregistrer_deces", "U-14", **case.answers("enregistrer_deces"))
    with clock.at(case.now):
        header = {"date_signalement": case.now.isoformat(), **case.given["header"]}
        second = intake.start_case(case.user("U-14"), "COR", "LBV", header)
    first = case.reference
    case.turn_to(second.case_id, second.reference)
    case.do("enregistrer_deces", "U-14", **case.answers("enregistrer_deces"))
    assert case.fact("doublons") == [first]
