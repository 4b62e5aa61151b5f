"""Lists as files: who may, what stands in them, no formula, no name of a confidential person, and the journal of who took which."""

import csv
import io
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from app.db.administration import AdminEntry
from app.db.history import AccessEntry
from app.extensions import db
from app.services import administration, leaving
from app.web import sheets

MANAGER, AUDITOR, OFFICER = ("chef_departement", None), ("auditeur", None), ("agent_consulaire", "LBV")
FORMULAS = ["=1+1", "+33", "-2", "@x", "\t=1", " =cmd()", "＝1"]


def table(answer):
    """The rows of a CSV file."""
    return list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline=""), delimiter=";"))


def test_the_list_of_cases_hides_confidential_persons_and_every_export_is_recorded(world):
    client = world.client(world.holder(*AUDITOR))
    heads, *rows = table(client.get("/dossiers/export.csv?type=COR&state=all"))
    assert heads[:3] == ["Dossier", "Type de dossier", "Personne"]
    mine = next(row for row in rows if row[0] == world.reference)
    assert all(len(part) == 2 and part.endswith(".") for part in mine[2].split())
    assert mine[5] in ("C3", "C4")
    with world.app.app_context():
        entry = db.session.scalars(select(AdminEntry).where(AdminEntry.kind == leaving.EXPORTED).order_by(AdminEntry.seq.desc())).first()
        assert entry.subject == "dossiers"
        assert administration.data_of(entry) == {"form": "csv", "rows": len(rows), "filter_state": "all", "filter_type": "COR"}
        read = db.session.scalars(
            select(AccessEntry.kind).where(AccessEntry.case_id == world.case_id).order_by(AccessEntry.seq.desc())
        ).first()
        assert read == "export"


def test_the_inbox_goes_out_as_it_is_filtered(world):
    client = world.client(world.holder(*MANAGER))
    page = client.get("/taches?tab=team&type=COR")
    assert "/taches/export.xlsx?tab=team&amp;type=COR" in page.get_data(True)
    answer = client.get("/taches/export.xlsx?tab=team&type=COR")
    heads, *rows = load_workbook(io.BytesIO(answer.get_data())).active.iter_rows(values_only=True)
    assert heads[2] == "Tâche"
    assert len(rows) == page.get_data(True).count('class="task-row')
    nothing = table(client.get("/taches/export.csv?tab=team&q=rien-de-tel"))
    assert len(nothing) == 1
    with world.app.app_context():
        said = administration.data_of(administration.latest(db.session(), 1)[0])
    assert "rien-de-tel" not in str(said), "what one searched for may be a name"


@pytest.mark.parametrize("address", ["/taches/export.csv", "/taches/export.xlsx", "/dossiers/export.csv"])
def test_who_has_not_the_right_is_not_offered_it_and_is_refused(world, address):
    client = world.client(world.holder(*OFFICER))
    assert "export.csv" not in client.get("/taches").get_data(True)
    refused = client.get(address)
    assert refused.status_code == 403
    assert "n’exporte pas de listes" in refused.get_data(True)
    assert client.get(address.rsplit(".", 1)[0] + ".exe").status_code == 404


def test_a_list_that_is_too_long_is_not_cut_in_silence(world, monkeypatch):
    monkeypatch.setattr(leaving, "MOST", 1)
    answer = world.client(world.holder(*AUDITOR)).get("/dossiers/export.csv?state=all")
    many = world.client(world.holder(*MANAGER)).get("/taches/export.csv?tab=team")
    assert {answer.status_code, many.status_code} <= {200, 422}
    for one in (answer, many):
        assert one.status_code == 200 or "réduisez-la d’abord" in one.get_data(True)
    assert 422 in (answer.status_code, many.status_code)


def test_the_statement_of_the_budget_comes_in_both_forms(world):
    client = world.client(world.holder("directeur_dfm"))
    of_sheet = load_workbook(io.BytesIO(client.get("/budget/2026/releve.xlsx").get_data())).active
    assert [cell.value for cell in of_sheet[1]] == table(client.get("/budget/2026/releve.csv"))[0]
    assert isinstance(of_sheet["C2"].value, int)


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_a_formula(world, text):
    when = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    with world.app.test_request_context():
        written = table(sheets.answer("x", ["a", text], [[text, 5], [when, None]], "csv"))
        book = sheets.answer("x", ["a", text], [[text, -5], [when, "a\x00b"]], "xlsx")
    assert written[0][1].startswith("'")
    assert written[1] == ["'" + text, "5"]
    assert written[2] == ["2026-11-24 09:30", ""]
    sheet = load_workbook(io.BytesIO(book.get_data())).active
    assert (sheet["A2"].data_type, sheet["A2"].value) == ("s", text)
    assert (sheet["B2"].data_type, sheet["B2"].value) == ("n", -5)
    assert (sheet["A3"].value, sheet["B3"].value) == (datetime(2026, 11, 24, 9, 30), "ab")
