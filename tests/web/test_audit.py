"""The pages across all cases: what is asked is said again, what is wrong beside its field, the table is recorded, the verdict told."""

import csv
import io
import re
from html import unescape

import pytest
from sqlalchemy import select

from app.db.cases import Case
from app.extensions import db
from app.services import administration


def words(answer):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(True))).split())


@pytest.fixture
def auditor(world):
    return world.client(world.holder("auditeur"))


@pytest.mark.parametrize(
    "address", ["/controle", "/controle?kind=money", "/controle/echantillon?graine=x", "/controle/export.csv?kind=money"]
)
def test_it_exists_for_who_controls(world, auditor, address):
    assert auditor.get(address).status_code == 200
    assert 'href="/controle"' in auditor.get("/taches").get_data(True)
    for who in (("agent_consulaire", "LBV"), ("agent_social", None), ("controleur_financier", None)):
        client = world.client(world.holder(*who))
        assert client.get(address).status_code == 404
        assert 'href="/controle"' not in client.get("/taches").get_data(True)


def test_entries_tell_who_did_what_where_and_no_personal_value(world, auditor):
    answer = auditor.get("/controle?kind=decisions&post=LBV&type=COR")
    said = words(answer)
    assert "A ouvert le dossier" in said
    assert f"/dossiers/{world.reference}/historique" in answer.get_data(True)
    whole = auditor.get(f"/dossiers/{world.reference}").get_data(True)
    assert re.search(r"<h1>([^<]+)</h1>", whole)[1] not in said


def test_what_cannot_be_read_is_said_beside_its_field_and_stays(auditor):
    answer = auditor.get("/controle?kind=money&du.jour=31&du.mois=2&du.annee=2026&least=beaucoup")
    said = words(answer)
    assert "2 points à corriger" in said
    assert "Écrivez le montant en chiffres" in said
    assert 'value="beaucoup"' in answer.get_data(True)
    assert 'value="31"' in answer.get_data(True)


def test_the_table_goes_out_with_its_reader_in_the_journal(world, auditor):
    rows = list(
        csv.reader(io.StringIO(auditor.get("/controle/export.csv?kind=changes&who=sylla").get_data().decode("utf-8-sig")), delimiter=";")
    )
    assert rows[0][:3] == ["Moment", "Dossier", "Entrée"]
    with world.app.app_context():
        entry = administration.latest(db.session(), 1)[0]
        assert (entry.kind, entry.subject) == ("list.exported", "controle")
        assert "sylla" not in entry.entry, "whom one looked for stays out of what is kept for ever"


def test_a_sample_is_drawn_again_and_verified(world, auditor):
    address = "/controle/echantillon?graine=abc&nombre=5&type=COR"
    first, again = auditor.get(address), auditor.get(address)
    listed = [re.findall(r"/dossiers/([A-Z0-9-]+)/historique", page.get_data(True)) for page in (first, again)]
    assert listed[0] == listed[1]
    assert listed[0]
    said = words(auditor.post(address))
    assert re.search(r"Historiques (intacts|altérés)", said), "another test alters the history of a case on purpose"
    assert f"{len(listed[0])} dossier" in said
    with world.app.app_context():
        heads = dict(db.session.execute(select(Case.reference, Case.history_head)).all())
    assert set(listed[0]) <= set(heads)


@pytest.mark.parametrize("given", ["nombre=0", "nombre=99999999999", "nombre=x", "au.jour=99", "graine=%00%27", "after=x", "kind=%3Cb%3E"])
def test_nonsense_is_no_failure(auditor, given):
    assert auditor.get(f"/controle?kind=money&{given}").status_code == 200
    assert auditor.get(f"/controle/echantillon?graine=1&{given}").status_code == 200


def test_the_history_of_a_case_is_narrowed_by_period(world, auditor):
    address = f"/dossiers/{world.reference}/historique"
    assert "A ouvert le dossier" in words(auditor.get(address + "?kind=decisions"))
    assert "Rien avec ces filtres" in words(auditor.get(address + "?au.jour=1&au.mois=1&au.annee=2020"))
    assert "A ouvert le dossier" in words(auditor.get(address + "?kind=decisions&du.jour=1&du.mois=1&du.annee=2020"))
