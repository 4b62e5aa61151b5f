"""A list of children over the JSON interface and on the pages: looked at, confirmed, written once, shown."""

from __future__ import annotations

import contextvars
import csv
import io
import re
from html import unescape
from typing import Any

from sqlalchemy import func, select, update

from app.db.cases import Case
from app.db.transaction import transaction
from app.db.users import User
from app.extensions import db
from app.services import administration, clock
from app.services.operations import importing, tables
from tests.app.api.calls import Caller, problem
from tests.app.services.staging import StagedCase

HOUSEHOLDS = 12


def households(count: int = HOUSEHOLDS) -> list[dict[str, Any]]:
    said = {"role_sinistre": "locataire", "type_activite": "Tissus", "taille_menage": 4, "enfants": 2, "femme_chef_menage": "non"}
    said |= {"handicap": "non", "blesse": "non", "deces_menage": 0, "assure": "non", "mode_paiement_souhaite": "especes"}
    said |= {"consentement_donnees": "oui", "temoins_sinistre.nom": "Voisin", "temoins_sinistre.tel": "+22500009001", "sexe": "M"}
    numbers = range(1, count + 1)
    own = [{"cle": str(n), "nom": f"Sinistré{chr(64 + n)}", "n_stand": f"B-{n}", "telephone_sinistre": f"+225000{n:05}"} for n in numbers]
    return [{**said, **one} for one in own]


def children_of(fire: StagedCase) -> int:
    count = db.session.scalar(select(func.count()).select_from(Case).where(Case.parent_id == fire.case_id))
    db.session.rollback()
    return int(count or 0)


def test_a_list_is_looked_at_confirmed_and_written_once(fire: StagedCase):
    officer = Caller(fire, "U-02")
    path = f"/cases/{fire.reference}/children"
    sent = officer.post(f"{path}/lists", {"name": "recensement", "rows": households()}, key="liste-du-16-janvier").json
    assert (sent["state"], sent["total"], sent["wrong"]) == ("preview", HOUSEHOLDS, 0)
    assert children_of(fire) == 0
    again = officer.post(f"{path}/lists", {"name": "recensement", "rows": households()}, key="liste-du-16-janvier").json
    assert again["list"] == sent["list"]

    confirmed = officer.post(f"{path}/lists/{sent['list']}/confirm", {})
    assert (confirmed.status_code, confirmed.json["state"]) == (202, "running")
    with clock.at(fire.now):
        importing.write(sent["list"])
        importing.write(sent["list"])
    assert children_of(fire) == HOUSEHOLDS

    seen = officer.get(path, stage="a_evaluer").json
    assert seen["figures"]["fiches_a_verifier"] == HOUSEHOLDS
    assert [child["step"] for child in seen["children"]] == ["evaluer_degats"] * HOUSEHOLDS
    assert seen["children"][0]["reference"] == f"{fire.reference}-001"
    problem(officer.post(f"{path}/lists/{sent['list']}/confirm", {}), 409)


def test_a_list_comes_as_a_file_and_strange_files_are_refused(fire: StagedCase):
    officer = Caller(fire, "U-02")
    path = f"/cases/{fire.reference}/children/lists/file?name=recensement.csv"
    heading, *lines = [";".join(map(str, row)) for row in ([*households(1)[0]], *(row.values() for row in households(3)))]
    sent = officer.call("POST", path, data="\n".join((heading, *lines)), content_type="text/csv").json
    assert (sent["state"], sent["total"], sent["wrong"]) == ("preview", 3, 0)
    for content in (b"", b"\xff\xfe\x00", b"PK\x03\x04nothing", b"cle\n", b"a,b\n1,2"):
        problem(officer.call("POST", path, data=content, content_type="text/csv"), 422)
    problem(officer.call("POST", path, data=b"x" * (tables.MOST_BYTES + 1), content_type="text/csv"), 413)
    problem(officer.call("POST", path, data=b"{}", content_type="application/json"), 415)


def test_a_list_with_a_wrong_row_is_never_half_imported(fire: StagedCase):
    officer = Caller(fire, "U-02")
    path = f"/cases/{fire.reference}/children/lists"
    rows = households(3)
    rows[1]["taille_menage"] = "beaucoup"
    sent = officer.post(path, {"rows": rows}).json
    assert [(row["line"], list(row["errors"])) for row in sent["rows"] if row["errors"]] == [(3, ["taille_menage"])]
    problem(officer.post(f"{path}/{sent['list']}/confirm", {}), 422)
    assert children_of(fire) == 0


def test_columns_that_mean_nothing_are_named(fire: StagedCase):
    answer = Caller(fire, "U-02").post(f"/cases/{fire.reference}/children/lists", {"rows": [{"couleur": "bleu"}]})
    assert "couleur" in str(problem(answer, 422))


def test_who_takes_no_census_sends_no_list(fire: StagedCase):
    problem(Caller(fire, "U-33").post(f"/cases/{fire.reference}/children/lists", {"rows": households(1)}), 403)


