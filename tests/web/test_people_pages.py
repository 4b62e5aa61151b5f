"""Persons: found however they are written, made only after the likely records were looked at."""

import re

import pytest
from sqlalchemy import select

from app.db.people import Person
from app.extensions import db
from tests.web.given import HEADER


@pytest.fixture
def known(world):
    """A record of the register with two names and a year."""
    with world.app.app_context():
        query = select(Person).where(Person.birth_year.is_not(None), Person.given_names != "").order_by(Person.id)
        row = db.session.scalars(query).first()
        return {"code": row.code, "family_name": row.family_name, "given_names": row.given_names, "born": str(row.birth_year)}


def test_a_person_is_found_by_name_and_opened(officer, known):
    page = officer.get("/personnes/", query_string={"nom": f"{known['family_name']} {known['given_names']}"}).get_data(True)
    assert f"/personnes/{known['code']}" in page
    assert known["family_name"] in officer.get(f"/personnes/{known['code']}").get_data(True)


def test_a_single_name_finds_those_who_bear_it(officer, known):
    for name in (known["family_name"], known["given_names"].split()[0]):
        page = officer.get("/personnes/", query_string={"nom": name, "annee": known["born"]}).get_data(True)
        assert f"/personnes/{known['code']}" in page


def test_a_record_that_may_be_the_same_is_shown_first(world, officer, known):
    typed = {**known, "sex": "inconnu", "cle": "p" * 16}
    answer = officer.post("/personnes/nouvelle", data=typed)
    page = answer.get_data(True)
    assert answer.status_code == 409
    assert known["code"] in page
    assert "une personne a une seule fiche" in page
    taken = officer.post("/personnes/nouvelle", data=typed | {"same": known["code"]})
    assert taken.headers["Location"].endswith(known["code"])


def test_somebody_else_of_that_name_is_made_after_looking(world, officer, known):
    typed = {**known, "sex": "M", "father": "Tout Autre Père", "cle": "q" * 16}
    page = officer.post("/personnes/nouvelle", data=typed).get_data(True)
    seen = re.findall(r'name="seen" value="([^"]+)"', page)
    made = officer.post("/personnes/nouvelle", data=typed | {"seen": seen})
    assert made.status_code == 303
    assert not made.headers["Location"].endswith(known["code"])
    again = officer.post("/personnes/nouvelle", data=typed | {"seen": seen})
    assert again.headers["Location"] == made.headers["Location"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("family_name", " ", "Écrivez le nom"),
        ("sex", "", "Choisissez une réponse"),
        ("born", "81", "Écrivez l’année"),
        ("born", "2026-02-31", "Écrivez l’année"),
        ("born.mois", "6", "Écrivez l’année"),
        ("born.annee", "2999", "dans l’avenir"),
        ("national_number", "123", "14 chiffres et une lettre"),
    ],
)
def test_a_wrong_record_says_what_to_write(officer, field, value, sentence):
    typed = {"family_name": "Zzyzx", "given_names": "Qwerty", "sex": "F", "cle": "r" * 16} | {field: value}
    answer = officer.post("/personnes/nouvelle", data=typed)
    assert answer.status_code == 422
    assert sentence in answer.get_data(True)


def test_readers_make_no_record_and_administrators_see_none(world):
    assert world.client(world.holder("auditeur")).get("/personnes/nouvelle").status_code == 403
    assert world.client(world.holder("admin_fonctionnel")).get("/personnes/").status_code == 404


def test_a_person_made_from_a_form_stands_in_it_afterwards(world, officer):
    opened = officer.post("/dossiers/nouveau/COR", data=HEADER | {"cle": "personne-dans-un-formulaire"})
    task = opened.headers["Location"]
    away = officer.post(task, data={"cle": "t" * 16, "personne.texte": "Zoumana Xyz", "lieu_deces": "Oyem", "creer": "personne"})
    assert away.headers["Location"].startswith("/personnes/nouvelle?")
    form = officer.get(away.headers["Location"]).get_data(True)
    back = dict(re.findall(r'<input type="hidden" name="(task|field|cle)" value="([^"]*)"', form))
    made = officer.post("/personnes/nouvelle", data=back | {"family_name": "Xyz", "given_names": "Zoumana Nfaly", "sex": "M"})
    assert made.headers["Location"] == task
    page = officer.get(task).get_data(True)
    assert "Zoumana Nfaly Xyz" in page
    assert 'value="Oyem"' in page


def test_two_records_are_compared_made_one_and_two_again(world, officer):
    codes = []
    for father in ("Bakary Zyx", "Moussa Zyx"):
        typed = {"family_name": "Zyx", "given_names": "Fatoumata", "sex": "F", "father": father, "cle": f"fusion {father}".ljust(16)}
        page = officer.post("/personnes/nouvelle", data=typed)
        if page.status_code == 409:
            seen = re.findall(r'name="seen" value="([^"]+)"', page.get_data(True))
            page = officer.post("/personnes/nouvelle", data=typed | {"seen": seen})
        codes.append(page.headers["Location"].rsplit("/", 1)[1])
    kept, other = codes
    assert f"avec={other}" in officer.get(f"/personnes/{kept}").get_data(True)
    compared = officer.get(f"/personnes/{kept}/fusion", query_string={"avec": other}).get_data(True)
    assert "<mark>Moussa Zyx</mark>" in compared
    without = officer.post(f"/personnes/{kept}/fusion", data={"avec": other, "reason": " "})
    assert without.status_code == 422
    assert "Écrivez ce qui montre" in without.get_data(True)
    assert officer.post(f"/personnes/{kept}/fusion", data={"avec": other, "reason": "Même père."}).status_code == 303
    assert kept in officer.get(f"/personnes/{other}").get_data(True)
    again = re.search(r'action="([^"]+/defaire)"', officer.get(f"/personnes/{kept}").get_data(True))[1]
    assert officer.post(again, data={"reason": "Deux sœurs."}).status_code == 303
    assert "Défaite" in officer.get(f"/personnes/{kept}").get_data(True)
    assert officer.get(f"/personnes/{kept}/fusion", query_string={"avec": "P-PERSONNE"}).status_code == 404