def test_the_pages_of_an_operation_take_a_file_and_show_its_children(fire: StagedCase):
    client = fire.app.test_client()
    with clock.at(fire.now):
        client.post("/connexion", data={"login": login_of("U-02"), "password": "jatigi-demonstration"})
        heading = ";".join(households(1)[0])
        lines = "\n".join(";".join(str(value) for value in row.values()) for row in households(2))
        file = (io.BytesIO(f"{heading}\n{lines}".encode()), "liste.csv")
        answer = client.post(f"/dossiers/{fire.reference}/fiches/liste", data={"fichier": file}, content_type="multipart/form-data")
        assert answer.status_code == 303, answer.get_data(True)[:800]
        page = client.get(answer.location)
        assert "2 lignes lues" in page.get_data(True)
        confirmed = client.post(answer.location, data={"choix": "confirmer"})
        assert "0 fiches écrites sur 2" in client.get(confirmed.location).get_data(True)
        importing.write(int(answer.location.rpartition("/")[2]))
        shown = client.get(f"/dossiers/{fire.reference}/fiches").get_data(True)
        assert f"{fire.reference}-002" in shown
        assert client.get(f"/dossiers/{fire.reference}/fiches/liste").status_code == 200
        assert client.get(f"/dossiers/{fire.reference}/fiches/modele.csv").status_code == 200
        assert "Importer une liste" in shown and "Part</th>" not in shown
        printed = client.get(f"/dossiers/{fire.reference}/fiches/imprimer").get_data(True)
        assert f"{fire.reference}-002" in printed
        assert "Imprimée par" in printed
        assert "Émargement" in printed
        assert client.get(f"/dossiers/{fire.reference}/fiches/export.csv").status_code == 403, "an officer prints, and takes no file away"
        entry = administration.latest(db.session(), 1)[0]
        assert (entry.kind, entry.subject, administration.data_of(entry)) == ("list.printed", fire.reference, {"rows": 2})
        db.session.rollback()


def test_the_children_leave_as_a_table_for_who_may_export(fire: StagedCase):
    officer = Caller(fire, "U-02")
    sent = officer.post(f"/cases/{fire.reference}/children/lists", {"rows": households(3)}).json
    officer.post(f"/cases/{fire.reference}/children/lists/{sent['list']}/confirm", {})
    with clock.at(fire.now):
        importing.write(sent["list"])
        client = fire.app.test_client()
        client.post("/connexion", data={"login": login_of("U-01"), "password": "jatigi-demonstration"})
        page = client.get(f"/dossiers/{fire.reference}/fiches?etape=a_evaluer").get_data(True)
        address = unescape(re.search(r'href="([^"]+/fiches/export.csv[^"]*)"', page)[1])
        heads, *rows = csv.reader(io.StringIO(client.get(address).get_data().decode("utf-8-sig")), delimiter=";")
        nothing = client.get(f"/dossiers/{fire.reference}/fiches/export.csv?etape=nulle").get_data().decode("utf-8-sig").splitlines()
        second = update(Case).where(Case.reference == f"{fire.reference}-002").values(confidentiality="C4")
        transaction(lambda unit: unit.session.execute(second), clock.now)
        closed = [
            client.get(f"/dossiers/{fire.reference}/fiches{part}").get_data(True) for part in (f"/liste/{sent['list']}", "", "/export.csv")
        ]
    assert heads[:3] == ["Fiche", "Personne", "Étape"]
    assert [row[0] for row in rows] == [f"{fire.reference}-00{number}" for number in (1, 2, 3)]
    assert len(nothing) == 1
    named = [[f"Sinistré{letter}" in told for letter in "ABC"] for told in closed]
    assert named == [[True, False, True]] * 3, "an operation names nobody whose case is closed to its reader"


def test_a_list_tells_no_more_of_anybody_than_the_page_of_the_children(fire: StagedCase):
    """Its rows of two confidential households, to who sent it in and to the head of post: before, while and after it is written."""
    officer = Caller(fire, "U-02")
    secret = update(Case).where(Case.id == fire.case_id).values(confidentiality="C3")
    transaction(lambda unit: unit.session.execute(secret), clock.now)
    path = f"/cases/{fire.reference}/children/lists"
    sent = officer.post(path, {"rows": households(2)}).json["list"]

    def named(login: str, part: str) -> tuple[bool, bool]:  # in no context of ours, whose reader it would share
        client = fire.app.test_client()
        with clock.at(fire.now):
            client.post("/connexion", data={"login": login, "password": "jatigi-demonstration"})
            page = client.get(f"/dossiers/{fire.reference}/fiches{part}").get_data(True)
        return "SinistréA" in page, "S." in page

    def by_each(part: str = f"/liste/{sent}") -> list[tuple[bool, bool]]:
        return [contextvars.Context().run(named, login, part) for login in logins]

    logins, in_full, by_initials = [login_of(code) for code in ("U-02", "U-01")], (True, False), (False, True)
    assert by_each() == [in_full, by_initials]
    officer.post(f"{path}/{sent}/confirm", {})
    assert by_each() == [in_full, by_initials]
    with clock.at(fire.now):
        importing.write(sent)
    assert by_each() == [by_initials] * 2 == by_each("")


def test_who_adds_no_children_is_offered_no_list(fire: StagedCase):
    login = login_of("U-33")

    def seen() -> str:  # in no context of ours, whose reader it would share
        client = fire.app.test_client()
        with clock.at(fire.now):
            client.post("/connexion", data={"login": login, "password": "jatigi-demonstration"})
            return client.get(f"/dossiers/{fire.reference}/fiches").get_data(True)

    page = contextvars.Context().run(seen)
    assert "Aucune fiche" in page and "Importer une liste" not in page


def login_of(code: str) -> str:
    found = str(db.session.scalar(select(User.login).where(User.code == code)))
    db.session.rollback()
    return found
